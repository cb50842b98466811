package sluice.loop;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;

/// One call's line of execution: its virtual thread, the loop that carries it, and the place where it waits.
///
/// Sockets are touched on the loop only ({@link #onLoop}); the call waits for them with {@link #await}. Whoever changes
/// what a call may be waiting for calls {@link #wake}. Work that is too much for the loop is done {@link #aside}. Fields
/// shared between the two are volatile, because there, and always under the fallback of {@link Carrier}, the call runs
/// beside its loop instead of on it.
public final class Strand {
    /// A wait without an end of its own.
    public static final long NEVER = Long.MAX_VALUE;

    /// How long a call may wait for a worker, when its own time does not end before.
    private static final long LONGEST_LINE_NANOS = 30_000_000_000L;

    private final Loop loop;
    private final Workers workers;
    private final boolean isCarried;
    private final Thread thread;
    private volatile long deadlineNanos = NEVER;

    /// Where the loop keeps this strand. Touched on the loop only.
    int slot;

    private volatile @Nullable RuntimeException cancelled;
    private volatile boolean hasWorker;

    /// Whether it runs, or is about to run, on a worker.
    private volatile boolean isAside;

    /// How many sockets may still read bytes of this call. Touched on the loop only.
    private int lent;

    Strand(Loop loop, Carrier carrier, Loop.StrandCode code) {
        this.loop = loop;
        this.workers = loop.workers();
        this.isCarried = carrier.carriesOnLoop();
        this.thread = carrier.thread(this::carry, () -> run(code));
    }

    /// Runs the strand up to its next stop, where it belongs at this moment.
    private void carry(Runnable continuation) {
        if (isAside && workers.run(continuation)) {
            return;
        }
        try {
            loop.executor().execute(continuation);
        } catch (RejectedExecutionException ended) {
            // Its loop has ended while it was on a worker, its socket with it: nobody waits for
            // this call any more.
        }
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
        if (isAside) {
            throw new IllegalStateException("a strand that waits must not keep a worker");
        }
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

    /// Takes the strand off its loop for what follows, when that is too much for the loop: it goes on on a worker, until
    /// the stay there is closed. Little work stays where it is and costs a comparison.
    ///
    /// ```java
    /// try (var _ = strand.aside(Work.SCAN, body.length(), until)) {
    ///     return read(body);
    /// }
    /// ```
    ///
    /// Nothing can be awaited meanwhile. A caller that leaves is noticed at the end of the stay, so what is worked at is
    /// never taken away beneath it. A stay within another one is a part of that. Called on this strand only.
    ///
    /// @param bytes how much there is to do
    /// @param untilNanos when waiting for a worker has no sense any more, on the scale of {@link System#nanoTime}
    /// @throws sluice.call.CallFailed with {@link Failure.Busy} when no worker is free in time
    /// @throws RuntimeException the reason given to {@link #cancel}, here or when the stay is closed
    public Stay aside(Work work, long bytes, long untilNanos) {
        return work.fitsOnLoop(bytes) || isAside ? Stay.ON_THE_LOOP : goAside(untilNanos, false);
    }

    /// The same for what a target has answered.
    public Stay asideWithAnswer(Work work, long bytes, long untilNanos) {
        return work.fitsOnLoop(bytes) || isAside ? Stay.ON_THE_LOOP : goAside(untilNanos, true);
    }

    private Stay goAside(long untilNanos, boolean answered) {
        var stay = new Stay(this);
        awaitWorker(untilNanos, answered);
        move(true);
        return stay;
    }

    private void awaitWorker(long untilNanos, boolean answered) {
        long began = System.nanoTime();
        long longest = began + LONGEST_LINE_NANOS;
        long until = untilNanos != NEVER && untilNanos - longest < 0 ? untilNanos : longest;
        workers.ask(this);
        boolean hasOne = false;
        try {
            hasOne = await(() -> hasWorker, until);
        } finally {
            if (!hasOne) {
                workers.leave(this);
                hasWorker = false;
            }
        }
        if (!hasOne) {
            var waited = Duration.ofNanos(System.nanoTime() - began);
            throw new Failure.Busy(waited, answered).asException();
        }
    }

    /// Called by the workers.
    void getsWorker() {
        hasWorker = true;
        wake();
    }

    private void comeBack() {
        hasWorker = false;
        workers.giveBack();
        move(false);
        var reason = cancelled;
        if (reason != null) {
            throw reason;
        }
    }

    /// A yield is a stop at which the strand is carried on elsewhere. Where the JDK's scheduler carries it, it is beside
    /// its loop already, and stays.
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on whose turn it is then
    private void move(boolean aside) {
        isAside = aside;
        if (!isCarried) {
            return;
        }
        if (aside) {
            loop.running(null);
        }
        Thread.yield();
        if (!aside) {
            loop.running(thread);
        }
    }

    /// A strand's stay on a worker.
    public static final class Stay implements AutoCloseable {
        private static final Stay ON_THE_LOOP = new Stay(null);

        private final @Nullable Strand strand;

        private Stay(@Nullable Strand strand) {
            this.strand = strand;
        }

        /// Brings the strand back to its loop.
        @Override
        public void close() {
            if (strand != null) {
                strand.comeBack();
            }
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
