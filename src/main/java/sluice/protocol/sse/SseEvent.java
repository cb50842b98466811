package sluice.protocol.sse;

import sluice.call.Bytes;

/// One complete event.
///
/// @param raw the event as it came, with the blank line that ends it
/// @param data the payload: its {@code data} lines joined by a line feed; empty for a comment
public record SseEvent(Bytes raw, Bytes data) {
    private static final byte[] FIELD = {'e', 'v', 'e', 'n', 't', ':'};

    /// What stands in its {@code event} line, the last when there are several; empty without one.
    public String name() {
        byte[] array = raw.array();
        var name = "";
        int line = raw.from();
        while (line < raw.to()) {
            int end = line;
            while (end < raw.to() && array[end] != '\n' && array[end] != '\r') {
                end++;
            }
            if (begins(array, line, end)) {
                int from = line + FIELD.length;
                from += from < end && array[from] == ' ' ? 1 : 0;
                name = Bytes.of(array, from, end).utf8();
            }
            line = end + 1;
        }
        return name;
    }

    private static boolean begins(byte[] array, int from, int to) {
        if (to - from < FIELD.length) {
            return false;
        }
        for (int i = 0; i < FIELD.length; i++) {
            if (array[from + i] != FIELD[i]) {
                return false;
            }
        }
        return true;
    }
}
