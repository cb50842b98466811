package sluice.route;

import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.Rendezvous;

/// Where the calls for one name can go: the candidates of a virtual model, or the one place of a model that is asked
/// for by its own name. Immutable; what changes is in the candidates' vitals.
public final class Plan {
    /// A bit for each candidate in one word.
    public static final int MAX_CANDIDATES = 64;

    private final Meaning name;
    private final Strategy strategy;
    private final Candidate[] candidates;
    private final List<Candidate> all;
    private final List<ModelName> models;
    private final Triggers triggers;
    private final Duration patience;
    private final long hash;

    /// Whether any candidate wants metadata.
    private final boolean selects;

    private volatile @Nullable Ratings ratings;

    /// What else, beside statuses, makes another candidate worth asking.
    ///
    /// @param contextWindow the prompt is too long for this one: one with a larger window
    /// @param contentPolicy the target's content filter refused the prompt
    public record Triggers(boolean contextWindow, boolean contentPolicy) {
        public static final Triggers USUAL = new Triggers(true, false);
    }

    /// @param patience how long a call may take over all its attempts
    Plan(
            Meaning name,
            Strategy strategy,
            List<Candidate> candidates,
            Triggers triggers,
            Duration patience) {
        if (candidates.isEmpty() || candidates.size() > MAX_CANDIDATES) {
            throw new IllegalArgumentException(
                    "a plan has 1 to " + MAX_CANDIDATES + " candidates, got " + candidates.size());
        }
        this.name = name;
        this.strategy = strategy;
        this.candidates = candidates.toArray(Candidate[]::new);
        this.all = List.copyOf(candidates);
        this.models = candidates.stream().map(Candidate::model).toList();
        this.triggers = triggers;
        this.patience = patience;
        this.hash = Rendezvous.hash(name.text());
        this.selects =
                candidates.stream().anyMatch(candidate -> !candidate.terms().metadata().isEmpty());
    }

    Meaning name() {
        return name;
    }

    Strategy strategy() {
        return strategy;
    }

    /// Where its calls may go.
    List<ModelName> models() {
        return models;
    }

    List<Candidate> candidates() {
        return all;
    }

    /// The candidate where a session belongs when everybody is well.
    Candidate home(long session, long open) {
        return candidates[Draw.bySession(candidates, open, session, 0)];
    }

    int size() {
        return candidates.length;
    }

    Candidate candidate(int index) {
        return candidates[index];
    }

    Triggers triggers() {
        return triggers;
    }

    Duration patience() {
        return patience;
    }

    /// Distinguishes the sessions of one virtual model from another's.
    long key(long session) {
        return Rendezvous.mix(session ^ hash);
    }

    @Nullable Sticky sticky() {
        return strategy instanceof Strategy.Weight(var sticky) ? sticky : null;
    }

    /// The candidates that this call may go to at all, a bit for each.
    long open(Hints hints) {
        if (!selects) {
            return -1L >>> (Long.SIZE - candidates.length);
        }
        long open = 0;
        for (int i = 0; i < candidates.length; i++) {
            if (matches(candidates[i], hints)) {
                open |= 1L << i;
            }
        }
        return open;
    }

    private static boolean matches(Candidate candidate, Hints hints) {
        var wanted = candidate.terms().metadata();
        if (wanted.isEmpty()) {
            return true;
        }
        for (var pair : wanted.entrySet()) {
            if (!pair.getValue().equals(hints.metadata(pair.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /// Of the open candidates those that may stand in for another.
    long fallbacks(long open) {
        long allowed = 0;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            if (candidates[i].terms().isFallback()) {
                allowed |= 1L << i;
            }
        }
        return allowed;
    }

    /// Of the open candidates those whose window is larger than this one's, as far as both are known.
    long larger(long open, Candidate than) {
        long window = than.terms().contextTokens();
        long allowed = 0;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            long other = candidates[i].terms().contextTokens();
            if (window == 0 || other == 0 || other > window) {
                allowed |= 1L << i;
            }
        }
        return allowed;
    }

    /// How the candidates are doing.
    Ratings ratings(Health health, long nowNanos) {
        var latest = ratings;
        int events = health.events();
        if (latest != null && latest.serves(events, nowNanos)) {
            return latest;
        }
        var fresh = Ratings.of(candidates, events, nowNanos);
        ratings = fresh;
        return fresh;
    }

    /// Chooses among the fittest of the open candidates.
    ///
    /// @return the index of the one chosen, -1 when none is open
    int choose(
            Ratings rated,
            long open,
            long session,
            long home,
            long nowNanos,
            DoubleSupplier chance) {
        if (open == 0) {
            return -1;
        }
        int best = rated.bestRank(open);
        long fittest = rated.ofRank(best, open);
        return best == Fitness.UNHEALTHY.rank()
                ? longestWell(fittest, nowNanos)
                : strategy.choose(candidates, rated, fittest, session, home, chance);
    }

    /// When only unhealthy ones are left, the one whose last failure is longest ago: so the one that is well again is
    /// found in one round, and kept.
    private int longestWell(long open, long nowNanos) {
        int best = -1;
        long longest = -1;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            long age = candidates[i].vitals().failureAge(nowNanos);
            if (age > longest) {
                longest = age;
                best = i;
            }
        }
        return best;
    }
}
