package sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How the calls of a virtual model are spread over its targets.
///
/// @param timeout for a call over all its attempts; as long as the most patient target's without it
/// @param contextWindow whether a prompt that is too long goes on to a model with a larger window
/// @param contentPolicy whether a prompt that a target's filter refuses goes on to another target
public record RoutingConfig(
        Strategy strategy,
        List<BalancedTarget> targets,
        Optional<Duration> timeout,
        boolean contextWindow,
        boolean contentPolicy) {
    public RoutingConfig {
        targets = List.copyOf(targets);
    }

    public sealed interface Strategy {
        record Weight(Optional<StickyRouting> sticky) implements Strategy {}

        /// @param sla for the targets that have none of their own
        record Priority(Optional<SlaCutoff> sla) implements Strategy {}

        record Latency() implements Strategy {}
    }
}
