package sluice.route;

import java.util.concurrent.atomic.AtomicLongArray;

/// How often something happened within the last seconds: a bucket for each second, each with the second it counts in
/// the same word as its count, so that an old one is never mistaken. Lock-free.
final class RollingCount {
    private static final long BUCKET_NANOS = 1_000_000_000L;
    private static final int COUNT_BITS = 24;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final AtomicLongArray buckets;

    /// @param seconds that are remembered
    RollingCount(int seconds) {
        buckets = new AtomicLongArray(seconds);
    }

    void add(long nowNanos) {
        long second = second(nowNanos);
        int slot = (int) (second % buckets.length());
        while (true) {
            long seen = buckets.get(slot);
            long next = seen >>> COUNT_BITS == second ? seen + 1 : second << COUNT_BITS | 1;
            if ((seen & COUNT_MASK) == COUNT_MASK && seen >>> COUNT_BITS == second) {
                return; // sixteen million a second is as good as more
            }
            if (buckets.compareAndSet(slot, seen, next)) {
                return;
            }
        }
    }

    long sum(long nowNanos) {
        long second = second(nowNanos);
        long sum = 0;
        for (int i = 0; i < buckets.length(); i++) {
            long seen = buckets.get(i);
            long age = second - (seen >>> COUNT_BITS);
            if (age >= 0 && age < buckets.length()) {
                sum += seen & COUNT_MASK;
            }
        }
        return sum;
    }

    /// Positive, whatever zero the clock has, and of the forty bits that stand beside a count.
    private static long second(long nowNanos) {
        return Math.floorDiv(nowNanos, BUCKET_NANOS) + (1L << 39) & (1L << 40) - 1;
    }
}
