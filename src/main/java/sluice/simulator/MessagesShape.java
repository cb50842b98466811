package sluice.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Replies in Anthropic's dialect as JSON: the whole message, and the events of a stream in their strict order (facts:
/// llm-protocols, 4). {@code omits} is true when thinking is signed, but not shown.
record MessagesShape(String id, String model, int inputTokens, Script.Words script, boolean omits) {
    private static final Map<String, ?> PING = Json.object("type", "ping");

    Map<String, @Nullable Object> message(Said said) {
        var message = start(Json.object());
        message.put("content", blocks(said).stream().map(Block::whole).toList());
        end(said).forEach(message::put);
        if (script.usage() == Script.UsageOn.NONE) {
            message.remove("usage");
        } else {
            message.put("usage", usage(said, inputSide()));
        }
        return message;
    }

    /// All events but the last.
    List<Answer.Event> events(Said said) {
        return switch (script.fault()) {
            case NONE -> stream(said);
            case FIRST -> List.of(error());
            case CODE_FIRST ->
                    List.of(
                            Answer.Event.data(
                                    Json.bytes(
                                            Json.object(
                                                    "error_code",
                                                    "INTERNAL_ERROR",
                                                    "message",
                                                    "The model failed before its first word."))));
            case MID -> {
                var events = stream(said);
                var some = new ArrayList<>(events.subList(0, events.size() / 2));
                some.add(error());
                yield some;
            }
            case NOT_JSON -> ChatShape.NOT_JSON;
            case PINGS -> Collections.nCopies(ChatShape.PINGS_MAX, Answer.Event.typed(PING));
        };
    }

    static Answer.Event stop() {
        return Answer.Event.typed(Json.object("type", "message_stop"));
    }

    private List<Answer.Event> stream(Said said) {
        var events = new ArrayList<Answer.Event>();
        boolean late =
                script.usage() == Script.UsageOn.FINISH || script.usage() == Script.UsageOn.NONE;
        events.add(
                Answer.Event.typed(
                        Json.object(
                                "type",
                                "message_start",
                                "message",
                                start(late ? nothing() : inputSide()))));
        for (int ping = 0; ping < script.pings(); ping++) {
            events.add(Answer.Event.typed(PING));
        }
        int index = 0;
        for (var block : blocks(said)) {
            events.add(
                    Answer.Event.typed(
                            Json.object(
                                    "type",
                                    "content_block_start",
                                    "index",
                                    index,
                                    "content_block",
                                    block.shell())));
            for (var delta : block.deltas()) {
                events.add(
                        Answer.Event.typed(
                                Json.object(
                                        "type",
                                        "content_block_delta",
                                        "index",
                                        index,
                                        "delta",
                                        delta)));
            }
            events.add(
                    Answer.Event.typed(Json.object("type", "content_block_stop", "index", index)));
            index++;
        }
        events.add(
                Answer.Event.typed(
                        Json.object(
                                "type",
                                "message_delta",
                                "delta",
                                end(said),
                                "usage",
                                script.usage() == Script.UsageOn.NONE
                                        ? Json.object("output_tokens", 0)
                                        : usage(said, inputSide()))));
        return events;
    }

    private Map<String, @Nullable Object> start(Map<String, @Nullable Object> input) {
        var usage = Json.object();
        usage.putAll(input);
        usage.put("output_tokens", 1);
        return Json.object(
                "id",
                id,
                "type",
                "message",
                "role",
                "assistant",
                "model",
                model,
                "content",
                List.of(),
                "stop_reason",
                null,
                "stop_sequence",
                null,
                "usage",
                usage);
    }

    private static Map<String, @Nullable Object> end(Said said) {
        var end =
                Json.object(
                        "stop_reason",
                        said.finish().anthropic(),
                        "stop_sequence",
                        said.stop().isEmpty() ? null : said.stop());
        if (said.finish().anthropic().equals("refusal")) {
            end.put(
                    "stop_details",
                    Json.object(
                            "type",
                            "refusal",
                            "category",
                            "cyber",
                            "explanation",
                            "The simulator was asked to refuse."));
        }
        return end;
    }

    private Map<String, @Nullable Object> inputSide() {
        return input(inputTokens, script.cacheWrite(), script.cacheRead());
    }

    private static Map<String, @Nullable Object> nothing() {
        return input(0, 0, 0);
    }

    private static Map<String, @Nullable Object> input(int fresh, int written, int read) {
        return Json.object(
                "input_tokens",
                fresh,
                "cache_creation_input_tokens",
                written,
                "cache_read_input_tokens",
                read,
                "cache_creation",
                Json.object("ephemeral_5m_input_tokens", written, "ephemeral_1h_input_tokens", 0),
                "service_tier",
                "standard");
    }

    private static Map<String, @Nullable Object> usage(
            Said said, Map<String, @Nullable Object> input) {
        var usage = Json.object();
        usage.putAll(input);
        usage.put("output_tokens", Asked.tokens(said.length()));
        if (!said.reasoning().isEmpty()) {
            usage.put(
                    "output_tokens_details",
                    Json.object("thinking_tokens", Asked.tokens(said.thought().length())));
        }
        return usage;
    }

    private List<Block> blocks(Said said) {
        var blocks = new ArrayList<Block>();
        if (!said.reasoning().isEmpty()) {
            blocks.add(thinking(said));
        }
        if (!said.words().isEmpty()) {
            blocks.add(text(said));
        }
        for (var call : said.calls()) {
            blocks.add(toolUse(call));
        }
        return blocks;
    }

    private Block thinking(Said said) {
        var thought = said.thought();
        if (script.reasoning() == Script.Reasoning.REDACTED) {
            var block =
                    Json.object("type", "redacted_thinking", "data", Signature.redacted(thought));
            return new Block(block, List.of(), block);
        }
        boolean shown = !omits && script.reasoning() != Script.Reasoning.OMITTED;
        var deltas = new ArrayList<Map<String, @Nullable Object>>();
        if (shown) {
            for (var part : said.reasoning()) {
                deltas.add(Json.object("type", "thinking_delta", "thinking", part));
            }
        }
        var signature = Signature.of(thought);
        deltas.add(Json.object("type", "signature_delta", "signature", signature));
        return new Block(
                Json.object("type", "thinking", "thinking", "", "signature", ""),
                deltas,
                Json.object(
                        "type",
                        "thinking",
                        "thinking",
                        shown ? thought : "",
                        "signature",
                        signature));
    }

    private static Block text(Said said) {
        return new Block(
                Json.object("type", "text", "text", ""),
                said.words().stream()
                        .map(word -> Json.object("type", "text_delta", "text", word))
                        .toList(),
                Json.object("type", "text", "text", said.text()));
    }

    private static Block toolUse(Said.Call call) {
        var id = "toolu_" + call.id().substring("call_".length());
        var arguments = call.arguments();
        return new Block(
                Json.object("type", "tool_use", "id", id, "name", call.name(), "input", Map.of()),
                call.fragments().stream()
                        .map(part -> Json.object("type", "input_json_delta", "partial_json", part))
                        .toList(),
                Json.object(
                        "type",
                        "tool_use",
                        "id",
                        id,
                        "name",
                        call.name(),
                        "input",
                        arguments.isEmpty() ? Map.of() : Json.parsed(arguments)));
    }

    private static Answer.Event error() {
        return Answer.Event.typed(
                Json.object(
                        "type",
                        "error",
                        "error",
                        Json.object("type", "overloaded_error", "message", "Overloaded")));
    }

    /// One block of content: how it is announced, how it grows, and what it is in the end.
    private record Block(
            Map<String, @Nullable Object> shell,
            List<Map<String, @Nullable Object>> deltas,
            Map<String, @Nullable Object> whole) {}
}
