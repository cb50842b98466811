package sluice.route;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The mean of what was measured within the last three minutes (design section 8, {@code sla_cutoff}), in buckets of
/// ten seconds. A sample makes one small object and swaps it in; reading makes nothing. Lock-free.
final class RollingMean {
    static final long BUCKET_NANOS = 10_000_000_000L;
    static final int BUCKETS = 18;

    private final AtomicReferenceArray<@Nullable Bucket> buckets =
            new AtomicReferenceArray<>(BUCKETS);

    private record Bucket(long epoch, long sum, int count) {}

    void add(long nowNanos, long value) {
        long epoch = Math.floorDiv(nowNanos, BUCKET_NANOS);
        int slot = Math.floorMod(epoch, BUCKETS);
        while (true) {
            var seen = buckets.get(slot);
            var next =
                    seen != null && seen.epoch == epoch
                            ? new Bucket(epoch, seen.sum + value, seen.count + 1)
                            : new Bucket(epoch, value, 1);
            if (buckets.compareAndSet(slot, seen, next)) {
                return;
            }
        }
    }

    /// @return 0 when nothing was measured
    long mean(long nowNanos) {
        long epoch = Math.floorDiv(nowNanos, BUCKET_NANOS);
        long sum = 0;
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            var bucket = buckets.get(i);
            if (bucket != null && epoch - bucket.epoch < BUCKETS && bucket.epoch <= epoch) {
                sum += bucket.sum;
                count += bucket.count;
            }
        }
        return count == 0 ? 0 : sum / count;
    }
}
