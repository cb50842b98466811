package sluice.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// What the simulator saw: the latest requests, and counts since it started. Every count can be awaited, so that no
/// test has to sleep.
public final class Recording {

    /// How an exchange stands.
    public enum Outcome {
        /// Still being answered.
        OPEN,
        /// The whole answer was handed to the network.
        COMPLETE,
        /// The caller left before that.
        ABORTED,
        /// The simulator broke the answer off, as its script said.
        CUT
    }

    /// One request and how it ended, or has not yet.
    public record Seen(Request request, Outcome outcome) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int limit;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private int requests;
    private int accepted;
    private int open;
    private int answering;
    private int aborted;

    /// Remembers at most {@code limit} requests, the latest; the counts have no limit.
    Recording(int limit) {
        this.limit = limit;
    }

    /// The requests remembered, oldest first, each with its outcome at this moment. An answer that was just read to
    /// its end may still be OPEN: await no open requests first.
    public List<Seen> seen() {
        lock.lock();
        try {
            return entries.stream().map(entry -> new Seen(entry.request, entry.outcome)).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The requests remembered to one path, oldest first.
    public List<Request> requests(String path) {
        return seen().stream().map(Seen::request).filter(r -> r.path().equals(path)).toList();
    }

    public int requestCount() {
        return read(() -> requests);
    }

    public int acceptedConnections() {
        return read(() -> accepted);
    }

    public int openConnections() {
        return read(() -> open);
    }

    /// Requests that are being answered now.
    public int openRequests() {
        return read(() -> answering);
    }

    public int abortedRequests() {
        return read(() -> aborted);
    }

    public void awaitRequests(int atLeast, Duration patience) {
        await("requests", () -> requests, () -> requests >= atLeast, atLeast, patience);
    }

    public void awaitOpenRequests(int exactly, Duration patience) {
        await("open requests", () -> answering, () -> answering == exactly, exactly, patience);
    }

    public void awaitOpenConnections(int exactly, Duration patience) {
        await("open connections", () -> open, () -> open == exactly, exactly, patience);
    }

    /// Waits until at least so many answers were not heard to their end because the caller left.
    public void awaitAborted(int atLeast, Duration patience) {
        await("aborted requests", () -> aborted, () -> aborted >= atLeast, atLeast, patience);
    }

    /// Forgets the requests; the counts stay.
    public void forget() {
        change(entries::clear);
    }

    void opened() {
        change(() -> {
            accepted++;
            open++;
        });
    }

    void closed() {
        change(() -> open--);
    }

    Entry saw(Request request) {
        var entry = new Entry(request);
        change(() -> {
            requests++;
            answering++;
            if (limit > 0) {
                if (entries.size() == limit) {
                    entries.removeFirst();
                }
                entries.addLast(entry);
            }
        });
        return entry;
    }

    void ended(Entry entry, Outcome outcome) {
        change(() -> {
            entry.outcome = outcome;
            answering--;
            if (outcome == Outcome.ABORTED) {
                aborted++;
            }
        });
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int read(Count count) {
        lock.lock();
        try {
            return count.now();
        } finally {
            lock.unlock();
        }
    }

    private void await(
            String what, Count count, BooleanSupplier reached, int wanted, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!reached.getAsBoolean()) {
                if (left <= 0) {
                    throw new IllegalStateException(
                            "waited "
                                    + patience.toMillis()
                                    + " ms for "
                                    + wanted
                                    + " "
                                    + what
                                    + ", saw "
                                    + count.now());
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, stop);
        } finally {
            lock.unlock();
        }
    }

    private interface Count {
        int now();
    }

    /// Its outcome is read and written under the lock.
    static final class Entry {
        private final Request request;
        private Outcome outcome = Outcome.OPEN;

        private Entry(Request request) {
            this.request = request;
        }
    }
}
