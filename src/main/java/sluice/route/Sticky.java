package sluice.route;

import java.time.Duration;
import java.util.List;
import sluice.call.Rendezvous;

/// Keeps the calls of a session at one target: the session's text is hashed with each candidate, so the same one wins
/// every time and on every node, in the shares of the weights, and nothing needs to be remembered. Only a session that
/// a failure moved is remembered, for {@code ttl}, so that it stays where its cache now is.
public record Sticky(Duration ttl, List<Identifier> identifiers) {
    public Sticky {
        identifiers = List.copyOf(identifiers);
    }

    /// One part of what makes a session: a header, or a key of the call's metadata.
    public sealed interface Identifier {
        record Header(String name) implements Identifier {}

        record Metadata(String key) implements Identifier {}
    }

    /// @return 0 when the call carries none of the identifiers; then plain weights decide
    long session(Hints hints) {
        long session = 0;
        for (var identifier : identifiers) {
            var value =
                    switch (identifier) {
                        case Identifier.Header(var name) -> hints.header(name);
                        case Identifier.Metadata(var key) -> hints.metadata(key);
                    };
            session = session * 31;
            if (value != null && !value.isEmpty()) {
                session += Rendezvous.hash(value);
            }
        }
        return session;
    }
}
