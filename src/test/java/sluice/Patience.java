package sluice;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what must come true, and no longer than that.
final class Patience {
    static final Duration LONG = Duration.ofSeconds(15);

    private static final long LOOK_NANOS = 2_000_000;

    private Patience() {}

    static void until(Supplier<String> what, BooleanSupplier true_) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!true_.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("waited " + LONG.toSeconds() + " s for " + what.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
