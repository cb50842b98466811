package sluice.route;

/// How the candidates of a plan were doing at one moment, side by side, so that a choice reads a few arrays instead of
/// every candidate's vitals. Immutable. It serves until something happened to anybody's health, and for a tenth of a
/// second at most, because samples and ageing are no events.
final class Ratings {
    private static final long SERVES_NANOS = 100_000_000L;

    private final Fitness[] fitness;
    private final Pace.Summary[] paces;
    private final double[] shares;
    private final int events;
    private final long takenNanos;

    private Ratings(
            Fitness[] fitness, Pace.Summary[] paces, double[] shares, int events, long takenNanos) {
        this.fitness = fitness;
        this.paces = paces;
        this.shares = shares;
        this.events = events;
        this.takenNanos = takenNanos;
    }

    /// @param events how often something had happened to anybody's health before this was taken
    static Ratings of(Candidate[] candidates, int events, long nowNanos) {
        var fitness = new Fitness[candidates.length];
        var paces = new Pace.Summary[candidates.length];
        var shares = new double[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            fitness[i] = candidates[i].fitness(nowNanos);
            paces[i] = candidates[i].vitals().pace(nowNanos);
            shares[i] = candidates[i].share(nowNanos);
        }
        return new Ratings(fitness, paces, shares, events, nowNanos);
    }

    boolean serves(int eventsByNow, long nowNanos) {
        return events == eventsByNow && nowNanos - takenNanos < SERVES_NANOS;
    }

    Fitness fitness(int index) {
        return fitness[index];
    }

    Pace.Summary pace(int index) {
        return paces[index];
    }

    double share(int index) {
        return shares[index];
    }

    /// The best rank among the open candidates.
    int bestRank(long open) {
        int best = Integer.MAX_VALUE;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            best = Math.min(best, fitness[Long.numberOfTrailingZeros(rest)].rank());
        }
        return best;
    }

    /// Those of the open candidates that have this rank, a bit for each.
    long ofRank(int rank, long open) {
        long equal = 0;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            if (fitness[i].rank() == rank) {
                equal |= 1L << i;
            }
        }
        return equal;
    }
}
