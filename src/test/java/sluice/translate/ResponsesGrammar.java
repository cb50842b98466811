package sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a stream of Responses must look like to its caller (facts/llm-protocols.md section 5), read as strictly as the
/// strictest client reads it: events numbered from 0, each item announced, told in pieces that make up the whole, and
/// done; one terminal event at the very end, with everything in it.
public final class ResponsesGrammar {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> TERMINAL =
            Set.of("response.completed", "response.incomplete", "response.failed");

    private final List<JsonNode> events = new ArrayList<>();
    private final TreeMap<Integer, Item> items = new TreeMap<>();
    private @Nullable JsonNode terminal;

    private ResponsesGrammar() {}

    /// Ended well, completed or cut off by a limit.
    public static ResponsesGrammar good(String stream) {
        var grammar = new ResponsesGrammar();
        grammar.read(stream);
        assertThat(grammar.type()).isIn("response.completed", "response.incomplete");
        return grammar;
    }

    /// Broke: {@code response.failed} at the end, with what was done by then.
    public static ResponsesGrammar broken(String stream) {
        var grammar = new ResponsesGrammar();
        grammar.read(stream);
        assertThat(grammar.type()).isEqualTo("response.failed");
        var error = grammar.response().path("error");
        assertThat(error.path("code").asString("")).isNotBlank();
        assertThat(error.path("message").asString("")).isNotBlank();
        return grammar;
    }

    public List<JsonNode> events() {
        return events;
    }

    /// The response of the terminal event.
    public JsonNode response() {
        return terminal().path("response");
    }

    /// All that was said, put together from the items.
    public String text() {
        return joined("message", "text");
    }

    public String refusal() {
        return joined("message", "refusal");
    }

    public String thoughts() {
        return joined("reasoning", "text");
    }

    /// Name and arguments of each call, in order.
    public List<String> calls() {
        var calls = new ArrayList<String>();
        for (var item : response().path("output")) {
            var type = item.path("type").asString("");
            if (type.endsWith("_call")) {
                var given = item.has("input") ? item.path("input") : item.path("arguments");
                calls.add(item.path("name").asString() + given.asString());
            }
        }
        return calls;
    }

    private String joined(String type, String field) {
        var text = new StringBuilder();
        for (var item : response().path("output")) {
            if (item.path("type").asString("").equals(type)) {
                var parts = type.equals("message") ? item.path("content") : item.path("summary");
                parts.forEach(part -> text.append(part.path(field).asString("")));
            }
        }
        return text.toString();
    }

    private JsonNode terminal() {
        if (terminal == null) {
            throw new AssertionError("the stream has no terminal event");
        }
        return terminal;
    }

    private String type() {
        return terminal().path("type").asString("");
    }

    private void read(String stream) {
        try {
            var reader = new SseReader(Integer.MAX_VALUE);
            for (var event : reader.read(Bytes.of(stream.getBytes(StandardCharsets.UTF_8)))) {
                if (event.data().isEmpty()) {
                    continue;
                }
                var data = JSON.readTree(event.data().utf8());
                assertThat(event.name()).isEqualTo(data.path("type").asString(""));
                event(data);
            }
            assertThat(reader.atBoundary()).as("ends with a whole event").isTrue();
        } catch (EventTooLarge impossible) {
            throw new AssertionError(impossible);
        }
        checkEnd();
    }

    private void event(JsonNode event) {
        assertThat(terminal).as("nothing follows the terminal event").isNull();
        assertThat(event.path("sequence_number").isIntegralNumber()).isTrue();
        assertThat(event.path("sequence_number").asInt()).isEqualTo(events.size());
        events.add(event);
        var type = event.path("type").asString();
        if (events.size() <= 2) {
            assertThat(type)
                    .isEqualTo(events.size() == 1 ? "response.created" : "response.in_progress");
            checkResponse(event.path("response"), "in_progress");
            assertThat(event.at("/response/output").isEmpty()).isTrue();
            return;
        }
        if (TERMINAL.contains(type)) {
            terminal = event;
            checkResponse(event.path("response"), type.substring("response.".length()));
            return;
        }
        if (type.equals("response.output_item.added")) {
            assertThat(event.path("output_index").asInt(-1)).isEqualTo(items.size());
            items.put(items.size(), new Item(event.path("item")));
            return;
        }
        var item = items.get(event.path("output_index").asInt(-1));
        assertThat(item).as("an announced item for " + event).isNotNull();
        if (item != null) {
            item.event(type, event);
        }
    }

    private void checkResponse(JsonNode response, String status) {
        assertThat(response.path("id").asString("")).startsWith("resp_");
        assertThat(response.path("id")).isEqualTo(events.getFirst().at("/response/id"));
        assertThat(response.path("object").asString("")).isEqualTo("response");
        assertThat(response.path("status").asString("")).isEqualTo(status);
        assertThat(response.path("created_at").isIntegralNumber()).isTrue();
        assertThat(response.path("model").asString("")).isNotBlank();
        assertThat(response.path("output").isArray()).isTrue();
        assertThat(response.path("tools").isArray()).isTrue();
        for (var name :
                List.of(
                        "error",
                        "incomplete_details",
                        "instructions",
                        "metadata",
                        "parallel_tool_calls",
                        "temperature",
                        "tool_choice",
                        "top_p",
                        "usage")) {
            assertThat(response.has(name)).as(name).isTrue();
        }
        assertThat(response.path("error").isObject()).isEqualTo(status.equals("failed"));
        if (status.equals("incomplete")) {
            assertThat(response.at("/incomplete_details/reason").asString(""))
                    .isIn("max_output_tokens", "content_filter");
        } else {
            assertThat(response.path("incomplete_details").isNull()).isTrue();
        }
        checkUsage(response.path("usage"));
    }

    private static void checkUsage(JsonNode usage) {
        if (usage.isNull()) {
            return;
        }
        long input = whole(usage.path("input_tokens"));
        long output = whole(usage.path("output_tokens"));
        assertThat(whole(usage.path("total_tokens"))).isEqualTo(input + output);
        assertThat(whole(usage.at("/input_tokens_details/cached_tokens"))).isBetween(0L, input);
        assertThat(whole(usage.at("/output_tokens_details/reasoning_tokens"))).isNotNegative();
    }

    private static long whole(JsonNode count) {
        assertThat(count.isIntegralNumber()).as("a whole number of tokens").isTrue();
        return count.longValue();
    }

    private void checkEnd() {
        boolean failed = type().equals("response.failed");
        var told = new ArrayList<JsonNode>();
        for (var item : items.values()) {
            assertThat(item.done != null || failed).as("every item is done").isTrue();
            if (item.done != null) {
                told.add(item.done);
            }
        }
        var output = new ArrayList<JsonNode>();
        response().path("output").forEach(output::add);
        // A target's own stream is ended with the response as it was announced, when it fails.
        if (!failed || !output.isEmpty()) {
            assertThat(output).as("the response holds what was told").isEqualTo(told);
        }
        assertThat(items.values().stream().map(item -> item.id).distinct().count())
                .as("each item has its own id")
                .isEqualTo(items.size());
    }

    /// One item between its announcement and its end.
    private static final class Item {
        private final String id;
        private final String type;
        private final JsonNode announced;
        private final List<JsonNode> parts = new ArrayList<>();
        private @Nullable StringBuilder open;
        private @Nullable JsonNode done;
        private @Nullable String whole;

        Item(JsonNode item) {
            this.announced = item;
            this.id = item.path("id").asString("");
            this.type = item.path("type").asString("");
            assertThat(id).isNotBlank();
            switch (type) {
                case "message" -> {
                    assertThat(item.path("role").asString("")).isEqualTo("assistant");
                    assertThat(item.path("status").asString("")).isEqualTo("in_progress");
                    assertThat(item.path("content").isArray()).isTrue();
                    assertThat(item.path("content").isEmpty()).isTrue();
                }
                case "reasoning" -> {
                    assertThat(item.path("summary").isArray()).isTrue();
                    assertThat(item.path("summary").isEmpty()).isTrue();
                }
                case "function_call", "custom_tool_call" -> {
                    assertThat(item.path("call_id").asString("")).isNotBlank().isNotEqualTo(id);
                    assertThat(item.path("name").asString("")).isNotBlank();
                    assertThat(item.path(given()).asString("missing")).isEmpty();
                    assertThat(item.path("status").asString("")).isEqualTo("in_progress");
                    open = new StringBuilder();
                }
                default -> throw new AssertionError("an item of type " + type);
            }
        }

        private String given() {
            return type.equals("custom_tool_call") ? "input" : "arguments";
        }

        void event(String name, JsonNode event) {
            assertThat(done).as("nothing follows an item's end: " + event).isNull();
            if (name.equals("response.output_item.done")) {
                done(event.path("item"));
                return;
            }
            assertThat(event.path("item_id").asString("")).isEqualTo(id);
            switch (name) {
                case "response.content_part.added" -> partAdded(event, "message", "content_index");
                case "response.content_part.done" -> partDone(event, "message", "content_index");
                case "response.reasoning_summary_part.added" ->
                        partAdded(event, "reasoning", "summary_index");
                case "response.reasoning_summary_part.done" ->
                        partDone(event, "reasoning", "summary_index");
                case "response.output_text.delta" -> {
                    assertThat(event.path("logprobs").isArray()).isTrue();
                    piece(event, "message", "content_index");
                }
                case "response.refusal.delta" -> piece(event, "message", "content_index");
                case "response.reasoning_summary_text.delta" ->
                        piece(event, "reasoning", "summary_index");
                case "response.output_text.done" -> {
                    assertThat(event.path("logprobs").isArray()).isTrue();
                    textDone(event, "text");
                }
                case "response.reasoning_summary_text.done" -> textDone(event, "text");
                case "response.refusal.done" -> textDone(event, "refusal");
                case "response.function_call_arguments.delta" -> piece(event, "function_call", "");
                case "response.custom_tool_call_input.delta" ->
                        piece(event, "custom_tool_call", "");
                case "response.function_call_arguments.done" -> {
                    assertThat(type).isEqualTo("function_call");
                    assertThat(event.path("name")).isEqualTo(announced.path("name"));
                    textDone(event, "arguments");
                }
                case "response.custom_tool_call_input.done" -> {
                    assertThat(type).isEqualTo("custom_tool_call");
                    textDone(event, "input");
                }
                default -> throw new AssertionError("an event of type " + name);
            }
        }

        private void partAdded(JsonNode event, String of, String index) {
            assertThat(type).isEqualTo(of);
            assertThat(open).as("one part at a time").isNull();
            assertThat(event.path(index).asInt(-1)).isEqualTo(parts.size());
            assertThat(partText(event.path("part"))).isEmpty();
            open = new StringBuilder();
            whole = null;
        }

        private void piece(JsonNode event, String of, String index) {
            assertThat(type).isEqualTo(of);
            assertThat(whole).as("no piece after the whole").isNull();
            if (!index.isEmpty()) {
                assertThat(event.path(index).asInt(-1)).isEqualTo(parts.size());
            }
            assertThat(event.path("delta").asString("")).as("a piece says something").isNotEmpty();
            open().append(event.path("delta").asString());
        }

        private void textDone(JsonNode event, String field) {
            assertThat(whole).as("told whole once").isNull();
            whole = event.path(field).asString("missing");
            assertThat(open().toString()).as("the pieces make up the whole").isEqualTo(whole);
        }

        private void partDone(JsonNode event, String of, String index) {
            assertThat(type).isEqualTo(of);
            assertThat(event.path(index).asInt(-1)).isEqualTo(parts.size());
            assertThat(partText(event.path("part"))).isEqualTo(whole);
            parts.add(event.path("part"));
            open = null;
        }

        private static String partText(JsonNode part) {
            return switch (part.path("type").asString("")) {
                case "output_text" -> {
                    assertThat(part.path("annotations").isArray()).isTrue();
                    yield part.path("text").asString("missing");
                }
                case "summary_text" -> part.path("text").asString("missing");
                case "refusal" -> part.path("refusal").asString("missing");
                default -> throw new AssertionError("a part of type " + part.path("type"));
            };
        }

        private void done(JsonNode item) {
            done = item;
            for (var name : List.of("id", "type", "role", "call_id", "name")) {
                assertThat(item.get(name)).as(name).isEqualTo(announced.get(name));
            }
            switch (type) {
                case "message", "reasoning" -> {
                    assertThat(open).as("every part is done").isNull();
                    var told = new ArrayList<JsonNode>();
                    item.path(type.equals("message") ? "content" : "summary").forEach(told::add);
                    assertThat(told).isEqualTo(parts);
                }
                default -> {
                    assertThat(whole).as("the arguments were told whole").isNotNull();
                    assertThat(item.path(given()).asString("missing")).isEqualTo(whole);
                }
            }
            if (!type.equals("reasoning")) {
                assertThat(item.path("status").asString("")).isIn("completed", "incomplete");
            }
        }

        private StringBuilder open() {
            if (open == null) {
                throw new AssertionError("a piece of a part that is not open");
            }
            return open;
        }
    }
}
