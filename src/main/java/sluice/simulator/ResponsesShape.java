package sluice.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Replies in the dialect of OpenAI's Responses as JSON: the whole response, and the events of a stream in their
/// canonical order with their numbers (facts: llm-protocols, 5). {@code suffix} ends every id of an item; {@code agent}
/// is true when an agent of one's own answers, which adds what it likes.
record ResponsesShape(
        String id,
        long created,
        String model,
        int inputTokens,
        Script.Words script,
        String suffix,
        boolean agent) {

    Map<String, @Nullable Object> response(Said said) {
        return script.fault() == Script.Fault.MID
                ? failed(List.of())
                : ended(said, items(said).stream().map(Item::whole).toList());
    }

    /// All events but the last.
    List<Answer.Event> events(Said said) {
        return switch (script.fault()) {
            case NONE -> numbered(stream(said));
            case FIRST ->
                    numbered(
                            List.of(
                                    Json.object(
                                            "type",
                                            "error",
                                            "code",
                                            "server_error",
                                            "message",
                                            "The model failed before its first word.",
                                            "param",
                                            null)));
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
                some.add(Json.object("type", "response.failed", "response", failed(List.of())));
                yield numbered(some);
            }
            case NOT_JSON -> ChatShape.NOT_JSON;
            case PINGS -> Collections.nCopies(ChatShape.PINGS_MAX, Answer.Event.keepAlive());
        };
    }

    /// The event that ends the stream {@code events} began.
    Answer.Event last(Said said) {
        var event =
                Json.object(
                        "type",
                        "response." + (reason(said) == null ? "completed" : "incomplete"),
                        "response",
                        response(said));
        event.put("sequence_number", stream(said).size());
        return Answer.Event.typed(event);
    }

    private List<Map<String, @Nullable Object>> stream(Said said) {
        var events = new ArrayList<Map<String, @Nullable Object>>();
        var begun = frame("in_progress", List.of());
        events.add(Json.object("type", "response.created", "response", begun));
        events.add(Json.object("type", "response.in_progress", "response", begun));
        int index = 0;
        for (var item : items(said)) {
            events.add(
                    Json.object(
                            "type",
                            "response.output_item.added",
                            "output_index",
                            index,
                            "item",
                            item.shell()));
            for (var event : item.events()) {
                event.put("item_id", item.shell().get("id"));
                event.put("output_index", index);
                events.add(event);
            }
            events.add(
                    Json.object(
                            "type",
                            "response.output_item.done",
                            "output_index",
                            index,
                            "item",
                            item.whole()));
            index++;
        }
        return events;
    }

    private Map<String, @Nullable Object> ended(
            Said said, List<Map<String, @Nullable Object>> output) {
        var reason = reason(said);
        var response = frame(reason == null ? "completed" : "incomplete", output);
        if (reason != null) {
            response.put("incomplete_details", Json.object("reason", reason));
        }
        if (script.usage() != Script.UsageOn.NONE) {
            response.put("usage", usage(said));
        }
        if (agent) {
            response.put("custom_outputs", Map.of());
        }
        return response;
    }

    private Map<String, @Nullable Object> failed(List<Map<String, @Nullable Object>> output) {
        var response = frame("failed", output);
        response.put(
                "error",
                Json.object("code", "server_error", "message", "The model failed on the way."));
        return response;
    }

    private Map<String, @Nullable Object> frame(
            String status, List<Map<String, @Nullable Object>> output) {
        return Json.object(
                "id",
                id,
                "object",
                "response",
                "created_at",
                created,
                "status",
                status,
                "error",
                null,
                "incomplete_details",
                null,
                "instructions",
                null,
                "model",
                model,
                "output",
                output,
                "parallel_tool_calls",
                true,
                "previous_response_id",
                null,
                "temperature",
                1,
                "tool_choice",
                "auto",
                "tools",
                List.of(),
                "top_p",
                1,
                "usage",
                null,
                "metadata",
                Map.of());
    }

    /// What is cached is a part of the input, and what is thought a part of the output.
    private Map<String, @Nullable Object> usage(Said said) {
        int input = inputTokens + script.cacheRead() + script.cacheWrite();
        int output = Asked.tokens(said.length());
        return Json.object(
                "input_tokens",
                input,
                "input_tokens_details",
                Json.object(
                        "cached_tokens",
                        script.cacheRead(),
                        "cache_write_tokens",
                        script.cacheWrite()),
                "output_tokens",
                output,
                "output_tokens_details",
                Json.object("reasoning_tokens", Asked.tokens(said.thought().length())),
                "total_tokens",
                input + output);
    }

    private List<Item> items(Said said) {
        var items = new ArrayList<Item>();
        if (!said.reasoning().isEmpty()) {
            items.add(reasoning(said));
        }
        if (!said.words().isEmpty()) {
            items.add(message(said));
        }
        for (var call : said.calls()) {
            items.add(call(call, items.size()));
        }
        return items;
    }

    private Item reasoning(Said said) {
        var shell = Json.object("id", "rs_" + suffix, "type", "reasoning", "summary", List.of());
        if (script.reasoning() == Script.Reasoning.REDACTED) {
            shell.put("encrypted_content", Signature.redacted(said.thought()));
        }
        boolean shown =
                script.reasoning() != Script.Reasoning.OMITTED
                        && script.reasoning() != Script.Reasoning.REDACTED;
        var whole = new LinkedHashMap<>(shell);
        var events = new ArrayList<Map<String, @Nullable Object>>();
        if (shown) {
            var part = Json.object("type", "summary_text", "text", said.thought());
            whole.put("summary", List.of(part));
            events.add(
                    Json.object(
                            "type",
                            "response.reasoning_summary_part.added",
                            "summary_index",
                            0,
                            "part",
                            Json.object("type", "summary_text", "text", "")));
            for (var thought : said.reasoning()) {
                events.add(
                        Json.object(
                                "type",
                                "response.reasoning_summary_text.delta",
                                "summary_index",
                                0,
                                "delta",
                                thought));
            }
            events.add(
                    Json.object(
                            "type",
                            "response.reasoning_summary_text.done",
                            "summary_index",
                            0,
                            "text",
                            said.thought()));
            events.add(
                    Json.object(
                            "type",
                            "response.reasoning_summary_part.done",
                            "summary_index",
                            0,
                            "part",
                            part));
        }
        return new Item(shell, events, whole);
    }

    private Item message(Said said) {
        boolean refusal = said.finish() == Finish.REFUSAL;
        var kind = refusal ? "refusal" : "output_text";
        var field = refusal ? "refusal" : "text";
        var events = new ArrayList<Map<String, @Nullable Object>>();
        events.add(
                Json.object(
                        "type",
                        "response.content_part.added",
                        "content_index",
                        0,
                        "part",
                        part(refusal, "")));
        for (var word : said.words()) {
            var delta =
                    Json.object(
                            "type",
                            "response." + kind + ".delta",
                            "content_index",
                            0,
                            "delta",
                            word);
            if (!refusal) {
                delta.put("logprobs", List.of());
            }
            events.add(delta);
        }
        var done =
                Json.object(
                        "type",
                        "response." + kind + ".done",
                        "content_index",
                        0,
                        field,
                        said.text());
        if (!refusal) {
            done.put("logprobs", List.of());
        }
        events.add(done);
        var part = part(refusal, said.text());
        events.add(
                Json.object(
                        "type", "response.content_part.done", "content_index", 0, "part", part));
        return new Item(
                message("in_progress", List.of()),
                events,
                message(reason(said) == null ? "completed" : "incomplete", List.of(part)));
    }

    private Map<String, @Nullable Object> message(
            String status, List<Map<String, @Nullable Object>> content) {
        return Json.object(
                "id",
                "msg_" + suffix,
                "type",
                "message",
                "status",
                status,
                "role",
                "assistant",
                "content",
                content);
    }

    private Item call(Said.Call call, int at) {
        var events = new ArrayList<Map<String, @Nullable Object>>();
        for (var fragment : call.fragments()) {
            events.add(
                    Json.object(
                            "type", "response.function_call_arguments.delta", "delta", fragment));
        }
        events.add(
                Json.object(
                        "type",
                        "response.function_call_arguments.done",
                        "name",
                        call.name(),
                        "arguments",
                        call.arguments()));
        return new Item(
                call(call, at, "in_progress", ""),
                events,
                call(call, at, "completed", call.arguments()));
    }

    private Map<String, @Nullable Object> call(
            Said.Call call, int at, String status, String arguments) {
        return Json.object(
                "id",
                "fc_" + at + suffix,
                "type",
                "function_call",
                "status",
                status,
                "call_id",
                call.id(),
                "name",
                call.name(),
                "arguments",
                arguments);
    }

    private static Map<String, @Nullable Object> part(boolean refusal, String text) {
        return refusal
                ? Json.object("type", "refusal", "refusal", text)
                : Json.object(
                        "type",
                        "output_text",
                        "text",
                        text,
                        "annotations",
                        List.of(),
                        "logprobs",
                        List.of());
    }

    private static @Nullable String reason(Said said) {
        return switch (said.finish()) {
            case LENGTH, CONTEXT -> "max_output_tokens";
            case FILTER -> "content_filter";
            case MODEL, STOP, TOOLS, SEQUENCE, REFUSAL, PAUSE -> null;
        };
    }

    private static List<Answer.Event> numbered(List<Map<String, @Nullable Object>> events) {
        var numbered = new ArrayList<Answer.Event>(events.size());
        for (var event : events) {
            event.put("sequence_number", numbered.size());
            numbered.add(Answer.Event.typed(event));
        }
        return numbered;
    }

    /// One item of output: how it is announced, what happens to it, and what it is in the end.
    private record Item(
            Map<String, @Nullable Object> shell,
            List<Map<String, @Nullable Object>> events,
            Map<String, @Nullable Object> whole) {}
}
