package sluice.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of one record of the journal, as they are written or read.
final class JournalText {
    /// In characters. The store keeps fewer.
    static final int LONGEST_TEXT = 1_024;

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
        room(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[at++] = (byte) (value >>> shift);
        }
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
        int length = text.length();
        if (length > LONGEST_TEXT) {
            return encoded(text.substring(0, LONGEST_TEXT).getBytes(StandardCharsets.UTF_8));
        }
        room(2 + length);
        int begin = at;
        at += 2;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                at = begin;
                return encoded(text.getBytes(StandardCharsets.UTF_8));
            }
            bytes[at++] = (byte) c;
        }
        return lengthAt(begin, length);
    }

    private JournalText encoded(byte[] encoded) {
        room(2 + encoded.length);
        int begin = at;
        at += 2;
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
        at += encoded.length;
        return lengthAt(begin, encoded.length);
    }

    private JournalText lengthAt(int begin, int length) {
        bytes[begin] = (byte) length;
        bytes[begin + 1] = (byte) (length >>> 8);
        return this;
    }

    private void room(int more) {
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        }
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            value |= (bytes[at++] & 0xffL) << shift;
        }
        return value;
    }

    int small() {
        return bytes[at++] & 0xff;
    }

    int count() {
        return small() | small() << 8;
    }

    /// One that no other record has is not worth remembering.
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
