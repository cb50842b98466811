package sluice.loop;

import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// One event loop: its sockets, the strands that it carries, and the tick that ends their waits.
///
/// A deadline costs a strand one field, not a timer: the tick looks at every live strand forty times a second, which is
/// cheaper than scheduling and cancelling a timer for each wait of each frame.
public final class Loop {
    /// How late a deadline can be noticed.
    static final long TICK_MILLIS = 25;

    private final int index;
    private final ContextInternal context;
    private final Carrier carrier;
    private final Workers workers;
    private final Thread thread;
    private final ArrayList<Strand> strands = new ArrayList<>();
    private volatile long lastTickNanos = System.nanoTime();
    private volatile @Nullable Thread running;

    private Loop(int index, ContextInternal context, Carrier carrier, Workers workers) {
        this.index = index;
        this.context = context;
        this.carrier = carrier;
        this.workers = workers;
        this.thread = Thread.currentThread();
    }

    /// Takes over the event loop of {@code context}. Called on that loop.
    ///
    /// @param index the loop's number, from 0, by which others keep their own things per loop
    /// @param workers where its strands do what would hold it up
    static Loop on(Context context, int index, Carrier carrier, Workers workers) {
        var loop = new Loop(index, (ContextInternal) context, carrier, workers);
        loop.context.setPeriodic(TICK_MILLIS, _ -> loop.tick());
        return loop;
    }

    public int index() {
        return index;
    }

    /// A virtual thread of its own for {@code code}, to be started by {@link Strand#start}. Called on the loop.
    public Strand strand(StrandCode code) {
        var strand = new Strand(this, carrier, code);
        strand.slot = strands.size();
        strands.add(strand);
        return strand;
    }

    /// Ends the wait of every strand with {@code reason}. Called on the loop.
    public void cancelAll(RuntimeException reason) {
        strands.forEach(strand -> strand.cancel(reason));
    }

    /// Called by a strand at its end. It is forgotten at once: what a call held may be large.
    void ended(Strand strand) {
        if (carrier.carriesOnLoop()) {
            forget(strand);
        } else {
            execute(() -> forget(strand));
        }
    }

    private void forget(Strand strand) {
        var last = strands.removeLast();
        if (last != strand) {
            strands.set(strand.slot, last);
            last.slot = strand.slot;
        }
    }

    /// What a strand does, given itself.
    @FunctionalInterface
    public interface StrandCode {
        void run(Strand strand);
    }

    /// Runs {@code work} on the loop, soon, in order, with the loop's context, from any thread.
    public void execute(Runnable work) {
        context.nettyEventLoop().execute(() -> context.dispatch(work));
    }

    public Context context() {
        return context;
    }

    Workers workers() {
        return workers;
    }

    Executor executor() {
        return context.nettyEventLoop();
    }

    /// Remembered for the watchdog: the stack of a loop does not show the virtual thread mounted on it.
    void running(@Nullable Thread strandThread) {
        running = strandThread;
    }

    @Nullable Thread running() {
        return running;
    }

    Thread thread() {
        return thread;
    }

    long lastTickNanos() {
        return lastTickNanos;
    }

    private void tick() {
        long now = System.nanoTime();
        lastTickNanos = now;
        for (var strand : strands) {
            strand.tick(now);
        }
    }
}
