package sluice.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Reach;
import sluice.json.JsonText;

/// Says where the calls for one name would go now, and why: every candidate in the order in which it would be asked,
/// with what is known of it.
final class Explanation {
    private final Plan plan;
    private final long now;

    Explanation(Plan plan, long nowNanos) {
        this.plan = plan;
        this.now = nowNanos;
    }

    void write(JsonText text, String key, Reach reach) {
        text.object()
                .field("model", plan.name().text())
                .field("strategy", plan.strategy().token())
                .field("key", key)
                .field("allowed", reach.permits(plan.name()))
                .field("patience_ms", plan.patience().toMillis())
                .array("candidates");
        int place = 1;
        for (var candidate : inOrder()) {
            write(candidate, place++, text);
        }
        text.end().end();
    }

    /// The fitter ones first; among those that are equally fit, as the strategy prefers them.
    private List<Candidate> inOrder() {
        var candidates = new ArrayList<>(plan.candidates());
        Comparator<Candidate> byFitness =
                Comparator.comparingInt(candidate -> candidate.fitness(now).rank());
        Comparator<Candidate> preferred =
                switch (plan.strategy()) {
                    case Strategy.Weight _ ->
                            Comparator.comparingDouble(candidate -> -candidate.share(now));
                    case Strategy.Priority _ ->
                            Comparator.comparingInt(candidate -> candidate.terms().priority());
                    case Strategy.Latency _ ->
                            Comparator.comparingLong(
                                    candidate -> candidate.vitals().pace(now).meanNanos());
                };
        candidates.sort(byFitness.thenComparing(preferred));
        return candidates;
    }

    private void write(Candidate candidate, int place, JsonText text) {
        var vitals = candidate.vitals();
        var fitness = candidate.fitness(now);
        var pace = vitals.pace(now);
        text.object()
                .field("order", place)
                .field("target", candidate.model().text())
                .field("health", fitness.token())
                .field("why", why(candidate, fitness))
                .field("weight", candidate.terms().weight())
                .field("priority", candidate.terms().priority())
                .field("share_percent", Math.round(100 * vitals.share(now)))
                .field("recent_failures", vitals.recentFailures(now))
                .field("recent_target_failures", vitals.target().recentFailures(now))
                .field("retries_left", vitals.target().retries().left(now))
                .field("samples", pace.samples())
                .field("micros_per_token", pace.meanNanos() / 1_000)
                .field("micros_per_token_3min", vitals.meanNanosPerToken(now) / 1_000)
                .field("micros_to_first_token_3min", vitals.meanNanosToFirstToken(now) / 1_000)
                .field("fallback_candidate", candidate.terms().isFallback());
        var metadata = candidate.terms().metadata();
        if (!metadata.isEmpty()) {
            text.object("metadata_match");
            metadata.forEach(text::field);
            text.end();
        }
        text.end();
    }

    /// @return null for one of which there is nothing to say
    private @Nullable String why(Candidate candidate, Fitness fitness) {
        var vitals = candidate.vitals();
        return switch (fitness) {
            case FIT -> null;
            case SLOW -> "slower than its sla_cutoff over the last three minutes";
            case RESTING -> "asked to be left alone, or has no quota left";
            case NOT_READY -> "the target says that the model is not ready";
            case UNHEALTHY ->
                    vitals.target().probeFails()
                            ? "its health_probe fails"
                            : vitals.recentFailures(now)
                                    + " recent failures of the model and "
                                    + vitals.target().recentFailures(now)
                                    + " of the target, of which "
                                    + Health.FAILURES
                                    + " are enough";
        };
    }
}
