package sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a stream of Anthropic's messages must look like to its caller, strictly (facts/llm-protocols.md sections 2 and
/// 4).
public final class MessagesGrammar {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> events = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private boolean open;
    private boolean sealed;

    /// One content block, put together from its deltas.
    ///
    /// @param shell what its start said
    /// @param text its text, its thinking, or the JSON of a tool's input
    /// @param signature of thinking
    public record Block(JsonNode shell, StringBuilder text, StringBuilder signature) {
        public String type() {
            return shell.path("type").asString("");
        }
    }

    private MessagesGrammar(String stream) {
        read(stream);
    }

    /// Ended well: {@code message_stop} once, at the very end, everything closed.
    public static MessagesGrammar good(String stream) {
        var grammar = new MessagesGrammar(stream);
        int deltas = grammar.check(grammar.events.size() - 1);
        assertThat(grammar.open).as("every block is closed before the end").isFalse();
        assertThat(grammar.type(grammar.events.size() - 1)).isEqualTo("message_stop");
        assertThat(deltas).as("message_delta before message_stop").isPositive();
        return grammar;
    }

    /// Broke: an error as the last event, and no {@code message_stop}.
    public static MessagesGrammar broken(String stream) {
        var grammar = new MessagesGrammar(stream);
        int last = grammar.events.size() - 1;
        assertThat(grammar.type(last)).as("the last event is the error").isEqualTo("error");
        var error = grammar.events.get(last).path("error");
        assertThat(error.path("type").asString("")).as("error.type").isNotBlank();
        assertThat(error.path("message").asString("")).as("error.message").isNotBlank();
        grammar.check(last);
        return grammar;
    }

    public List<JsonNode> events() {
        return events;
    }

    public List<Block> blocks() {
        return blocks;
    }

    /// All text blocks, put together.
    public String text() {
        return together("text");
    }

    /// All thinking blocks, put together.
    public String thinking() {
        return together("thinking");
    }

    /// The tool calls in order: the name and the input's JSON.
    public List<String> tools() {
        return blocks.stream()
                .filter(block -> block.type().equals("tool_use"))
                .map(block -> block.shell().path("name").asString() + " " + block.text())
                .toList();
    }

    public String stopReason() {
        for (var event : events.reversed()) {
            if (event.at("/delta/stop_reason").isString()) {
                return event.at("/delta/stop_reason").asString();
            }
        }
        return "";
    }

    private String together(String type) {
        var text = new StringBuilder();
        blocks.stream()
                .filter(block -> block.type().equals(type))
                .forEach(b -> text.append(b.text()));
        return text.toString();
    }

    /// @return how many {@code message_delta} there were
    private int check(int count) {
        int deltas = 0;
        for (int i = 0; i < count; i++) {
            var event = events.get(i);
            var type = type(i);
            assertThat(i == 0)
                    .as("message_start is the first event and comes once, got " + type)
                    .isEqualTo(type.equals("message_start"));
            assertThat(deltas == 0 || type.equals("message_delta") || type.equals("ping"))
                    .as("nothing but message_delta follows a message_delta, got " + type)
                    .isTrue();
            switch (type) {
                case "message_start" -> checkMessage(event.path("message"));
                case "ping" -> {}
                case "content_block_start" -> start(event);
                case "content_block_delta" -> delta(event);
                case "content_block_stop" -> stop(event);
                case "message_delta" -> {
                    deltas++;
                    checkEnd(event);
                }
                default -> throw new AssertionError("an event of the type '" + type + "'");
            }
        }
        return deltas;
    }

    private static void checkMessage(JsonNode message) {
        assertThat(message.path("type").asString("")).isEqualTo("message");
        assertThat(message.path("role").asString("")).isEqualTo("assistant");
        assertThat(message.path("id").asString("")).as("id").isNotEmpty();
        assertThat(message.path("model").asString("")).as("model").isNotEmpty();
        assertThat(message.path("content").isArray() && message.path("content").isEmpty())
                .as("content is an empty array")
                .isTrue();
        assertThat(message.has("stop_reason") && message.path("stop_reason").isNull())
                .as("stop_reason is null")
                .isTrue();
        assertThat(message.at("/usage/input_tokens").isIntegralNumber()).isTrue();
        assertThat(message.at("/usage/output_tokens").isIntegralNumber()).isTrue();
    }

    private void start(JsonNode event) {
        assertThat(open).as("one block is open at a time").isFalse();
        assertThat(event.path("index").asInt(-1)).as("index").isEqualTo(blocks.size());
        var shell = event.path("content_block");
        var type = shell.path("type").asString("");
        switch (type) {
            case "text" -> assertThat(shell.path("text").asString("?")).isEmpty();
            case "thinking" -> {
                assertThat(shell.path("thinking").asString("?")).isEmpty();
                assertThat(shell.path("signature").asString("?")).isEmpty();
            }
            case "redacted_thinking" -> assertThat(shell.path("data").isString()).isTrue();
            case "tool_use" -> {
                assertThat(shell.path("id").asString("")).as("tool_use.id").isNotEmpty();
                assertThat(shell.path("name").asString("")).as("tool_use.name").isNotEmpty();
                assertThat(shell.path("input").isObject() && shell.path("input").isEmpty())
                        .as("tool_use.input is an empty object")
                        .isTrue();
            }
            default -> throw new AssertionError("a block of the type '" + type + "'");
        }
        blocks.add(new Block(shell, new StringBuilder(), new StringBuilder()));
        open = true;
        sealed = false;
    }

    private void delta(JsonNode event) {
        assertThat(open).as("a delta stands in an open block").isTrue();
        assertThat(event.path("index").asInt(-1)).as("index").isEqualTo(blocks.size() - 1);
        var block = blocks.getLast();
        var delta = event.path("delta");
        var type = delta.path("type").asString("");
        assertThat(block.type())
                .as("the block of a " + type)
                .isEqualTo(
                        switch (type) {
                            case "text_delta", "citations_delta" -> "text";
                            case "thinking_delta", "signature_delta" -> "thinking";
                            case "input_json_delta" -> "tool_use";
                            default -> throw new AssertionError("a delta of the type " + type);
                        });
        assertThat(sealed && type.equals("thinking_delta")).as("signed is final").isFalse();
        switch (type) {
            case "text_delta" -> block.text().append(string(delta, "text"));
            case "thinking_delta" -> block.text().append(string(delta, "thinking"));
            case "input_json_delta" -> block.text().append(string(delta, "partial_json"));
            case "signature_delta" -> {
                sealed = true;
                block.signature().append(string(delta, "signature"));
            }
            default -> assertThat(delta.path("citation").isObject()).isTrue();
        }
    }

    private void stop(JsonNode event) {
        assertThat(open).as("a block stops once").isTrue();
        assertThat(event.path("index").asInt(-1)).as("index").isEqualTo(blocks.size() - 1);
        open = false;
    }

    private void checkEnd(JsonNode event) {
        assertThat(open).as("every block is closed before message_delta").isFalse();
        assertThat(event.at("/delta/stop_reason").asString(""))
                .isIn(
                        "end_turn",
                        "max_tokens",
                        "stop_sequence",
                        "tool_use",
                        "pause_turn",
                        "refusal",
                        "model_context_window_exceeded");
        assertThat(event.path("delta").has("stop_sequence")).isTrue();
        assertThat(event.at("/usage/output_tokens").isIntegralNumber())
                .as("usage.output_tokens")
                .isTrue();
    }

    private static String string(JsonNode delta, String name) {
        assertThat(delta.path(name).isString()).as(name + " is a text").isTrue();
        return delta.path(name).asString();
    }

    private String type(int event) {
        return events.get(event).path("type").asString("");
    }

    private void read(String stream) {
        assertThat(stream).as("the stream ends with a blank line").endsWith("\n\n");
        for (var event : stream.substring(0, stream.length() - 2).split("\n\n", -1)) {
            if (event.startsWith(":")) {
                continue;
            }
            var lines = event.split("\n", -1);
            assertThat(lines).as("an event line and a data line").hasSize(2);
            assertThat(lines[0]).startsWith("event: ");
            assertThat(lines[1]).startsWith("data: ");
            var data = JSON.readTree(lines[1].substring(6));
            assertThat(data.path("type").asString(""))
                    .as("the event's name is the data's type")
                    .isEqualTo(lines[0].substring(7));
            events.add(data);
        }
        assertThat(events).as("a stream has events").isNotEmpty();
    }
}
