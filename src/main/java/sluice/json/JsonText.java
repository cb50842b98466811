package sluice.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;

/// Writes a small document that is ours: an error, a ledger line, a list of names. Everything opened is ended in turn.
///
/// ```java
/// new JsonText().object().object("error").field("message", words).end().end().toBytes()
/// ```
///
/// Text becomes UTF-8; a surrogate without its other half, which UTF-8 cannot hold, is escaped.
public final class JsonText {
    private static final int DEEPEST = 62;
    private static final int LONGEST_NUMBER = String.valueOf(Long.MIN_VALUE).length();
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    private byte[] written;
    private int length;
    private int depth;

    /// One bit a level, the innermost lowest: set for an object.
    private long objects;

    /// Whether a comma stands before whatever comes next.
    private boolean comma;

    public JsonText() {
        this(512);
    }

    private JsonText(int expectedBytes) {
        written = new byte[expectedBytes];
    }

    public JsonText object() {
        return open('{', 1);
    }

    public JsonText object(String name) {
        return name(name).object();
    }

    public JsonText array() {
        return open('[', 0);
    }

    public JsonText array(String name) {
        return name(name).array();
    }

    public JsonText field(String name, @Nullable String text) {
        return name(name).value(text);
    }

    public JsonText field(String name, long number) {
        return name(name).value(number);
    }

    public JsonText field(String name, boolean truth) {
        return name(name).value(truth);
    }

    /// {@code json} is JSON already and is copied as it is.
    public JsonText field(String name, Bytes json) {
        return name(name).value(json);
    }

    public JsonText value(@Nullable String text) {
        separate();
        if (text == null) {
            ascii("null");
        } else {
            quote(text);
        }
        comma = true;
        return this;
    }

    public JsonText value(long number) {
        separate();
        digits(number);
        comma = true;
        return this;
    }

    public JsonText value(boolean truth) {
        return literal(Boolean.toString(truth));
    }

    /// {@code json} is JSON already and is copied as it is.
    public JsonText value(Bytes json) {
        separate();
        room(json.length());
        System.arraycopy(json.array(), json.from(), written, length, json.length());
        length += json.length();
        comma = true;
        return this;
    }

    /// Ends the innermost object or array.
    public JsonText end() {
        if (depth == 0) {
            throw new IllegalStateException("there is no object or array to end");
        }
        put((objects & 1) == 1 ? '}' : ']');
        objects >>>= 1;
        depth--;
        comma = true;
        return this;
    }

    public Bytes toBytes() {
        if (depth != 0) {
            throw new IllegalStateException(depth + " objects or arrays are not ended");
        }
        return Bytes.of(Arrays.copyOf(written, length));
    }

    /// Forgets what was written, so that the writer can be used again.
    public void clear() {
        length = 0;
        depth = 0;
        objects = 0;
        comma = false;
    }

    /// What was written, without a copy: good until the writer is used again.
    public Bytes view() {
        return Bytes.of(written, 0, length);
    }

    /// A text as a JSON string, quotes included.
    public static Bytes quoted(String text) {
        return new JsonText(text.length() + 2).value(text).toBytes();
    }

    private JsonText open(char brace, int kind) {
        if (depth == DEEPEST) {
            throw new IllegalStateException("a document of ours is at most " + DEEPEST + " deep");
        }
        separate();
        put(brace);
        objects = objects << 1 | kind;
        depth++;
        comma = false;
        return this;
    }

    private JsonText name(String name) {
        separate();
        quote(name);
        put(':');
        comma = false;
        return this;
    }

    private JsonText literal(String digitsOrWord) {
        separate();
        ascii(digitsOrWord);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
    }

    private void quote(String text) {
        put('"');
        for (int i = plain(text); i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (c < ' ') {
                control(c);
            } else if (c < 0x80) {
                put(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                utf8(Character.toCodePoint(c, text.charAt(++i)));
            } else if (Character.isSurrogate(c)) {
                escape(c);
            } else {
                utf8(c);
            }
        }
        put('"');
    }

    /// Copies the beginning of a text that needs no escape, which is nearly always all of it, and returns its length.
    private int plain(String text) {
        room(text.length());
        byte[] into = written;
        int at = length;
        int i = 0;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            into[at++] = (byte) c;
        }
        length = at;
        return i;
    }

    private void control(char c) {
        switch (c) {
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            default -> escape(c);
        }
    }

    private void escape(char c) {
        ascii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(HEX[c >>> shift & 15]);
        }
    }

    private void utf8(int point) {
        if (point < 0x800) {
            put(0xc0 | point >>> 6);
        } else {
            if (point < 0x10000) {
                put(0xe0 | point >>> 12);
            } else {
                put(0xf0 | point >>> 18);
                put(0x80 | (point >>> 12 & 0x3f));
            }
            put(0x80 | (point >>> 6 & 0x3f));
        }
        put(0x80 | (point & 0x3f));
    }

    private void digits(long number) {
        room(LONGEST_NUMBER);
        if (number < 0) {
            written[length++] = '-';
        }
        int from = length;
        long left = number;
        do {
            written[length++] =
                    (byte) ('0' + Math.abs(left % 10)); // the smallest number has no opposite
            left /= 10;
        } while (left != 0);
        for (int low = from, high = length - 1; low < high; low++, high--) {
            byte swapped = written[low];
            written[low] = written[high];
            written[high] = swapped;
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(int b) {
        room(1);
        written[length++] = (byte) b;
    }

    private void room(int more) {
        if (written.length - length < more) {
            written = Arrays.copyOf(written, Math.max(length + more, written.length * 2));
        }
    }
}
