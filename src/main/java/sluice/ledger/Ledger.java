package sluice.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.CallId;
import sluice.call.Timings;
import sluice.json.JsonText;

/// Remembers every call, off the path: calls put their entry into a bounded queue without a lock, one thread writes
/// what is there. A line is on disk within about {@value #PAUSE_MILLIS} ms of its call's end.
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final long PAUSE_MILLIS = 20;

    /// So many are written without a pause, about 0.1 ms: a call on the same core waits for no more.
    private static final int AT_ONCE = 64;

    private static final long FULL_PAUSE_NANOS = 5_000_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /// What a call does when the queue is full: the operator's choice, never silently made.
    public enum WhenFull {
        /// The call waits for room. Nothing is lost and calls slow down.
        BLOCK,
        /// The entry is dropped, counted, and the count is logged.
        DROP_AND_COUNT
    }

    private final LedgerFile file;
    private final int capacity;
    private final WhenFull whenFull;
    private final Clock clock;
    private final Duration closePatience;
    private final JsonText text = new JsonText();
    private final InstantText times = new InstantText();
    private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closed;

    private Ledger(
            LedgerFile file, int capacity, WhenFull whenFull, Clock clock, Duration closePatience) {
        this.file = file;
        this.capacity = capacity;
        this.whenFull = whenFull;
        this.clock = clock;
        this.closePatience = closePatience;
        this.writer = Thread.ofPlatform().name("ledger").daemon().unstarted(this::writeUntilClosed);
    }

    public static Ledger start(LedgerFile file, int capacity, WhenFull whenFull, Clock clock) {
        return start(file, capacity, whenFull, clock, CLOSE_PATIENCE);
    }

    /// @param closePatience how long a disk may take over the last lines
    static Ledger start(
            LedgerFile file, int capacity, WhenFull whenFull, Clock clock, Duration closePatience) {
        var ledger = new Ledger(file, capacity, whenFull, clock, closePatience);
        ledger.writer.start();
        return ledger;
    }

    /// Begins the entry of a call. Closing the entry writes it. When the queue is full and the operator chose to block,
    /// this waits, before the call has begun: a call that has been answered waits for nothing.
    public Entry open(CallId id, String operation, Timings timings) {
        while (whenFull == WhenFull.BLOCK && waiting.get() >= capacity && !closed) {
            LockSupport.unpark(writer); // it may be resting while calls wait for room
            LockSupport.parkNanos(FULL_PAUSE_NANOS);
        }
        return new Entry(this, id, operation, timings, clock.instant());
    }

    /// Entries that were lost because the queue was full or the file could not be written.
    public long dropped() {
        return dropped.get() + file.lost();
    }

    /// The calls that had begun when the queue became full still find room in it, so it may grow by as many.
    void write(Entry entry) {
        if (whenFull == WhenFull.DROP_AND_COUNT && waiting.get() >= capacity) {
            dropped.incrementAndGet();
            return;
        }
        waiting.incrementAndGet();
        queue.add(entry);
    }

    private void writeUntilClosed() {
        long reported = 0;
        while (true) {
            boolean last = closed;
            writeWaiting();
            long now = dropped();
            if (now > reported) {
                LOG.warn(
                        "The ledger lost {} entries since the last report; raise ledger.queue, check its disk, or set"
                                + " ledger.when_full to block.",
                        now - reported);
                reported = now;
            }
            if (last) {
                break;
            }
            LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000);
        }
        file.close();
    }

    private void writeWaiting() {
        int written = 0;
        for (var entry = queue.poll(); entry != null; entry = queue.poll()) {
            for (int i = 0; i < entry.attemptLines(); i++) {
                text.clear();
                entry.writeAttempt(i, times, text);
                file.append(text.view());
            }
            text.clear();
            entry.write(times, text);
            file.append(text.view());
            waiting.decrementAndGet();
            if (++written % AT_ONCE == 0) {
                LockSupport.parkNanos(1);
            }
        }
        if (written > 0) {
            file.flush();
        }
    }

    /// Writes what is waiting, then ends.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            if (!writer.join(closePatience)) {
                LOG.error(
                        "The ledger's disk does not take its last lines; {} are lost",
                        waiting.get());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
