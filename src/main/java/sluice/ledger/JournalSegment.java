package sluice.ledger;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/// One file of the journal, mapped into memory. What was written into it is in the system's hands, so it outlives the
/// process whatever ends it; what was forced is on the disk.
///
/// A record is its length, a checksum and its bytes, and begins at a multiple of eight. Writers take room by counting up,
/// fill it, and write the length last: a reader that sees a length sees all of the record. A writer that was killed
/// between leaves a hole, which a reader steps over in search of the next record whose checksum is right.
final class JournalSegment {
    static final int BYTES = 4 << 20;

    /// A longer record is none.
    static final int MAX_RECORD = 1 << 20;

    private static final int PIECE_BYTES = 1 << 16;
    private static final int BEGIN = 64;
    private static final int HEAD = 8;
    private static final int ALIGNED = 8;
    private static final byte[] MAGIC = "SLUICEJ1".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 16).asReadOnlyBuffer();
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final long number;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final ByteBuffer mapped;
    private final AtomicInteger tail = new AtomicInteger(BEGIN);

    /// Behind it nobody writes: the first writer who found no room left it here.
    private final AtomicInteger end = new AtomicInteger(Integer.MAX_VALUE);

    private int forced;
    private boolean closed;

    private JournalSegment(Path file, long number) throws IOException {
        this.file = file;
        this.number = number;
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
            this.mapped = memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException | RuntimeException failed) {
            arena.close();
            throw failed;
        }
    }

    /// Makes the file at its full size, so that a full disk is noticed here and not by a writer.
    static JournalSegment create(Path directory, long number) throws IOException {
        return create(directory, number, 0);
    }

    /// Makes it while nobody waits for it: it rests between pieces, so that a call on the same core waits for one only.
    static JournalSegment createAhead(Path directory, long number) throws IOException {
        return create(directory, number, 1);
    }

    private static JournalSegment create(Path directory, long number, long restNanos)
            throws IOException {
        var file = directory.resolve(name(number));
        var making = directory.resolve(name(number) + ".new");
        try {
            fill(making, restNanos);
            Files.move(making, file);
        } catch (IOException failed) {
            tidy(making, failed); // half of one would take the room that is missing
            throw failed;
        }
        return new JournalSegment(file, number);
    }

    private static void tidy(Path making, IOException failed) {
        try {
            Files.deleteIfExists(making);
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    private static void fill(Path making, long restNanos) throws IOException {
        try (var channel =
                FileChannel.open(
                        making,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            var zeros = ByteBuffer.allocate(PIECE_BYTES);
            for (int at = 0; at < BYTES; at += zeros.capacity()) {
                zeros.clear();
                if (at == 0) {
                    zeros.put(0, MAGIC);
                } else {
                    zeros.put(0, new byte[MAGIC.length]);
                }
                while (zeros.hasRemaining()) {
                    channel.write(zeros, at + zeros.position());
                }
                LockSupport.parkNanos(restNanos);
            }
        }
    }

    /// @throws IOException when it cannot be read, or is no segment
    static JournalSegment open(Path file, long number) throws IOException {
        if (Files.size(file) != BYTES) {
            throw new IOException("the file '" + file + "' is no segment of a spend journal");
        }
        var segment = new JournalSegment(file, number);
        var magic = new byte[MAGIC.length];
        segment.mapped.get(0, magic);
        if (!Arrays.equals(magic, MAGIC)) {
            segment.close();
            throw new IOException("the file '" + file + "' is no segment of a spend journal");
        }
        segment.end.set(BYTES);
        segment.tail.set(BYTES); // nothing is ever added to an old one
        return segment;
    }

    static String name(long number) {
        return "spend-%010d.journal".formatted(number);
    }

    long number() {
        return number;
    }

    /// The place of an offset in the whole of the journal.
    long position(int offset) {
        return number * BYTES + offset;
    }

    /// @return the offset of the record, or -1 when the segment is full
    int append(byte[] record, int length) {
        int room = room(length);
        if (length <= 0 || length > MAX_RECORD) {
            throw new IllegalArgumentException("a record of " + length + " bytes");
        }
        int at = tail.getAndAdd(room);
        if (at < 0 || at > BYTES - room) {
            end.accumulateAndGet(at < 0 ? BYTES : at, Math::min);
            tail.accumulateAndGet(BYTES, Math::max); // it never runs over
            return -1;
        }
        mapped.put(at + HEAD, record, 0, length);
        mapped.putInt(at + 4, checksum(record, length, position(at)));
        INT.setRelease(mapped, at, length);
        return at;
    }

    boolean isFull() {
        return tail.get() >= BYTES;
    }

    private static int room(int length) {
        return (HEAD + length + ALIGNED - 1) & -ALIGNED;
    }

    private static int checksum(byte[] record, int length, long position) {
        var crc = new CRC32C();
        crc.update((int) position);
        crc.update((int) (position >>> 8));
        crc.update((int) (position >>> 16));
        crc.update(record, 0, length);
        return (int) crc.getValue();
    }

    int begin() {
        return BEGIN;
    }

    /// The record at an offset.
    ///
    /// @return its bytes; empty when none is there, or not yet
    byte[] read(int offset) {
        if (offset > BYTES - HEAD) {
            return new byte[0];
        }
        int length = (int) INT.getAcquire(mapped, offset);
        if (length <= 0 || length > MAX_RECORD || length > BYTES - HEAD - offset) {
            return new byte[0];
        }
        var record = new byte[length];
        mapped.get(offset + HEAD, record);
        return mapped.getInt(offset + 4) == checksum(record, length, position(offset))
                ? record
                : new byte[0];
    }

    int after(int offset, byte[] record) {
        return offset + room(record.length);
    }

    /// The offset of the next record behind a hole, or the segment's size when there is none.
    int behindHole(int offset) {
        for (int at = written(offset + ALIGNED); at <= BYTES - HEAD; at = written(at + ALIGNED)) {
            if ((int) INT.getAcquire(mapped, at) > 0 && read(at).length > 0) {
                return at;
            }
        }
        return BYTES;
    }

    /// Whether nobody ever writes at this offset or behind it.
    boolean isOver(int offset) {
        return offset >= end.get();
    }

    /// Whether something was written here that is no record. A writer who was killed leaves no length.
    boolean isDamaged(int offset) {
        return offset <= BYTES - HEAD && (int) INT.getAcquire(mapped, offset) != 0;
    }

    /// The next place for a record where not all is zero. What was never written is most of a segment that a process left,
    /// and a start waits for this.
    private int written(int from) {
        for (int at = from; at < BYTES; at += ZEROS.capacity()) {
            int length = Math.min(ZEROS.capacity(), BYTES - at);
            int same = mapped.slice(at, length).mismatch(ZEROS.slice(0, length));
            if (same >= 0) {
                return (at + same) & -ALIGNED;
            }
        }
        return BYTES;
    }

    /// Whether everything before this offset was taken by writers.
    boolean isTaken(int offset) {
        return tail.get() > offset;
    }

    /// Brings to the disk what was written since the last time. What is being written at this moment is brought again the
    /// next time, when it is whole.
    synchronized void force() {
        int until = Math.min(tail.get(), BYTES);
        if (closed || until <= forced) {
            return;
        }
        int whole = whole(until);
        memory.asSlice(forced, until - forced).force();
        forced = whole;
    }

    /// Up to where all records are whole.
    private int whole(int until) {
        int at = Math.max(forced, BEGIN);
        while (at < until && !isOver(at)) {
            int length = (int) INT.getAcquire(mapped, at);
            if (length <= 0 || length > until - HEAD - at) {
                return end.get() == BYTES ? BYTES : at; // in an old one nobody writes any more
            }
            at += room(length);
        }
        return isOver(at) ? BYTES : at;
    }

    /// Up to where it need not be brought to the disk again.
    synchronized int forced() {
        return forced;
    }

    /// Gives its memory back at once: while it is mapped, a file takes its room on the disk even when it is deleted.
    synchronized void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}
