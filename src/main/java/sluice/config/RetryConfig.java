package sluice.config;

import java.time.Duration;
import java.util.Set;

/// How often a target is asked again, how long after, and after which statuses.
///
/// @param attempts beyond the first
public record RetryConfig(int attempts, Duration delay, Set<Integer> onStatusCodes) {
    public RetryConfig {
        onStatusCodes = Set.copyOf(onStatusCodes);
    }
}
