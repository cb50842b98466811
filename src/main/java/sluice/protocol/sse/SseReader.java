package sluice.protocol.sse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sluice.call.Bytes;

/// Cuts a stream of bytes into events, however the reads fall. An event that lies whole in one read is a view of that
/// read; only an event spread over several reads is copied together. Every byte is looked at once.
public final class SseReader {
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte[] NOTHING = new byte[0];

    private final int maxEventBytes;

    /// The beginning of an event that is not complete yet. Once events were cut from it, the array is theirs.
    private byte[] held = NOTHING;

    private int heldLength;

    /// Of the held bytes: where the first line begins that is not complete, and up to where it was looked at.
    private int lineStart;

    private int looked;

    /// The last event ended with a CR, and the LF that may come next still belongs to it.
    private boolean afterCr;

    /// @param maxEventBytes the largest event that is waited for
    public SseReader(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    /// Takes the next bytes and gives the events that are complete now, often one, sometimes none.
    ///
    /// @throws EventTooLarge when an event does not end within the limit
    public List<SseEvent> read(Bytes bytes) throws EventTooLarge {
        if (bytes.isEmpty()) {
            return List.of();
        }
        byte[] array = bytes.array();
        int from = bytes.from() + (afterCr && array[bytes.from()] == LF ? 1 : 0);
        afterCr = false;
        if (heldLength == 0) {
            return cut(array, from, bytes.to(), from, from);
        }
        hold(array, from, bytes.to());
        return cut(held, 0, heldLength, lineStart, looked);
    }

    /// How many bytes there are to look at or to copy when these are read. Those that are held count when an event may end
    /// with these, or when they need a larger array.
    public int toWorkAt(Bytes bytes) {
        int all = heldLength + bytes.length();
        boolean onlyAdds =
                heldLength > 0
                        && all <= held.length
                        && lineEnd(bytes.array(), bytes.from(), bytes.to()) < 0;
        return onlyAdds ? bytes.length() : all;
    }

    /// True when the stream may end here: nothing is half-read.
    public boolean atBoundary() {
        return heldLength == 0;
    }

    /// @param from where the first event begins
    /// @param firstLine the beginning of the first line that is not known to be complete
    /// @param unseen the first byte that was not looked at before
    private List<SseEvent> cut(byte[] array, int from, int to, int firstLine, int unseen)
            throws EventTooLarge {
        var events = new ArrayList<SseEvent>(1);
        int start = from;
        int line = firstLine;
        int look = unseen;
        while (true) {
            int end = lineEnd(array, look, to);
            if (end < 0 || (end + 1 == to && mayBeHalf(array, start, line, end))) {
                break;
            }
            int next = afterLineEnd(array, end, to);
            if (end == line) {
                events.add(event(array, start, line, next));
                start = next;
            }
            line = next;
            look = next;
        }
        if (start < to) {
            keep(array, start, line, to);
        } else {
            held = NOTHING;
            heldLength = 0;
            afterCr = array[to - 1] == CR;
        }
        return events;
    }

    private SseEvent event(byte[] array, int start, int blank, int end) throws EventTooLarge {
        if (end - start > maxEventBytes) {
            throw new EventTooLarge(maxEventBytes);
        }
        return new SseEvent(Bytes.of(array, start, end), data(array, start, blank));
    }

    /// A CR at the very end may be half of a CRLF, so it waits for the next byte. One that follows a lone CR does not:
    /// this stream ends its lines so, and an event must not wait for the one after it.
    private static boolean mayBeHalf(byte[] array, int start, int line, int end) {
        boolean second = end == line && line > start && array[line - 1] == CR;
        return array[end] == CR && !second;
    }

    /// Remembers what is incomplete. Bytes that are held already stay where they are.
    private void keep(byte[] array, int start, int line, int to) throws EventTooLarge {
        if (to - start > maxEventBytes) {
            throw new EventTooLarge(maxEventBytes);
        }
        if (heldLength == 0 || start > 0) {
            held = NOTHING;
            heldLength = 0;
            hold(array, start, to);
        }
        lineStart = line - start;
        looked = array[to - 1] == CR ? heldLength - 1 : heldLength;
    }

    private void hold(byte[] array, int from, int to) {
        int length = heldLength + to - from;
        if (length > held.length) {
            held = Arrays.copyOf(held, Math.max(length, Math.min(2 * held.length, maxEventBytes)));
        }
        System.arraycopy(array, from, held, heldLength, to - from);
        heldLength = length;
    }

    /// The offset of the CR or LF that ends the line, or -1 when none is there.
    private static int lineEnd(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == LF || array[i] == CR) {
                return i;
            }
        }
        return -1;
    }

    private static int afterLineEnd(byte[] array, int end, int to) {
        boolean crlf = array[end] == CR && end + 1 < to && array[end + 1] == LF;
        return end + (crlf ? 2 : 1);
    }

    /// The joined {@code data} lines between {@code from} and {@code to}. One line, the usual case, is a view.
    private static Bytes data(byte[] array, int from, int to) {
        Bytes only = Bytes.EMPTY;
        var more = new ArrayList<Bytes>(0);
        for (int line = from; line < to; ) {
            int end = lineEnd(array, line, to);
            if (end < 0) {
                end = to;
            }
            if (isData(array, line, end)) {
                int value = line + 5;
                if (value < end && array[value] == ' ') {
                    value++;
                }
                more.add(Bytes.of(array, Math.min(value, end), end));
                only = more.getFirst();
            }
            line = end < to ? afterLineEnd(array, end, to) : to;
        }
        return more.size() < 2 ? only : joined(more);
    }

    /// True for the field name {@code data}, alone or before a colon.
    private static boolean isData(byte[] array, int from, int end) {
        return end - from >= 4
                && array[from] == 'd'
                && array[from + 1] == 'a'
                && array[from + 2] == 't'
                && array[from + 3] == 'a'
                && (end - from == 4 || array[from + 4] == ':');
    }

    private static Bytes joined(List<Bytes> lines) {
        int length = lines.size() - 1;
        for (var line : lines) {
            length += line.length();
        }
        var whole = new byte[length];
        int at = 0;
        for (var line : lines) {
            System.arraycopy(line.array(), line.from(), whole, at, line.length());
            at += line.length();
            if (at < length) {
                whole[at++] = LF;
            }
        }
        return Bytes.of(whole);
    }
}
