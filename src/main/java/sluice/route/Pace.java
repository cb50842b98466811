package sluice.route;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// How fast a model writes at a target: the time for each output token over at most the last hundred calls of the last
/// twenty minutes (design section 8). Whoever adds a sample sums up, so that a choice reads one field. Lock-free.
final class Pace {
    static final int MAX_SAMPLES = 100;
    static final long MAX_AGE_NANOS = 20L * 60 * 1_000_000_000L;
    private static final Summary NOTHING = new Summary(0, 0, 0);

    private final AtomicReferenceArray<@Nullable Sample> samples =
            new AtomicReferenceArray<>(MAX_SAMPLES);
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Summary summary = NOTHING;

    private record Sample(long atNanos, long nanosPerToken) {}

    /// @param meanNanos for one output token
    /// @param oldestNanos when the oldest of the samples was taken
    record Summary(long meanNanos, int samples, long oldestNanos) {}

    void add(long nowNanos, long nanosPerToken) {
        int slot = Math.floorMod(turn.getAndIncrement(), MAX_SAMPLES);
        samples.set(slot, new Sample(nowNanos, nanosPerToken));
        summary = sumUp(nowNanos);
    }

    Summary at(long nowNanos) {
        var latest = summary;
        if (latest.samples == 0 || nowNanos - latest.oldestNanos < MAX_AGE_NANOS) {
            return latest;
        }
        var fresh = sumUp(nowNanos);
        summary = fresh;
        return fresh;
    }

    private Summary sumUp(long nowNanos) {
        long sum = 0;
        int count = 0;
        long oldest = nowNanos;
        for (int i = 0; i < MAX_SAMPLES; i++) {
            var sample = samples.get(i);
            if (sample != null && nowNanos - sample.atNanos < MAX_AGE_NANOS) {
                sum += sample.nanosPerToken;
                count++;
                oldest = Math.min(oldest - nowNanos, sample.atNanos - nowNanos) + nowNanos;
            }
        }
        return count == 0 ? NOTHING : new Summary(sum / count, count, oldest);
    }
}
