package sluice.route;

import java.time.Duration;
import java.util.Set;

/// When a candidate is asked again, and when the next one is asked in its place (design section 8).
///
/// @param retries how often it is asked again, beyond the first time
/// @param delay between two tries, unless the target asks for another
/// @param retryOn statuses after which it may do better next time; a failed connection always counts
/// @param fallbackOn statuses after which another may do better; timeouts and broken answers always count
public record Rules(int retries, Duration delay, Set<Integer> retryOn, Set<Integer> fallbackOn) {
    public static final Rules USUAL =
            new Rules(
                    2,
                    Duration.ofMillis(100),
                    Set.of(429, 500, 502, 503),
                    Set.of(401, 403, 404, 429, 500, 502, 503));

    public Rules {
        if (retries < 0 || delay.isNegative()) {
            throw new IllegalArgumentException("retries and delays are not negative");
        }
        retryOn = Set.copyOf(retryOn);
        fallbackOn = Set.copyOf(fallbackOn);
    }
}
