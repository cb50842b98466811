package sluice.loop;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One call's line of execution: its virtual thread, the loop that carries it, and the place where it waits.
///
/// Sockets are touched on the loop only ({@link #onLoop}); the call waits for them with {@link #await}. Whoever changes
/// what a call may be waiting for calls {@link #wake}. Fields shared between the two are volatile, because under the
/// fallback of {@link Carrier} the call runs beside its loop instead of on it.
public final class Strand {
    /// A wait without an end of its own.
    public static final long NEVER = Long.MAX_VALUE;

    private final Loop loop;
    private final Thread thread;
    private volatile long deadlineNanos = NEVER;

    /// Where the loop keeps this strand. Touched on the loop only.
    int slot;

    private volatile @Nullable RuntimeException cancelled;

    /// How many sockets may still read bytes of this call. Touched on the loop only.
    private int lent;

    Strand(Loop loop, Carrier carrier, Loop.StrandCode code) {
        this.loop = loop;
        this.thread = carrier.thread(loop.executor(), () -> run(code));
    }

    public void start() {
        thread.start();
    }

    private void run(Loop.StrandCode code) {
        loop.running(thread);
        try {
            code.run(this);
        } finally {
            loop.ended(this);
        }
    }

    public Loop loop() {
        return loop;
    }

    /// Runs a piece of socket work on the loop, soon, in the order of these calls.
    public void onLoop(Runnable work) {
        loop.execute(work);
    }

    /// Waits until {@code ready} says true. Called on this strand only.
    ///
    /// @param deadlineNanos on the scale of {@link System#nanoTime}, kept to within one tick of the loop (25 ms)
    /// @return false when the deadline passed first
    /// @throws RuntimeException the reason given to {@link #cancel}
    public boolean await(BooleanSupplier ready, long deadlineNanos) {
        while (true) {
            var reason = cancelled;
            if (reason != null) {
                throw reason;
            }
            if (ready.getAsBoolean()) {
                return true;
            }
            if (deadlineNanos != NEVER && System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            this.deadlineNanos = deadlineNanos;
            LockSupport.park(this);
            this.deadlineNanos = NEVER;
            loop.running(thread);
        }
    }

    /// Lets the strand look again at what it waits for. Called from the loop, or from anywhere.
    public void wake() {
        LockSupport.unpark(thread);
    }

    /// Ends this and every later wait with {@code reason}; the first reason stays.
    public void cancel(RuntimeException reason) {
        if (cancelled == null) {
            cancelled = reason;
            wake();
        }
    }

    /// A socket was given bytes of this call and may read them later, even after the call's end. On the loop.
    public void lend() {
        lent++;
    }

    /// The socket has read them all. On the loop.
    public void takeBack() {
        lent--;
    }

    /// True while a socket may still read bytes of this call. On the loop.
    public boolean lends() {
        return lent > 0;
    }

    /// Called by the loop's tick.
    void tick(long nowNanos) {
        long deadline = deadlineNanos;
        if (deadline != NEVER && nowNanos - deadline >= 0) {
            wake();
        }
    }
}
