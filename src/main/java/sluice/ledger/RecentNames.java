package sluice.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names as texts and as bytes, those that came lately as the same ones again: a journal has the same few in every record. A
/// name that shares its place with another is made anew, so it never grows. Threads may race for a place; each of them gets
/// its name.
final class RecentNames {
    private static final int PLACES = 1 << 12;
    private static final Name NONE = new Name(new byte[0], "");
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Name[] names = new Name[PLACES];
    private final Name[] byText = new Name[PLACES];

    private static final class Name {
        private final byte[] bytes;
        private final String text;

        Name(byte[] bytes, String text) {
            this.bytes = bytes;
            this.text = text;
        }
    }

    RecentNames() {
        Arrays.fill(names, NONE);
        Arrays.fill(byText, NONE);
    }

    /// @return UTF-8, to be read only
    byte[] bytes(String name) {
        int hash = name.hashCode();
        int place = (hash ^ hash >>> 16) & (PLACES - 1);
        var recent = byText[place];
        if (recent.text.equals(name)) {
            return recent.bytes;
        }
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        byText[place] = new Name(bytes, name);
        return bytes;
    }

    /// @param bytes UTF-8
    /// @throws IndexOutOfBoundsException when there are fewer bytes
    String name(byte[] bytes, int from, int length) {
        if (length == 0) {
            return "";
        }
        int place = place(bytes, from, length);
        var recent = names[place];
        if (Arrays.equals(recent.bytes, 0, recent.bytes.length, bytes, from, from + length)) {
            return recent.text;
        }
        var name = new String(bytes, from, length, StandardCharsets.UTF_8);
        names[place] = new Name(Arrays.copyOfRange(bytes, from, from + length), name);
        return name;
    }

    /// By what a name begins with, has in its middle and ends with: a byte at a time took most of the time of reading.
    private static int place(byte[] bytes, int from, int length) {
        long mixed = length;
        if (length < Long.BYTES) {
            for (int i = from; i < from + length; i++) {
                mixed = (mixed << Byte.SIZE) | (bytes[i] & 0xff);
            }
        } else {
            int last = length - Long.BYTES;
            mixed = 31 * mixed + (long) LONG.get(bytes, from);
            mixed = 31 * mixed + (long) LONG.get(bytes, from + last / 2);
            mixed = 31 * mixed + (long) LONG.get(bytes, from + last);
        }
        mixed *= 0x9e3779b97f4a7c15L; // spreads what differs in few bits
        return (int) (mixed >>> 40) & (PLACES - 1);
    }
}
