package sluice.route;

import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// How a plan chooses among candidates that are equally fit (design section 8).
public sealed interface Strategy {

    /// The name in the configuration.
    String token();

    /// @param open the candidates to choose from, a bit for each, at least one
    /// @param session 0 for a call that belongs to none
    /// @param home the hash of the candidate to which its session was moved; 0 when it was not
    /// @return the index of the one chosen
    int choose(
            Candidate[] candidates,
            Ratings ratings,
            long open,
            long session,
            long home,
            DoubleSupplier chance);

    /// By share of the traffic, or, for a call with a session, by where the session belongs.
    record Weight(@Nullable Sticky sticky) implements Strategy {
        @Override
        public String token() {
            return "weight-based-routing";
        }

        @Override
        public int choose(
                Candidate[] candidates,
                Ratings ratings,
                long open,
                long session,
                long home,
                DoubleSupplier chance) {
            return session == 0
                    ? Draw.byShare(ratings, open, chance)
                    : Draw.bySession(candidates, open, session, home);
        }
    }

    /// The lowest number first. Those that share a number share its traffic by weight.
    record Priority() implements Strategy {
        @Override
        public String token() {
            return "priority-based-routing";
        }

        @Override
        public int choose(
                Candidate[] candidates,
                Ratings ratings,
                long open,
                long session,
                long home,
                DoubleSupplier chance) {
            int best = Integer.MAX_VALUE;
            long first = 0;
            for (long rest = open; rest != 0; rest &= rest - 1) {
                int i = Long.numberOfTrailingZeros(rest);
                int priority = candidates[i].terms().priority();
                if (priority < best) {
                    best = priority;
                    first = 0;
                }
                if (priority == best) {
                    first |= 1L << i;
                }
            }
            return Draw.byShare(ratings, first, chance);
        }
    }

    /// The fastest first. Within {@value #BAND} of the fastest is as fast; so is one with fewer than {@value #ENOUGH}
    /// samples, which is tried beside the fastest and not in its place, because a slow newcomer must not get every call
    /// until its first answers are there.
    record Latency() implements Strategy {
        static final double BAND = 1.2;
        static final int ENOUGH = 3;

        @Override
        public String token() {
            return "latency-based-routing";
        }

        @Override
        public int choose(
                Candidate[] candidates,
                Ratings ratings,
                long open,
                long session,
                long home,
                DoubleSupplier chance) {
            long fastest = Long.MAX_VALUE;
            for (long rest = open; rest != 0; rest &= rest - 1) {
                var pace = ratings.pace(Long.numberOfTrailingZeros(rest));
                if (pace.samples() >= ENOUGH) {
                    fastest = Math.min(fastest, pace.meanNanos());
                }
            }
            long equal = 0;
            for (long rest = open; rest != 0; rest &= rest - 1) {
                int i = Long.numberOfTrailingZeros(rest);
                var pace = ratings.pace(i);
                if (pace.samples() < ENOUGH || pace.meanNanos() <= fastest * BAND) {
                    equal |= 1L << i;
                }
            }
            return Draw.byShare(ratings, equal, chance);
        }
    }
}
