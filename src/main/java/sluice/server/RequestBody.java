package sluice.server;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.loop.Strand;

/// Collects one request's body, up to the limit, straight from the socket's buffers into the one array that the call
/// then works on. A little is taken at once, whoever sends it; the rest only when the call asks for it. The array grows
/// to the declared length only after an eighth of it has really come, so that a declared length alone costs nothing.
/// Large arrays are lent by the loop and given back when the call is over.
///
/// Filled on the loop, read on the strand.
final class RequestBody {
    /// What is taken before anybody asked.
    private static final int UNASKED = 64 * 1024;

    private static final int FIRST_PART = 1 << 20;
    private static final byte[] NOTHING = new byte[0];

    /// The connection that the body comes from, as far as it can be made to wait.
    interface Source {
        void pause();

        void resume();

        /// Nothing behind this request is to be read.
        void last();
    }

    private final Source source;
    private final BodyArrays arrays;
    private final long declaredLength;
    private final long limit;
    private byte[] array = NOTHING;
    private int length;
    private boolean asked;
    private boolean paused;
    private boolean dropped;
    private long droppedBytes;
    private @Nullable Strand reader;
    private volatile boolean ended;
    private volatile boolean tooLarge;
    private volatile boolean broken;
    private volatile long progressNanos;

    /// @param declaredLength in bytes, or -1 when the client did not say
    RequestBody(Source source, BodyArrays arrays, long declaredLength, long limit, long nowNanos) {
        this.source = source;
        this.arrays = arrays;
        this.declaredLength = declaredLength;
        this.limit = limit;
        this.progressNanos = nowNanos;
    }

    /// Whom to wake when the body is complete, or known to be too large.
    void wakes(Strand strand) {
        reader = strand;
    }

    /// Takes the next part. On the loop.
    void take(ByteBuf part) {
        int more = part.readableBytes();
        if (dropped || tooLarge) {
            droppedBytes += more;
            return;
        }
        if (length + (long) more > limit) {
            tooLarge = true;
            array = NOTHING;
            length = 0;
            wakeReader();
            return;
        }
        makeRoom(more);
        part.getBytes(part.readerIndex(), array, length, more);
        length += more;
        if (asked) {
            progressNanos = System.nanoTime();
        } else if (length >= UNASKED && !paused) {
            paused = true;
            source.pause();
        }
    }

    /// Nothing more comes. On the loop.
    void end() {
        ended = true;
        resume(); // it may have come whole before anybody asked, and the next request waits behind
        // it
        wakeReader();
    }

    /// What comes is not the framing that was announced, and nothing behind it can be trusted. On the loop.
    void breakOff() {
        broken = true;
        wakeReader();
    }

    /// The call wants the rest. On the loop.
    void ask() {
        asked = true;
        progressNanos = System.nanoTime();
        resume();
    }

    /// The connection ends with this request, whatever else was sent on it. On the loop.
    void last() {
        source.last();
    }

    /// Nobody will read this body: what still comes is counted and forgotten. On the loop.
    void drop() {
        dropped = true;
        array = NOTHING;
        length = 0;
        resume();
    }

    /// True when the array is worth giving back.
    boolean isLarge() {
        return length >= BodyArrays.LEAST_BYTES;
    }

    /// The call is over, and neither it nor a socket reads {@link #bytes} any more: the array is another body's from
    /// now on. On the loop.
    void giveBack() {
        if (ended) {
            var mine = array;
            array = NOTHING; // whoever asks for the bytes after all fails
            arrays.giveBack(mine, System.nanoTime());
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            source.resume();
        }
    }

    long droppedBytes() {
        return droppedBytes;
    }

    boolean settled() {
        return ended || tooLarge || broken;
    }

    boolean broken() {
        return broken;
    }

    boolean ended() {
        return ended;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    long progressNanos() {
        return progressNanos;
    }

    /// The whole body, once {@link #ended} and until {@link #giveBack}.
    Bytes bytes() {
        return Bytes.of(array, 0, length);
    }

    private void makeRoom(int more) {
        int needed = length + more;
        if (needed <= array.length) {
            return;
        }
        long size;
        if (declaredLength >= needed) {
            long soFar = Math.max(FIRST_PART, 2L * array.length);
            size = length >= declaredLength / 8 ? declaredLength : Math.min(declaredLength, soFar);
        } else {
            size = Math.min(Math.max(2L * array.length, 8192), limit);
        }
        grow((int) Math.max(size, needed));
    }

    private void grow(int size) {
        var smaller = array;
        if (size < BodyArrays.LEAST_BYTES) {
            array = Arrays.copyOf(smaller, size);
            return;
        }
        array = arrays.take(size);
        System.arraycopy(smaller, 0, array, 0, length);
        arrays.giveBack(smaller, System.nanoTime());
    }

    private void wakeReader() {
        var strand = reader;
        if (strand != null) {
            strand.wake();
        }
    }
}
