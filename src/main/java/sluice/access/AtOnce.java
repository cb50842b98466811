package sluice.access;

import java.util.concurrent.atomic.AtomicLong;

/// What is in use at this moment.
final class AtOnce implements Tally {
    /// Nobody knows when a call ends; clients that were refused may look again so soon.
    private static final long A_MOMENT_MILLIS = 1_000;

    private final AtomicLong running = new AtomicLong();

    @Override
    public long hold(long amount, long limit, long now) {
        while (true) {
            long used = running.get();
            if (amount > limit - used) {
                return REFUSED;
            }
            if (running.compareAndSet(used, used + amount)) {
                return 0;
            }
        }
    }

    @Override
    public long take(long amount, long now) {
        running.addAndGet(amount);
        return 0;
    }

    @Override
    public void settle(long ticket, long held, long used) {
        running.addAndGet(used - held);
    }

    @Override
    public long used(long now) {
        return running.get();
    }

    @Override
    public long waitFor(long amount, long limit, long now) {
        if (amount > limit) {
            return Long.MAX_VALUE;
        }
        return amount <= limit - running.get() ? 0 : A_MOMENT_MILLIS;
    }

    @Override
    public long untilEmpty(long now) {
        return running.get() == 0 ? 0 : A_MOMENT_MILLIS;
    }
}
