package sluice.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The frames of one paced stream: words in order, then the finish, the usage and `[DONE]`, each
/// written by itself. All but the last carry the moment at which they were written, in a field
/// that a gateway has no reason to touch.
final class Frames {
    static final int COUNT = 64;
    static final Duration PERIOD = Duration.ofMillis(50);
    private static final int WORDS = COUNT - 3;
    private static final String STAMP = "fp_";
    private static final int STAMP_DIGITS = 19;

    static final byte[] HEAD =
            bytes(
                    """
                    HTTP/1.1 200 OK\r
                    Content-Type: text/event-stream\r
                    Cache-Control: no-cache\r
                    Transfer-Encoding: chunked\r
                    \r
                    """);

    private static final byte[][] MARKS = new byte[COUNT][];
    private static final byte[][] CHUNKS = new byte[COUNT][];
    private static final byte[] STAMP_MARK = bytes(STAMP);

    static {
        for (var index = 0; index < COUNT; index++) {
            var event = "data: " + data(index) + "\n\n";
            var end = index == COUNT - 1 ? "\r\n0\r\n\r\n" : "\r\n";
            CHUNKS[index] = bytes(Integer.toHexString(event.length()) + "\r\n" + event + end);
            MARKS[index] = bytes(mark(index));
        }
    }

    private Frames() {}

    /// One frame as a chunk of HTTP/1.1, written now.
    static byte[] chunk(int index, long now) {
        var chunk = CHUNKS[index].clone();
        var at = find(chunk, chunk.length, STAMP_MARK);
        if (at >= 0) {
            for (var digit = at + STAMP.length() + STAMP_DIGITS - 1; now > 0; now /= 10, digit--) {
                chunk[digit] = (byte) ('0' + now % 10);
            }
        }
        return chunk;
    }

    static boolean is(int index, byte[] event, int length) {
        return index < COUNT && find(event, length, MARKS[index]) >= 0;
    }

    /// When this event was written, or -1 when it does not say.
    static long writtenAt(byte[] event, int length) {
        var at = find(event, length, STAMP_MARK);
        if (at < 0 || at + STAMP.length() + STAMP_DIGITS > length) {
            return -1;
        }
        var stamp = 0L;
        for (var digit = 0; digit < STAMP_DIGITS; digit++) {
            stamp = stamp * 10 + event[at + STAMP.length() + digit] - '0';
        }
        return stamp;
    }

    private static String mark(int index) {
        return switch (index - WORDS) {
            case 0 -> "\"finish_reason\":\"stop\"";
            case 1 -> "\"total_tokens\":157";
            case 2 -> "[DONE]";
            default -> "\"word %04d \"".formatted(index);
        };
    }

    private static String data(int index) {
        return switch (index - WORDS) {
            case 0 -> chunk("[{\"index\":0,\"delta\":{}," + mark(index) + "}]", "null");
            case 1 ->
                    chunk(
                            "[]",
                            "{\"prompt_tokens\":96,\"completion_tokens\":61," + mark(index) + "}");
            case 2 -> mark(index);
            default ->
                    chunk(
                            "[{\"index\":0,\"delta\":{\"content\":"
                                    + mark(index)
                                    + "},\"finish_reason\":null}]",
                            "null");
        };
    }

    private static String chunk(String choices, String usage) {
        return "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1763600000,"
                + "\"model\":\"bench-model\",\"system_fingerprint\":\""
                + STAMP
                + "0".repeat(STAMP_DIGITS)
                + "\",\"choices\":"
                + choices
                + ",\"usage\":"
                + usage
                + "}";
    }

    private static int find(byte[] in, int length, byte[] what) {
        next:
        for (var at = 0; at <= length - what.length; at++) {
            for (var each = 0; each < what.length; each++) {
                if (in[at + each] != what[each]) {
                    continue next;
                }
            }
            return at;
        }
        return -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
