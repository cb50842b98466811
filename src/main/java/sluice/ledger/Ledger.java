package sluice.ledger;

import java.time.Clock;
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
    private final JsonText text = new JsonText();
    private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closed;

    private Ledger(LedgerFile file, int capacity, WhenFull whenFull, Clock clock) {
        this.file = file;
        this.capacity = capacity;
        this.whenFull = whenFull;
        this.clock = clock;
        this.writer = Thread.ofPlatform().name("ledger").unstarted(this::writeUntilClosed);
    }

    public static Ledger start(LedgerFile file, int capacity, WhenFull whenFull, Clock clock) {
        var ledger = new Ledger(file, capacity, whenFull, clock);
        ledger.writer.start();
        return ledger;
    }

    /// Begins the entry of a call. Closing the entry writes it.
    public Entry open(CallId id, String operation, Timings timings) {
        return new Entry(this, id, operation, timings, clock.instant());
    }

    /// Entries that were lost because the queue was full or the file could not be written.
    public long dropped() {
        return dropped.get() + file.lost();
    }

    void write(Entry entry) {
        while (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            if (whenFull == WhenFull.DROP_AND_COUNT || closed) {
                dropped.incrementAndGet();
                return;
            }
            LockSupport.unpark(writer); // it may be resting while calls wait for room
            LockSupport.parkNanos(1_000_000);
        }
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
        boolean wrote = false;
        for (var entry = queue.poll(); entry != null; entry = queue.poll()) {
            text.clear();
            entry.write(text);
            file.append(text.view());
            waiting.decrementAndGet();
            wrote = true;
        }
        if (wrote) {
            file.flush();
        }
    }

    /// Writes what is waiting, then ends.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
