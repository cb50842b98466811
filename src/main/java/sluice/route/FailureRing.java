package sluice.route;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// The last few failures, and whether all of them are recent. It holds just as many as make a target unhealthy, so it
/// is exact at any rate of calls, and ageing costs nothing. Lock-free, from any thread.
final class FailureRing {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLongArray moments;
    private final AtomicInteger turn = new AtomicInteger();

    FailureRing(int size) {
        var empty = new long[size];
        Arrays.fill(empty, NEVER);
        moments = new AtomicLongArray(empty);
    }

    void add(long nowNanos) {
        int slot = Math.floorMod(turn.getAndIncrement(), moments.length());
        moments.set(slot, nowNanos);
    }

    /// True when as many as the ring holds failed within {@code windowNanos} before now.
    boolean isFull(long nowNanos, long windowNanos) {
        return count(nowNanos, windowNanos) == moments.length();
    }

    /// How long ago the latest of the recent failures was.
    ///
    /// @return {@code windowNanos} when nothing failed within the window
    long age(long nowNanos, long windowNanos) {
        long youngest = windowNanos;
        for (int i = 0; i < moments.length(); i++) {
            long moment = moments.get(i);
            if (moment != NEVER) {
                youngest = Math.min(youngest, nowNanos - moment);
            }
        }
        return youngest;
    }

    /// How many failed within the window; no more than the ring holds.
    int count(long nowNanos, long windowNanos) {
        int recent = 0;
        for (int i = 0; i < moments.length(); i++) {
            long moment = moments.get(i);
            if (moment != NEVER && nowNanos - moment < windowNanos) {
                recent++;
            }
        }
        return recent;
    }
}
