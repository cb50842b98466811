package sluice.route;

import java.util.function.DoubleSupplier;
import sluice.call.Rendezvous;

/// Draws one of several candidates in the shares of their weights. A weight of 0 is drawn only when nothing else is
/// left.
final class Draw {
    private Draw() {}

    static int byShare(Ratings ratings, long open, DoubleSupplier chance) {
        int last = Long.numberOfTrailingZeros(open);
        if ((open & open - 1) == 0) {
            return last;
        }
        double sum = 0;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            sum += ratings.share(Long.numberOfTrailingZeros(rest));
        }
        double drawn = chance.getAsDouble() * sum;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            double share = ratings.share(i);
            if (share > 0) {
                last = i;
                drawn -= share;
                if (drawn < 0) {
                    return i;
                }
            }
        }
        return last; // what is left of rounding
    }

    /// The one to which the session was moved, else the one where it meets.
    static int bySession(Candidate[] candidates, long open, long session, long home) {
        int best = Long.numberOfTrailingZeros(open);
        double bestScore = Double.POSITIVE_INFINITY;
        for (long rest = open; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            var candidate = candidates[i];
            if (home != 0 && candidate.hash() == home) {
                return i;
            }
            double score = Rendezvous.draw(session, candidate.hash(), candidate.terms().weight());
            if (score < bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }
}
