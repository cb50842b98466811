package sluice.loop;

import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The few threads beside the loops, for work that a loop has no time for ({@link Work}). No work is queued here:
/// a strand that finds them all taken waits its turn where strands wait, on its loop, first come first served, so that
/// it can still be cancelled and still has its deadline.
final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private static final long IDLE_SECONDS = 30;

    /// What is worked at when the gateway stops gets this long to end as it should.
    private static final long LAST_WORK_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    /// Who waits for a worker. Guarded by this, like what is free.
    private final ArrayDeque<Strand> line = new ArrayDeque<>();

    private int free;

    private Workers(int count, int atOnce, ThreadFactory factory) {
        this.free = atOnce;
        // In the queue are no more than have a worker, and those who just leave theirs.
        this.threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /// @param count how many; 0 means one for every two processors, because the loops need some too
    static Workers start(int count, Carrier carrier) {
        return start(count, carrier, Thread.ofPlatform().name("worker-", 0).daemon().factory());
    }

    static Workers start(int count, Carrier carrier, ThreadFactory factory) {
        int processors = Runtime.getRuntime().availableProcessors();
        int size = count > 0 ? count : Math.max(1, processors / 2);
        // The JDK's scheduler works in place, with a thread for each processor: one must be left
        // for all other calls.
        int most = carrier.carriesOnLoop() ? size : Math.min(size, Math.max(1, processors - 1));
        return new Workers(size, most, factory);
    }

    /// Gives the strand a worker when one is free, and a place in the line when none is.
    synchronized void ask(Strand strand) {
        if (free > 0) {
            free--;
            strand.getsWorker();
        } else {
            line.addLast(strand);
        }
    }

    /// The strand waits no longer: for want of time, or because its caller left.
    synchronized void leave(Strand strand) {
        if (!line.remove(strand)) {
            giveBack(); // it was given one in the same moment
        }
    }

    /// The next in the line has the worker from now on.
    synchronized void giveBack() {
        var next = line.pollFirst();
        if (next == null) {
            free++;
        } else {
            next.getsWorker();
        }
    }

    synchronized int waiting() {
        return line.size();
    }

    /// Runs a strand that has a worker, up to its next stop.
    ///
    /// @return false when there is none to run it: they have stopped, or the machine allows no more threads. Were that
    ///     thrown, the JDK would try again, for as long as it takes, and keep the loop meanwhile.
    boolean run(Runnable continuation) {
        try {
            threads.execute(continuation);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            return false;
        }
    }

    /// Lets what is being worked at end. What wants a worker later stays on its loop.
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_WORK_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Workers are still busy with large calls, which are cut");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
