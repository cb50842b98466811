package sluice.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

    private final Path directory;
    private final AtomicReference<@Nullable JournalText> scratch =
            new AtomicReference<>(new JournalText());
    private final Deque<JournalSegment> segments = new ArrayDeque<>();
    private volatile JournalSegment current;
    private volatile @Nullable JournalSegment spare;
    private volatile @Nullable String refusal;

    private SpendJournal(Path directory, List<JournalSegment> old, JournalSegment first) {
        this.directory = directory;
        this.segments.addAll(old);
        this.segments.add(first);
        this.current = first;
    }

    /// @throws UncheckedIOException when the directory cannot be written, or something else lies in it
    public static SpendJournal open(Path directory) {
        try {
            Files.createDirectories(directory);
            var old = new ArrayList<JournalSegment>();
            try (var files = Files.newDirectoryStream(directory, "spend-*.journal")) {
                for (var file : files) {
                    old.add(JournalSegment.open(file, number(file)));
                }
            }
            old.sort(java.util.Comparator.comparingLong(JournalSegment::number));
            long next = old.isEmpty() ? 1 : old.getLast().number() + 1;
            Files.deleteIfExists(directory.resolve(JournalSegment.name(next) + ".new"));
            return new SpendJournal(directory, old, JournalSegment.create(directory, next));
        } catch (IOException failed) {
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
        var reason = refusal;
        if (reason != null) {
            throw new Failure.StoreAway(reason).asException();
        }
        var text = borrow();
        JournalRecord.write(commitment, shares, text);
        return append(text);
    }

    /// Remembers what it used in the end.
    public void settled(long held, List<Outlay> outlays, Shares shares) {
        var text = borrow();
        JournalRecord.write(held, outlays, shares, text);
        append(text);
    }

    private JournalText borrow() {
        var free = scratch.getAndSet(null);
        return free == null ? new JournalText() : free;
    }

    private long append(JournalText text) {
        while (true) {
            var segment = current;
            int at = segment.append(text.bytes(), text.length());
            if (at >= 0) {
                scratch.set(text);
                return segment.position(at);
            }
            goOn(segment);
        }
    }

    /// The next segment is made ahead, off the path; whoever comes before it is made makes it.
    private synchronized void goOn(JournalSegment full) {
        if (current.number() != full.number()) {
            return;
        }
        var next = spare;
        spare = null;
        try {
            current = next != null ? next : JournalSegment.create(directory, full.number() + 1);
        } catch (IOException diskFull) {
            throw new UncheckedIOException("the spend journal cannot grow", diskFull);
        }
        segments.add(current);
    }

    /// Makes the next segment before it is needed, and brings to the disk what was written. Called by one thread.
    void tend() {
        List<JournalSegment> written;
        synchronized (this) {
            written = List.copyOf(segments);
        }
        written.forEach(JournalSegment::force);
        if (spare == null && current.isTaken(JournalSegment.BYTES / 2)) {
            makeSpare();
        }
    }

    /// Nobody else makes one meanwhile; a call that needs one waits for this.
    private synchronized void makeSpare() {
        try {
            if (spare == null) {
                spare = JournalSegment.create(directory, current.number() + 1);
            }
        } catch (IOException failed) {
            LOG.error("The next segment of the spend journal cannot be made", failed);
        }
    }

    synchronized List<JournalSegment> segments() {
        return List.copyOf(segments);
    }

    /// Forgets segments of which all is booked.
    synchronized void forgetBefore(long position) {
        while (segments.size() > 1
                && segments.getFirst().position(JournalSegment.BYTES) <= position) {
            var gone = segments.removeFirst();
            try {
                gone.delete();
            } catch (IOException failed) {
                LOG.warn("A segment of the spend journal cannot be deleted", failed);
            }
        }
    }

    /// Takes nothing more until told otherwise.
    ///
    /// @param reason for callers; null to go on
    void refuse(@Nullable String reason) {
        refusal = reason;
    }

    @Override
    public void close() {
        tend();
    }
}
