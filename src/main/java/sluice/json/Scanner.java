package sluice.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The grammar of RFC 8259 over bytes, strict UTF-8 included, and nothing else: it says where each thing ends.
///
/// Each method takes the offset where something begins and returns the offset just behind it, or throws. There is no
/// recursion and no token object. The time goes into strings, so these are read eight bytes at a time: a long holds
/// eight bytes, the first one lowest, and a test sets the top bit of each byte it stops at. Subtraction may set false
/// bits above the first true one, never below, so only the lowest is believed.
final class Scanner {
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final int END = -1;

    private final byte[] array;
    private final int from;
    private final int to;
    private final int maxDepth;

    Scanner(byte[] array, int from, int to, int maxDepth) {
        this.array = array;
        this.from = from;
        this.to = to;
        this.maxDepth = maxDepth;
    }

    /// Skips white space.
    int space(int i) {
        while (i < to && array[i] <= ' ' && isSpace(array[i])) {
            i++;
        }
        return i;
    }

    /// The byte there, 0 to 255, or -1 behind the last one.
    int at(int i) {
        return i < to ? array[i] & 0xff : END;
    }

    /// From the opening quote of a name to the quote behind it.
    int name(int i) throws NotJson {
        if (at(i) != '"') {
            throw expected(i, "a name in quotes");
        }
        return string(i + 1);
    }

    /// From behind a name to the first byte of its value.
    int colon(int i) throws NotJson {
        int colon = space(i);
        if (at(colon) != ':') {
            throw expected(colon, "':' after a name");
        }
        return space(colon + 1);
    }

    /// A value of the top-level object.
    int value(int i) throws NotJson {
        return switch (at(i)) {
            case '"' -> string(i + 1);
            case '{', '[' -> container(i);
            default -> scalar(i);
        };
    }

    /// An object or array with all that it holds. The stack keeps one bit a level: set for an object.
    private int container(int start) throws NotJson {
        int i = start;
        int depth = 1;
        var objects = new long[(maxDepth >>> 6) + 1];
        boolean object = true;
        while (true) {
            int next = at(i);
            if (next == '{' || next == '[') {
                if (++depth > maxDepth) {
                    throw NotJson.because(
                            "The body is nested deeper than " + maxDepth + " levels.");
                }
                object = next == '{';
                if (object) {
                    objects[depth >>> 6] |= 1L << depth;
                } else {
                    objects[depth >>> 6] &= ~(1L << depth);
                }
                i = space(i + 1);
                if (at(i) != (object ? '}' : ']')) {
                    if (object) {
                        i = colon(name(i));
                    }
                    continue;
                }
            } else {
                i = space(next == '"' ? string(i + 1) : scalar(i));
            }
            // a value has ended, or an empty container is about to
            while (at(i) == (object ? '}' : ']')) {
                if (--depth == 1) {
                    return i + 1;
                }
                object = (objects[depth >>> 6] >>> depth & 1) != 0;
                i = space(i + 1);
            }
            if (at(i) != ',') {
                throw expected(i, object ? "',' or '}'" : "',' or ']'");
            }
            i = space(i + 1);
            if (object) {
                i = colon(name(i));
            }
        }
    }

    /// From behind the opening quote to behind the closing one.
    int string(int start) throws NotJson {
        int i = start;
        while (true) {
            i = plain(i);
            int stop = at(i);
            if (stop == '"') {
                return i + 1;
            }
            if (stop == '\\') {
                i = escape(i);
            } else if (stop >= 0x80) {
                i = character(i); // in many languages it stands alone among ASCII
                if (at(i) >= 0x80) {
                    i = beyondAscii(i);
                }
            } else if (stop == END) {
                throw expected(i, "'\"' at the end of a string");
            } else {
                throw NotJson.syntax(
                        i - from, "a string holds an unescaped control character, " + got(i));
            }
        }
    }

    /// Skips what needs no thought: ASCII but for quote, backslash and control characters.
    private int plain(int start) {
        int i = start;
        for (int last = to - 8; i <= last; i += 8) {
            long eight = eight(i);
            long stops = (stops(eight) | eight) & TOPS;
            if (stops != 0) {
                return i + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (i < to && isPlain(array[i])) {
            i++;
        }
        return i;
    }

    /// Skips text that is not all ASCII, eight bytes a step, until eight are ASCII again or one needs a thought.
    ///
    /// Seen from each byte: it continues a character exactly when the byte before it starts one, or the byte two before
    /// starts one of three bytes; and no start may spell a character that has a shorter spelling (0xC0, 0xC1, 0xE0 with
    /// less than 0xA0) or a surrogate (0xED with 0xA0 or more). Characters of four bytes, and whatever seems wrong, are
    /// left to {@link #character}. There are always two bytes before: the document's brace and the string's quote.
    private int beyondAscii(int start) throws NotJson {
        int i = start;
        for (int last = to - 8; i <= last; i += 8) {
            long eight = eight(i);
            long before = eight(i - 1);
            long twoBefore = eight(i - 2);
            long stops = stops(eight) & ~eight & TOPS;
            long second = before & before << 1;
            long third = twoBefore & twoBefore << 1 & twoBefore << 2;
            long secondOfThree = second & before << 2;
            long misplaced = (eight & ~(eight << 1)) ^ (second | third);
            long c0c1 =
                    second & ~(before << 2 | before << 3 | before << 4 | before << 5 | before << 6);
            long e0 = ~(before << 4 | before << 5 | before << 6 | before << 7) & ~(eight << 2);
            long ed = before << 4 & before << 5 & ~(before << 6) & before << 7 & eight << 2;
            long four = eight & eight << 1 & eight << 2 & eight << 3;
            long wrong = misplaced | c0c1 | (secondOfThree & (e0 | ed)) | four;
            long upToStop = stops ^ (stops - 1);
            if ((wrong & TOPS & upToStop) != 0) {
                break;
            }
            if (stops != 0) {
                return i + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
            if ((eight & TOPS) == 0) {
                return i + 8;
            }
        }
        int past = i + 8;
        int lead = i - 1;
        while (lead > start && isContinuation(lead)) {
            lead--;
        }
        if (lead >= start && at(lead) >= 0xc0) {
            i = lead; // perhaps cut by the step of eight
        }
        while (i < past && at(i) >= 0x80) {
            i = character(i);
        }
        return i;
    }

    /// One character of two to four bytes, by the table of well-formed sequences (Unicode, table 3-7).
    private int character(int i) throws NotJson {
        int first = at(i);
        int second = at(i + 1);
        boolean good;
        int length;
        if (first < 0xe0) {
            length = 2;
            good = first >= 0xc2 && isContinuation(i + 1);
        } else if (first < 0xf0) {
            length = 3;
            good =
                    second >= (first == 0xe0 ? 0xa0 : 0x80)
                            && second <= (first == 0xed ? 0x9f : 0xbf)
                            && isContinuation(i + 2);
        } else {
            length = 4;
            good =
                    first <= 0xf4
                            && second >= (first == 0xf0 ? 0x90 : 0x80)
                            && second <= (first == 0xf4 ? 0x8f : 0xbf)
                            && isContinuation(i + 2)
                            && isContinuation(i + 3);
        }
        if (!good) {
            throw NotJson.because("The body is not valid UTF-8 at byte " + (i - from) + ".");
        }
        return i + length;
    }

    private int escape(int i) throws NotJson {
        return switch (at(i + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> i + 2;
            case 'u' -> fourHexDigits(i + 2);
            default -> throw expected(i + 1, "one of \"\\/bfnrtu after a backslash");
        };
    }

    private int fourHexDigits(int start) throws NotJson {
        for (int i = start; i < start + 4; i++) {
            if (!isHex(at(i))) {
                throw expected(i, "four hexadecimal digits after '\\u'");
            }
        }
        return start + 4;
    }

    private int scalar(int i) throws NotJson {
        return switch (at(i)) {
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(i);
            case 't' -> literal(i, "true");
            case 'f' -> literal(i, "false");
            case 'n' -> literal(i, "null");
            default -> throw expected(i, "a value");
        };
    }

    private int number(int start) throws NotJson {
        int i = at(start) == '-' ? start + 1 : start;
        if (at(i) == '0') {
            i++;
            if (isDigit(at(i))) {
                throw NotJson.syntax(i - 1 - from, "a number has a leading zero");
            }
        } else {
            i = digits(i);
        }
        if (at(i) == '.') {
            i = digits(i + 1);
        }
        if ((at(i) | 0x20) == 'e') {
            i++;
            i = digits(at(i) == '+' || at(i) == '-' ? i + 1 : i);
        }
        return i;
    }

    /// At least one.
    private int digits(int start) throws NotJson {
        int i = start;
        while (isDigit(at(i))) {
            i++;
        }
        if (i == start) {
            throw expected(i, "a digit");
        }
        return i;
    }

    private int literal(int i, String word) throws NotJson {
        for (int letter = 0; letter < word.length(); letter++) {
            if (at(i + letter) != word.charAt(letter)) {
                throw expected(i + letter, "'" + word + "'");
            }
        }
        return i + word.length();
    }

    NotJson expected(int i, String what) {
        return NotJson.syntax(i - from, "expected " + what + ", " + got(i));
    }

    private String got(int i) {
        int found = at(i);
        if (found == END) {
            return "got the end of the body";
        }
        return found > ' ' && found < 0x7f
                ? "got '" + (char) found + "'"
                : "got byte 0x%02X".formatted(found);
    }

    private long eight(int i) {
        return (long) EIGHT.get(array, i);
    }

    private boolean isContinuation(int i) {
        return i < to && (array[i] & 0xc0) == 0x80;
    }

    /// Sets the top bit of quotes, backslashes and control characters among ASCII bytes. Flipping one bit brings the
    /// quote (0x22) under the space (0x20), beside the control characters.
    private static long stops(long eight) {
        return (eight ^ 0x02 * ONES) - 0x21 * ONES | (eight ^ '\\' * ONES) - ONES;
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isHex(int b) {
        return isDigit(b) || ((b | 0x20) >= 'a' && (b | 0x20) <= 'f');
    }
}
