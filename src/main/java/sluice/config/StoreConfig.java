package sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import sluice.call.Secret;

/// Where objects, keys and what was spent are kept.
///
/// @param directory of the embedded store, and of the journal of what calls cost, whichever the store is
/// @param keyHashSecret what the keys' hashes are made with; empty for one that the store keeps itself
/// @param journalSync how long a line of the journal may be in memory only
/// @param journalMaxBytes how large the journal grows while the store is away
/// @param serveWhileAway whether calls go on while the store is away
/// @param away how long they do
/// @param kept how long roll-ups of what was spent are kept
public record StoreConfig(
        Kind kind,
        Path directory,
        Optional<Secret> keyHashSecret,
        Duration journalSync,
        long journalMaxBytes,
        boolean serveWhileAway,
        Duration away,
        Duration kept) {

    /// Whether a running gateway would do the same with the other one, as far as that can be told without its secrets.
    public boolean isLike(StoreConfig other) {
        return kind.getClass().equals(other.kind.getClass())
                && directory.equals(other.directory)
                && journalSync.equals(other.journalSync)
                && journalMaxBytes == other.journalMaxBytes
                && serveWhileAway == other.serveWhileAway
                && away.equals(other.away)
                && kept.equals(other.kept);
    }

    public StoreConfig withDirectory(Path other) {
        return new StoreConfig(
                kind,
                other,
                keyHashSecret,
                journalSync,
                journalMaxBytes,
                serveWhileAway,
                away,
                kept);
    }

    public sealed interface Kind {
        record Embedded() implements Kind {}

        /// @param url with its credential
        record PostgreSql(Secret url) implements Kind {}
    }
}
