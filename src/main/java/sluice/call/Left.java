package sluice.call;

import org.jspecify.annotations.Nullable;

/// What is left of the limits that a caller falls under: of those on requests and of those on tokens, the one of which
/// the smallest part is left. Null where there is none.
public record Left(@Nullable Of requests, @Nullable Of tokens) {
    public static final Left NOTHING_LIMITED = new Left(null, null);

    /// @param resetMillis how long until all of it is there again, if nothing more is used
    public record Of(long limit, long remaining, long resetMillis) {
        public boolean isTighterThan(@Nullable Of other) {
            return other == null
                    || (double) remaining / Math.max(1, limit)
                            < (double) other.remaining / Math.max(1, other.limit);
        }
    }
}
