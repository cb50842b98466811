package sluice.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.function.LongSupplier;

/// The sessions that a failure moved away from where their hash would lead them. Bounded: the ones that were not seen
/// for longest are forgotten first, and then simply go home.
final class Sessions {
    private static final long MAX_SESSIONS = 200_000;

    private final Cache<Long, Moved> moved;

    /// @param home the hash of the candidate that it went to
    private record Moved(long home, Duration stays) {}

    Sessions(LongSupplier nanos) {
        Ticker ticker = nanos::getAsLong;
        moved =
                Caffeine.newBuilder()
                        .maximumSize(MAX_SESSIONS)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .expireAfter(Expiry.writing((Long _, Moved session) -> session.stays()))
                        .build();
    }

    /// @param key the session within its virtual model
    void moved(long key, Candidate to, Duration stays) {
        moved.put(key, new Moved(to.hash(), stays));
    }

    /// @return the hash of the candidate to which the session was moved; 0 when it was not
    long home(long key) {
        if (moved.estimatedSize() == 0) {
            return 0;
        }
        var session = moved.getIfPresent(key);
        return session == null ? 0 : session.home();
    }
}
