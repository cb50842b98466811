package sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sluice.access.Accounts;
import sluice.config.StoreConfig;
import sluice.identity.KeyHasher;
import sluice.ledger.Bookkeeper;
import sluice.ledger.SpendJournal;
import sluice.store.Store;
import sluice.store.StoreRefused;
import sluice.store.StoreUnavailable;
import sluice.store.Stores;

/// What outlives a start: the store, the journal of what calls cost, and who books the one in the other.
final class Books implements AutoCloseable {
    /// As long as the longest budget lasts, and a little.
    private static final Duration LONGEST_SPAN = Duration.ofDays(95);

    private static final String KEY_HASH_SECRET = "key-hash-secret";

    private final Store store;
    private final SpendJournal journal;
    private final Bookkeeper bookkeeper;
    private final KeyHasher hasher;
    private final FileChannel lock;

    private Books(
            Store store,
            SpendJournal journal,
            Bookkeeper bookkeeper,
            KeyHasher hasher,
            FileChannel lock) {
        this.store = store;
        this.journal = journal;
        this.bookkeeper = bookkeeper;
        this.hasher = hasher;
        this.lock = lock;
    }

    /// Opens everything and books what an earlier process left.
    ///
    /// @throws IllegalStateException when the store or the journal cannot be used; worded for the operator
    static Books open(StoreConfig config, Clock clock) {
        var directory = config.directory();
        FileChannel lock = null;
        Store store = null;
        try {
            Files.createDirectories(directory);
            lock = lock(directory);
            store = store(config);
            var hasher = KeyHasher.with(secret(config, store));
            var journal = SpendJournal.open(directory.resolve("journal"));
            var settings =
                    new Bookkeeper.Settings(
                            config.journalSync(),
                            config.journalMaxBytes(),
                            config.serveWhileAway(),
                            config.away(),
                            config.kept());
            var bookkeeper = Bookkeeper.start(journal, store, node(directory), settings, clock);
            return new Books(store, journal, bookkeeper, hasher, lock);
        } catch (StoreRefused | StoreUnavailable | IOException | UncheckedIOException failed) {
            if (store != null) {
                store.close();
            }
            release(lock);
            throw new IllegalStateException("store: " + failed.getMessage(), failed);
        }
    }

    private static Store store(StoreConfig config) {
        return switch (config.kind()) {
            case StoreConfig.Kind.Embedded _ ->
                    Stores.sqlite(config.directory().resolve("sluice.db"));
            case StoreConfig.Kind.PostgreSql(var url) -> url.use(Stores::postgresql);
        };
    }

    /// Two processes would write into one journal.
    private static FileChannel lock(Path directory) throws IOException {
        var channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException here) {
            // another gateway of this very process
        }
        channel.close();
        throw new IOException(
                "another gateway uses the directory '"
                        + directory
                        + "' (store.path); give each its own");
    }

    /// An operator's secret may be of any length.
    private static byte[] secret(StoreConfig config, Store store) {
        return config.keyHashSecret()
                .map(secret -> secret.use(Books::stretched))
                .or(() -> store.kept(KEY_HASH_SECRET))
                .orElseGet(() -> store.keep(KEY_HASH_SECRET, KeyHasher.freshSecret()));
    }

    private static byte[] stretched(String secret) {
        try {
            return MessageDigest.getInstance("SHA-512")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-512", impossible);
        }
    }

    /// Several gateways share a database, and each has its own journal.
    private static String node(Path directory) throws IOException {
        var file = directory.resolve("node");
        if (!Files.exists(file)) {
            Files.writeString(file, UUID.randomUUID() + "\n");
        }
        return Files.readString(file).strip();
    }

    Store store() {
        return store;
    }

    SpendJournal journal() {
        return journal;
    }

    KeyHasher hasher() {
        return hasher;
    }

    /// Tells the accounts what was spent on them before.
    void seed(Accounts accounts, Instant now) {
        store.accounts(
                now.minus(LONGEST_SPAN),
                spend ->
                        accounts.seed(
                                spend.account(), spend.period().toEpochMilli(), spend.amount()));
    }

    /// Since when the store does not answer; nothing while it does.
    Optional<Instant> awaySince() {
        return bookkeeper.awaySince();
    }

    @Override
    public void close() {
        bookkeeper.close();
        store.close();
        release(lock);
    }

    private static void release(@Nullable FileChannel lock) {
        if (lock == null) {
            return;
        }
        try {
            lock.close();
        } catch (IOException gone) {
            // it is given up with the process at the latest
        }
    }
}
