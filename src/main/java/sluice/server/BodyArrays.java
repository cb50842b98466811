package sluice.server;

import java.util.ArrayDeque;

/// The arrays of large request bodies, kept by one loop from one call to the next: to make one anew costs clearing it,
/// and a collection for every few dozen calls. The one that was given back last is used next, because its bytes are
/// still near the processor; what is not needed grows old and is let go. Used on its loop only.
///
/// Whoever gets an array finds another caller's bytes in it, so it must never be read beyond what was written.
final class BodyArrays {
    /// Smaller ones are made anew, which costs as little.
    static final int LEAST_BYTES = 32 * 1024;

    /// How much may lie here unused.
    static final long MOST_IDLE_BYTES = 32L << 20;

    static final long IDLE_NANOS = 5_000_000_000L;

    /// An array this many times larger than what is asked for is left to a body that needs it.
    private static final int TIMES_TOO_LARGE = 4;

    private static final class Idle {
        final byte[] array;
        final long sinceNanos;

        Idle(byte[] array, long sinceNanos) {
            this.array = array;
            this.sinceNanos = sinceNanos;
        }
    }

    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private long idleBytes;

    /// An array of at least {@code size} bytes.
    byte[] take(int size) {
        for (var all = idle.descendingIterator(); all.hasNext(); ) {
            var array = all.next().array;
            if (array.length >= size && array.length / TIMES_TOO_LARGE < size) {
                all.remove();
                idleBytes -= array.length;
                return array;
            }
        }
        return new byte[size];
    }

    /// Nobody reads this array any more, neither a call nor a socket.
    void giveBack(byte[] array, long nowNanos) {
        if (array.length < LEAST_BYTES || array.length > MOST_IDLE_BYTES) {
            return;
        }
        idle.addLast(new Idle(array, nowNanos));
        idleBytes += array.length;
        while (idleBytes > MOST_IDLE_BYTES) {
            dropOldest();
        }
    }

    /// Lets go what nobody has used for a while. Called a few times a second.
    void sweep(long nowNanos) {
        while (!idle.isEmpty() && nowNanos - idle.getFirst().sinceNanos >= IDLE_NANOS) {
            dropOldest();
        }
    }

    long idleBytes() {
        return idleBytes;
    }

    private void dropOldest() {
        idleBytes -= idle.removeFirst().array.length;
    }
}
