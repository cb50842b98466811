package sluice.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of one record of the journal, as they are written or read.
final class JournalText {
    /// In characters. The store keeps fewer.
    static final int LONGEST_TEXT = 1_024;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final RecentNames NAMES = new RecentNames();

    private byte[] bytes;
    private int at;

    JournalText() {
        this.bytes = new byte[512];
    }

    JournalText(byte[] bytes) {
        this.bytes = bytes;
    }

    void clear() {
        at = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return at;
    }

    JournalText number(long value) {
        room(Long.BYTES);
        LONG.set(bytes, at, value);
        at += Long.BYTES;
        return this;
    }

    JournalText small(int value) {
        room(1);
        bytes[at++] = (byte) value;
        return this;
    }

    JournalText count(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException("as many as " + value);
        }
        return small(value).small(value >>> 8);
    }

    /// A longer text is cut: what a call cost is written down whatever its caller named it.
    JournalText text(String text) {
        return encoded(NAMES.bytes(cut(text)));
    }

    /// One that no other record has is not worth remembering.
    JournalText unique(String text) {
        return encoded(cut(text).getBytes(StandardCharsets.UTF_8));
    }

    private static String cut(String text) {
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    private JournalText encoded(byte[] encoded) {
        count(encoded.length).room(encoded.length);
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
        at += encoded.length;
        return this;
    }

    private void room(int more) {
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        }
    }

    long number() {
        long value = (long) LONG.get(bytes, at);
        at += Long.BYTES;
        return value;
    }

    int small() {
        return bytes[at++] & 0xff;
    }

    int count() {
        return small() | small() << 8;
    }

    /// As it was written by {@link #unique(String)}.
    String unique() {
        int length = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
        var text = new String(bytes, at + 2, length, StandardCharsets.UTF_8);
        at += 2 + length;
        return text;
    }

    String text() {
        int length = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
        var text = NAMES.name(bytes, at + 2, length);
        at += 2 + length;
        return text;
    }
}
