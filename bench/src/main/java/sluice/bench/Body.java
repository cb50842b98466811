package sluice.bench;

import java.nio.charset.StandardCharsets;

/// What is asked and what is answered. A chat request has an exact size and the shape in which people
/// send them: short turns, some quotes and line breaks, some letters beyond ASCII. The gateway reads
/// `up/bench-model` and rewrites it.
final class Body {
    private static final String TURN =
            "Compare the two quarterly tables and say which regions fell behind.\\nThe \\\"north\\\""
                    + " figures are restated; Zürich and Kraków are new. Quote the row, not the sum. ";

    private Body() {}

    static byte[] ofSize(int size, boolean stream) {
        return ofSize(size, stream, Gateway.SAME_DIALECT);
    }

    static byte[] ofSize(int size, boolean stream, String model) {
        var text = new StringBuilder(size);
        text.append("{\"model\":\"%s\",\"max_tokens\":64,".formatted(model));
        text.append(
                stream
                        ? "\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                        : "\"stream\":false,");
        text.append("\"messages\":[");
        var end = "{\"role\":\"user\",\"content\":\"";
        var close = "\"}]}";
        var room = size - bytes(text + end + close).length;
        var turn = "{\"role\":\"%s\",\"content\":\"" + TURN.repeat(8) + "\"},";
        var turnSize = bytes(turn.formatted("assistant")).length;
        for (var turns = 0; room >= turnSize; room -= turnSize, turns++) {
            // A space after the shorter role keeps every turn the same size.
            text.append(
                    turns % 2 == 0
                            ? turn.formatted("user") + "     "
                            : turn.formatted("assistant"));
        }
        text.append(end).append("x".repeat(Math.max(0, room))).append(close);
        return bytes(text.toString());
    }

    /// About 600 bytes, as a short answer of a served model is.
    static String answer() {
        return """
        {"id":"chatcmpl-bench","object":"chat.completion","created":1763600000,\
        "model":"bench-model","choices":[{"index":0,"message":{"role":"assistant","content":"\
        The north fell behind in both quarters: its restated row is lower than the one first \
        published, and the two new sites do not make up for it. Every other region kept pace. \
        The largest change is in the second table, third row."},"logprobs":null,\
        "finish_reason":"stop"}],"usage":{"prompt_tokens":96,"completion_tokens":58,\
        "total_tokens":154},"system_fingerprint":"fp_bench","service_tier":"default"}\
        """;
    }

    /// The same answer as a model says it that speaks Messages.
    static String message() {
        return """
        {"id":"msg_bench","type":"message","role":"assistant","model":"bench-model",\
        "content":[{"type":"text","text":"\
        The north fell behind in both quarters: its restated row is lower than the one first \
        published, and the two new sites do not make up for it. Every other region kept pace. \
        The largest change is in the second table, third row."}],"stop_reason":"end_turn",\
        "stop_sequence":null,"usage":{"input_tokens":96,"cache_creation_input_tokens":0,\
        "cache_read_input_tokens":0,"output_tokens":58,"service_tier":"standard"}}\
        """;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
