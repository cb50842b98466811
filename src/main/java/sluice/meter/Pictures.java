package sluice.meter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import sluice.call.Bytes;

/// Finds the pictures of a request without reading all of it. A picture is a long string of Base64, and text hardly ever
/// has so many letters in a row: so it is enough to look at a few bytes here and there, at places so near to each other
/// that no picture lies between them.
final class Pictures {
    /// A shorter one is taken for text.
    static final int SHORTEST = 4 * 1024;

    private static final int STRIDE = SHORTEST / 2;
    private static final int ROW = 64;
    private static final int LONGEST_PREFIX = 256;
    private static final byte[] DATA_URL = ascii("data:");
    private static final List<byte[]> NAMES = List.of(ascii("data"), ascii("b64_json"));
    private static final List<byte[]> NAMES_OF_URLS =
            List.of(ascii("url"), ascii("image_url"), ascii("file_data"));
    private static final boolean[] LETTERS = letters();
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;

    private final byte[] array;
    private final int from;
    private final int to;
    private int count;
    private long bytes;

    private Pictures(Bytes json) {
        this.array = json.array();
        this.from = json.from();
        this.to = json.to();
    }

    /// @param json a request that is known to be JSON
    static Pictures in(Bytes json) {
        var pictures = new Pictures(json);
        pictures.look();
        return pictures;
    }

    int count() {
        return count;
    }

    /// How long they are together.
    long bytes() {
        return bytes;
    }

    private void look() {
        int at = from;
        while (at < to - ROW) {
            if (!isRow(at)) {
                at += STRIDE;
                continue;
            }
            int end = quote(at);
            int begin = begin(at);
            if (end - begin >= SHORTEST && array[end - 1] != '\\' && isPicture(begin)) {
                count++;
                bytes += end - begin;
            }
            at = end + 1;
        }
    }

    private boolean isRow(int at) {
        for (int i = at; i < at + ROW; i++) {
            if (!LETTERS[array[i] & 0xff]) {
                return false;
            }
        }
        return true;
    }

    /// Where the string begins that this row is in, if a picture does so.
    private int begin(int row) {
        int begin = row;
        while (begin > from && LETTERS[array[begin - 1] & 0xff]) {
            begin--;
        }
        int farthest = Math.max(from, begin - LONGEST_PREFIX);
        while (begin > farthest && array[begin - 1] != '"') {
            begin--;
        }
        return begin;
    }

    private boolean isPicture(int begin) {
        int name = space(begin - 1);
        if (name <= from || array[name - 1] != ':') {
            return false; // an element of a list, or a quote within a text
        }
        name = space(name - 1);
        return NAMES.stream().anyMatch(ofName(name))
                || (isAt(DATA_URL, begin) && NAMES_OF_URLS.stream().anyMatch(ofName(name)));
    }

    /// Whether a name, in its quotes, ends here.
    private java.util.function.Predicate<byte[]> ofName(int end) {
        return name -> {
            int begin = end - 1 - name.length;
            return begin > from
                    && array[end - 1] == '"'
                    && array[begin - 1] == '"'
                    && isAt(name, begin);
        };
    }

    private boolean isAt(byte[] text, int begin) {
        return begin + text.length <= to
                && java.util.Arrays.equals(array, begin, begin + text.length, text, 0, text.length);
    }

    /// Back over white space.
    private int space(int end) {
        int at = end;
        while (at > from && array[at - 1] <= ' ' && array[at - 1] > 0) {
            at--;
        }
        return at;
    }

    /// The next quote, looked for in eight bytes at a time: the lowest byte that becomes zero is one.
    private int quote(int start) {
        int i = start;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long differs = (long) EIGHT.get(array, i) ^ QUOTES;
            long zeros = (differs - ONES) & ~differs & TOPS;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (i < to && array[i] != '"') {
            i++;
        }
        return i;
    }

    /// Those of both alphabets of Base64, and the backslash that some write before a slash.
    private static boolean[] letters() {
        var letters = new boolean[256];
        for (char letter = 'a'; letter <= 'z'; letter++) {
            letters[letter] = true;
            letters[Character.toUpperCase(letter)] = true;
        }
        for (byte letter : ascii("0123456789+/-_=\\")) {
            letters[letter] = true;
        }
        return letters;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
