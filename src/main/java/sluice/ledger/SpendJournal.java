package sluice.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Failure;

/// Remembers what running calls hold and what they used, before anything goes out and without waiting for a disk: a record
/// is in the system's hands at once, so that a process that is killed at any point forgets nothing. What was written is
/// forced to the disk within the time that the operator set, for the day the machine itself ends.
///
/// {@link Bookkeeper} reads it and books it in the store. Lines are never changed; a segment goes when all of it is booked.
public final class SpendJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpendJournal.class);

    private static final String FULL = "the disk of the spend journal takes no more (store.path)";
    private static final String LARGE = "the spend journal is full (store.journal_max_mib)";

    private final Path directory;
    private final AtomicReference<@Nullable JournalText> scratch =
            new AtomicReference<>(new JournalText());
    private final Deque<JournalSegment> segments = new ArrayDeque<>();

    /// Settlements for which the disk had no room. There are no more of them than calls that ran when it became full.
    private final Queue<byte[]> late = new ConcurrentLinkedQueue<>();

    private volatile JournalSegment current;
    private volatile @Nullable JournalSegment spare;
    private volatile @Nullable String refusal;
    private volatile boolean full;
    private volatile boolean large;
    private volatile boolean closed;

    private SpendJournal(Path directory, List<JournalSegment> old, JournalSegment first) {
        this.directory = directory;
        this.segments.addAll(old);
        this.segments.add(first);
        this.current = first;
    }

    /// @param booked how far the store has booked it: nothing new begins before that, even when the files were lost
    /// @throws UncheckedIOException when the directory cannot be written, or something else lies in it
    public static SpendJournal open(Path directory, long booked) {
        var old = new ArrayList<JournalSegment>();
        try {
            Files.createDirectories(directory);
            try (var files = Files.newDirectoryStream(directory, "spend-*.journal")) {
                for (var file : files) {
                    old.add(JournalSegment.open(file, number(file)));
                }
            }
            old.sort(Comparator.comparingLong(JournalSegment::number));
            long last = old.isEmpty() ? 0 : old.getLast().number();
            long next = Math.max(last, booked / JournalSegment.BYTES) + 1;
            Files.deleteIfExists(directory.resolve(JournalSegment.name(next) + ".new"));
            return new SpendJournal(directory, old, JournalSegment.create(directory, next));
        } catch (IOException failed) {
            old.forEach(JournalSegment::close);
            throw new UncheckedIOException(
                    "The spend journal at '"
                            + directory
                            + "' (store.path) cannot be used: "
                            + failed.getMessage(),
                    failed);
        }
    }

    private static long number(Path file) throws IOException {
        var name = String.valueOf(file.getFileName());
        try {
            return Long.parseLong(
                    name.substring("spend-".length(), name.length() - ".journal".length()));
        } catch (NumberFormatException none) {
            throw new IOException("the file '" + file + "' is no segment of a spend journal", none);
        }
    }

    /// Remembers what a call may spend, before it is sent.
    ///
    /// @return the place of the record, by which it is settled
    /// @throws sluice.call.CallFailed with {@code Failure.StoreAway} when nothing more may be spent because nothing can be
    ///     booked
    public long held(Commitment commitment, Shares shares) {
        var reason = refusal();
        if (reason.isPresent()) {
            throw new Failure.StoreAway(reason.get()).asException();
        }
        var text = borrow();
        JournalRecord.write(commitment, shares, text);
        try {
            return append(text);
        } catch (IOException diskFull) {
            isFull(diskFull);
            throw new Failure.StoreAway(FULL).asException();
        }
    }

    /// Why no call may begin; nothing while calls may.
    public Optional<String> refusal() {
        if (closed) {
            return Optional.of("the gateway stops");
        }
        if (full || large) {
            return Optional.of(full ? FULL : LARGE);
        }
        return Optional.ofNullable(refusal);
    }

    /// Remembers what it used in the end. It is never refused: what the disk has no room for waits in memory, and no call
    /// begins meanwhile.
    public void settled(long held, List<Outlay> outlays, Shares shares) {
        var text = borrow();
        JournalRecord.write(held, outlays, shares, text);
        try {
            append(text);
        } catch (IOException diskFull) {
            late.add(Arrays.copyOf(text.bytes(), text.length()));
            isFull(diskFull);
        } catch (IllegalStateException over) {
            if (!closed) {
                throw over;
            }
            LOG.warn("A call outlived the gateway; the next start books it as estimated");
        }
    }

    private void isFull(IOException why) {
        if (!full) {
            full = true;
            LOG.error(
                    "The spend journal cannot grow, so no call is taken until it can: {}",
                    why.toString());
        }
    }

    private JournalText borrow() {
        var free = scratch.getAndSet(null);
        return free == null ? new JournalText() : free;
    }

    private long append(JournalText text) throws IOException {
        long place = append(text.bytes(), text.length());
        scratch.set(text);
        return place;
    }

    private long append(byte[] record, int length) throws IOException {
        while (true) {
            var segment = current;
            int at = segment.append(record, length);
            if (at >= 0) {
                return segment.position(at);
            }
            goOn(segment);
        }
    }

    /// The next segment is made ahead, off the path; whoever comes before it is made makes it.
    private synchronized void goOn(JournalSegment before) throws IOException {
        if (current.number() != before.number()) {
            return;
        }
        var next = spare;
        spare = null;
        current = next != null ? next : JournalSegment.create(directory, before.number() + 1);
        segments.add(current);
    }

    /// Makes the next segment before it is needed, and brings to the disk what was written. Called by one thread.
    ///
    /// A segment that cannot be made is noticed while half of one is left, which is room for what running calls settle.
    ///
    /// @param maxBytes beyond which no call begins
    void tend(long maxBytes) {
        List<JournalSegment> written;
        synchronized (this) {
            written = List.copyOf(segments);
        }
        large = (long) written.size() * JournalSegment.BYTES > maxBytes;
        makeRoom();
        written.forEach(JournalSegment::force);
    }

    private void makeRoom() {
        try {
            if (spare == null && current.isTaken(JournalSegment.BYTES / 2)) {
                makeSpare();
            }
            writeLate();
            if (full) {
                LOG.info("The spend journal can grow again");
                full = false;
            }
        } catch (IOException failed) {
            isFull(failed);
        }
    }

    /// Nobody else makes one meanwhile; a call that needs one waits for this.
    private synchronized void makeSpare() throws IOException {
        if (spare == null) {
            spare = JournalSegment.createAhead(directory, current.number() + 1);
        }
    }

    private void writeLate() throws IOException {
        for (var next = late.peek(); next != null; next = late.peek()) {
            append(next, next.length);
            late.remove();
        }
    }

    synchronized List<JournalSegment> segments() {
        return List.copyOf(segments);
    }

    /// Forgets segments of which all is booked.
    void forgetBefore(long position) {
        for (var gone = takeBefore(position); gone != null; gone = takeBefore(position)) {
            try {
                gone.delete();
            } catch (IOException failed) {
                LOG.warn("A segment of the spend journal cannot be deleted", failed);
            }
        }
    }

    private synchronized @Nullable JournalSegment takeBefore(long position) {
        return segments.size() > 1 && segments.getFirst().position(JournalSegment.BYTES) <= position
                ? segments.removeFirst()
                : null;
    }

    /// Takes nothing more until told otherwise.
    ///
    /// @param reason for callers; null to go on
    void refuse(@Nullable String reason) {
        refusal = reason;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        makeRoom();
        closed = true;
        synchronized (this) {
            segments.forEach(JournalSegment::force);
            segments.forEach(JournalSegment::close);
            if (spare != null) {
                spare.close();
            }
        }
    }
}
