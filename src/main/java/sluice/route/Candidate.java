package sluice.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.ModelName;
import sluice.call.Rendezvous;
import sluice.upstream.Overrides;
import sluice.upstream.Upstream;

/// One target of a {@link Plan}: a model at a place, what the operator said about it there, and how it is doing.
public final class Candidate {
    private final ModelName model;
    private final Upstream upstream;
    private final Terms terms;
    private final Vitals vitals;
    private final long hash;

    /// What the operator said about a candidate.
    ///
    /// @param weight its share of the traffic, relative to the others'
    /// @param priority 0 goes first
    /// @param sla how slow it may be before others go first
    /// @param isFallback whether it may stand in for another
    /// @param metadata what a call must carry to come here at all
    /// @param contextTokens how much the model reads and writes in all; 0 when nobody knows
    public record Terms(
            int weight,
            int priority,
            @Nullable Sla sla,
            Rules rules,
            boolean isFallback,
            Map<String, String> metadata,
            Overrides overrides,
            long contextTokens) {
        public Terms {
            metadata = Map.copyOf(metadata);
        }

        /// For a model that is asked for by its own name.
        static Terms alone(Rules rules) {
            return new Terms(1, 0, null, rules, true, Map.of(), Overrides.NONE, 0);
        }
    }

    Candidate(ModelName model, Upstream upstream, Terms terms, Vitals vitals) {
        this.model = model;
        this.upstream = upstream;
        this.terms = terms;
        this.vitals = vitals;
        this.hash = Rendezvous.hash(model.text());
    }

    public ModelName model() {
        return model;
    }

    public Upstream upstream() {
        return upstream;
    }

    public Overrides overrides() {
        return terms.overrides();
    }

    Terms terms() {
        return terms;
    }

    @Nullable Sla sla() {
        return terms.sla();
    }

    Vitals vitals() {
        return vitals;
    }

    boolean isReady() {
        return upstream.isReady(model.model());
    }

    Fitness fitness(long nowNanos) {
        return vitals.fitness(nowNanos, this);
    }

    /// Its weight, less what its quota no longer allows.
    double share(long nowNanos) {
        return terms.weight() * vitals.share(nowNanos);
    }

    /// Spreads sessions over candidates; the same on every node.
    long hash() {
        return hash;
    }
}
