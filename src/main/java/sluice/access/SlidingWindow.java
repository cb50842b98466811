package sluice.access;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What was used in the time up to now. That time is cut into {@value #SLICES} slices, and a slice is forgotten as a
/// whole, when all of it lies further back than the window is long.
///
/// So within any span as long as the window never more is used than the limit, and what was used comes back at most one
/// slice, a sixtieth of the window, later than it could. That is the whole error.
///
/// The total is raised before a slice is, and lowered after one was emptied: it is never less than the slices hold.
final class SlidingWindow implements Tally {
    static final int SLICES = 60;
    private static final int SLOTS = 64;

    private final long sliceMillis;
    private final AtomicLong total = new AtomicLong();
    private final AtomicReferenceArray<@Nullable Slice> slots = new AtomicReferenceArray<>(SLOTS);
    private volatile long swept = Long.MIN_VALUE;

    /// What was used in a part of the time. It is filled without being replaced, until it is forgotten: what comes later
    /// must go elsewhere, or nobody would take it off the total.
    private static final class Slice {
        private static final long FORGOTTEN = Long.MIN_VALUE;

        private final long number;
        private final AtomicLong amount = new AtomicLong();

        /// @param number counts the slices since 1970
        Slice(long number) {
            this.number = number;
        }

        boolean add(long more) {
            while (true) {
                long before = amount.get();
                if (before == FORGOTTEN) {
                    return false;
                }
                if (amount.compareAndSet(before, before + more)) {
                    return true;
                }
            }
        }

        /// @return what was in it
        long forget() {
            return amount.getAndSet(FORGOTTEN);
        }
    }

    /// @param lengthMillis at least {@value #SLICES}
    SlidingWindow(long lengthMillis) {
        if (lengthMillis < SLICES) {
            throw new IllegalArgumentException("too short a window: " + lengthMillis + " ms");
        }
        this.sliceMillis = (lengthMillis + SLICES - 1) / SLICES;
    }

    @Override
    public long hold(long amount, long limit, long now) {
        long number = now / sliceMillis;
        sweep(number);
        while (true) {
            long used = total.get();
            if (amount > limit - used) {
                return REFUSED;
            }
            if (total.compareAndSet(used, used + amount)) {
                return count(number, amount);
            }
        }
    }

    @Override
    public long take(long amount, long now) {
        long number = now / sliceMillis;
        sweep(number);
        total.addAndGet(amount);
        return count(number, amount);
    }

    /// Counts what was used before this process began, if it still counts.
    void seed(long ticket, long amount, long now) {
        long number = ticket / sliceMillis;
        if (number >= now / sliceMillis - SLICES) {
            total.addAndGet(amount);
            count(number, amount);
        }
    }

    /// Adds to a slice what the total has already.
    private long count(long number, long amount) {
        while (true) {
            var slice = slice(number);
            if (slice.add(amount)) {
                return slice.number * sliceMillis;
            }
        }
    }

    /// The slice of this number, or a later one when the clock was turned back.
    private Slice slice(long number) {
        int slot = slot(number);
        while (true) {
            var there = slots.get(slot);
            if (there != null && there.number >= number) {
                return there;
            }
            var next = new Slice(number);
            if (slots.compareAndSet(slot, there, next)) {
                total.addAndGet(there == null ? 0 : -there.forget());
                return next;
            }
        }
    }

    private static int slot(long number) {
        return (int) (number & (SLOTS - 1));
    }

    @Override
    public void settle(long ticket, long held, long used) {
        long more = used - held;
        if (more == 0) {
            return;
        }
        long number = ticket / sliceMillis;
        var there = slots.get(slot(number));
        total.addAndGet(Math.max(0, more));
        if (there != null && there.number == number && there.add(more)) {
            total.addAndGet(Math.min(0, more));
        } else {
            total.addAndGet(-Math.max(0, more)); // so long ago that it does not count any more
        }
    }

    /// Forgets the slices that lie further back than the window is long. Those that lie as far ahead are of a clock that
    /// was wrong and was turned back: kept, they would close a limit until the time that it showed.
    private void sweep(long number) {
        if (swept == number) {
            return;
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            var there = slots.get(slot);
            if (there != null
                    && (there.number < number - SLICES || there.number > number + SLICES)
                    && slots.compareAndSet(slot, there, null)) {
                total.addAndGet(-there.forget());
            }
        }
        swept = number;
    }

    @Override
    public long used(long now) {
        sweep(now / sliceMillis);
        return total.get();
    }

    @Override
    public long waitFor(long amount, long limit, long now) {
        if (amount > limit) {
            return Long.MAX_VALUE;
        }
        long current = now / sliceMillis;
        long used = used(now);
        for (long number = current - SLICES; number <= current; number++) {
            if (used <= limit - amount) {
                return Math.max(0, gone(number - 1) - now);
            }
            used -= amount(number);
        }
        return gone(current) - now;
    }

    @Override
    public long untilEmpty(long now) {
        long current = now / sliceMillis;
        for (long number = current; number >= current - SLICES; number--) {
            if (amount(number) > 0) {
                return gone(number) - now;
            }
        }
        return 0;
    }

    private long amount(long number) {
        var there = slots.get(slot(number));
        return there == null || there.number != number ? 0 : Math.max(0, there.amount.get());
    }

    /// When a slice does not count any more.
    private long gone(long number) {
        return (number + SLICES + 1) * sliceMillis;
    }
}
