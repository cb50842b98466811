package sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// {@code retry_config} and {@code fallback_status_codes}, which stand at a target and at a virtual model's target.
final class RetrySection {
    private static final Key<Integer> ATTEMPTS =
            Key.defaulting(
                    "attempts",
                    Whole.small(0, 10),
                    2L,
                    "how often it is asked again, beyond the first time");
    private static final Key<Duration> DELAY =
            Key.defaulting(
                    "delay_ms",
                    new Whole(0, 60_000)
                            .then((millis, _, _) -> Optional.of(Duration.ofMillis(millis))),
                    100L,
                    "how long after; the target's own Retry-After wins when it fits the call's time");
    private static final Key<Set<Integer>> STATUSES =
            Key.defaulting(
                    "on_status_codes",
                    new StatusCodes(),
                    List.of(429L, 500L, 502L, 503L),
                    "after which statuses; a failed connection always counts");

    static final Section<RetryConfig> SECTION =
            new Section<>(
                    "retry_config",
                    List.of(ATTEMPTS, DELAY, STATUSES),
                    Set.of(),
                    _ -> {},
                    fields ->
                            new RetryConfig(
                                    fields.the(ATTEMPTS), fields.the(DELAY), fields.the(STATUSES)));

    static final Key<RetryConfig> RETRY =
            Key.defaulting(
                    "retry_config",
                    SECTION,
                    Map.of(),
                    "when one call is sent to the target again; for the targets of virtual models"
                            + " that have none of their own, too");
    static final Key<Set<Integer>> FALLBACK =
            Key.defaulting(
                    "fallback_status_codes",
                    new StatusCodes(),
                    List.of(401L, 403L, 404L, 429L, 500L, 502L, 503L),
                    "after which statuses of it a virtual model's next target is asked; timeouts and"
                            + " broken answers always count");

    private RetrySection() {}
}
