package sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
    private static final int THREADS = 4;
    private static final int CALLS = 200_000;

    /// A slice is a millisecond here, so slices are forgotten while others still count on them.
    @Test
    void nothingIsLeftWhenTimeHasGoneOnWhateverManyThreadsDid() throws InterruptedException {
        var window = new SlidingWindow(SlidingWindow.SLICES);
        var now = new AtomicLong(1_000_000);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().start(() -> call(window, now)));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(window.used(now.get())).isPositive();
        assertThat(window.used(now.get() + 2 * SlidingWindow.SLICES)).isZero();
        assertThat(window.untilEmpty(now.get() + 2 * SlidingWindow.SLICES)).isZero();
    }

    private static void call(SlidingWindow window, AtomicLong now) {
        for (int call = 0; call < CALLS; call++) {
            long ticket = window.take(3, call % 5 == 0 ? now.incrementAndGet() : now.get());
            window.settle(ticket, 3, call % 7);
        }
    }
}
