package sluice.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Chat replies as JSON: the whole completion, and the chunks of a stream. {@code thinksAside} puts
/// reasoning into {@code reasoning_content}, as providers like OpenAI do, and not into the content.
record ChatShape(
        String id,
        long created,
        String model,
        Family family,
        int promptTokens,
        Script.Words script,
        Script.UsageOn usageOn,
        boolean thinksAside) {

    /// A caller who waits for more has long given up.
    static final int PINGS_MAX = 10_000;

    static final List<Answer.Event> NOT_JSON =
            List.of(
                    Answer.Event.data(ascii("this is not JSON")),
                    Answer.Event.data(ascii("{\"nor\": is this")));

    /// One chunk before it is JSON: its delta, its finish reason, and the length of all that was said up to it. Without
    /// a delta it has no choices.
    private record Chunk(
            @Nullable Map<String, @Nullable Object> delta, @Nullable String finish, int length) {}

    Map<String, @Nullable Object> completion(Said said) {
        var message = Json.object("role", "assistant", "content", content(said));
        if (said.finish() == Finish.REFUSAL) {
            message.put("content", null);
            message.put("refusal", said.text());
        }
        if (thinksAside && !said.reasoning().isEmpty()) {
            message.put("reasoning_content", said.thought());
        }
        if (!said.calls().isEmpty()) {
            message.put("tool_calls", said.calls().stream().map(ChatShape::whole).toList());
        }
        var completion = frame("chat.completion");
        completion.put(
                "choices",
                List.of(
                        Json.object(
                                "index",
                                0,
                                "message",
                                message,
                                "finish_reason",
                                said.finish().chat())));
        if (script.usage() != Script.UsageOn.NONE) {
            completion.put("usage", usage(said.length()));
        }
        return completion;
    }

    /// The data of the events, each made when it is asked for.
    Iterable<Answer.Event> events(Said said) {
        var chunks = chunks(said);
        return switch (script.fault()) {
            case NONE -> data(chunks, chunks.size());
            case FIRST -> List.of(data(error()));
            case CODE_FIRST ->
                    List.of(
                            data(
                                    Json.object(
                                            "error_code",
                                            "INTERNAL_ERROR",
                                            "message",
                                            "The model failed before its first word.")));
            case MID -> {
                var data = new ArrayList<Answer.Event>();
                data(chunks, chunks.size() / 2).forEach(data::add);
                data.add(data(error()));
                yield data;
            }
            case NOT_JSON -> NOT_JSON;
            case PINGS -> Collections.nCopies(PINGS_MAX, Answer.Event.keepAlive());
        };
    }

    private Iterable<Answer.Event> data(List<Chunk> chunks, int end) {
        int last = chunks.size() - 1;
        return () ->
                IntStream.range(0, end)
                        .mapToObj(at -> data(json(chunks.get(at), at == last)))
                        .iterator();
    }

    private List<Chunk> chunks(Said said) {
        var chunks = new ArrayList<Chunk>();
        boolean silent = said.words().isEmpty() && said.reasoning().isEmpty();
        chunks.add(
                new Chunk(
                        Json.object("role", "assistant", "content", silent ? null : ""), null, 0));
        calls(said, words(said, chunks), chunks);
        int all = said.length();
        chunks.add(new Chunk(Json.object(), said.finish().chat(), all));
        switch (usageOn) {
            case EXTRA -> chunks.add(new Chunk(null, null, all));
            case DELTA -> chunks.add(new Chunk(Json.object(), null, all));
            case AFTER -> {
                chunks.add(new Chunk(Json.object("content", ""), null, all));
                chunks.add(new Chunk(Json.object(), null, all));
                chunks.add(new Chunk(null, null, all));
            }
            case SURFACE, EVERY, FINISH, NONE -> {}
        }
        return chunks;
    }

    /// Adds what is said before any call, and returns its length.
    private int words(Said said, List<Chunk> chunks) {
        int length = 0;
        for (var thought : said.reasoning()) {
            length += thought.length();
            chunks.add(
                    new Chunk(
                            thinksAside
                                    ? Json.object("reasoning_content", thought)
                                    : content(List.of(reasoning(thought, ""))),
                            null,
                            length));
        }
        if (!said.reasoning().isEmpty() && !thinksAside) {
            chunks.add(new Chunk(content(List.of(reasoning("", "c2ln"))), null, length));
        }
        for (var word : said.words()) {
            length += word.length();
            chunks.add(
                    new Chunk(
                            said.finish() == Finish.REFUSAL
                                    ? Json.object("refusal", word)
                                    : content(inItsForm(said, word)),
                            null,
                            length));
        }
        return length;
    }

    private void calls(Said said, int before, List<Chunk> chunks) {
        var braces = script.tools() == Script.Tools.BRACES_FIRST ? "{}" : "";
        int length = before;
        int longest = 0;
        for (int index = 0; index < said.calls().size(); index++) {
            var call = said.calls().get(index);
            length += call.name().length();
            longest = Math.max(longest, call.fragments().size());
            chunks.add(new Chunk(delta(first(index, call, braces)), null, length));
            if (script.tools() != Script.Tools.INTERLEAVED) {
                for (var fragment : call.fragments()) {
                    length += fragment.length();
                    chunks.add(new Chunk(delta(later(index, fragment)), null, length));
                }
            }
        }
        if (script.tools() == Script.Tools.INTERLEAVED) {
            interleave(said.calls(), longest, length, chunks);
        }
    }

    private static void interleave(
            List<Said.Call> calls, int longest, int before, List<Chunk> chunks) {
        int length = before;
        for (int turn = 0; turn < longest; turn++) {
            for (int index = 0; index < calls.size(); index++) {
                var fragments = calls.get(index).fragments();
                if (turn < fragments.size()) {
                    length += fragments.get(turn).length();
                    chunks.add(new Chunk(delta(later(index, fragments.get(turn))), null, length));
                }
            }
        }
    }

    private Map<String, @Nullable Object> json(Chunk chunk, boolean last) {
        var json = frame("chat.completion.chunk");
        json.put("choices", chunk.delta == null ? List.of() : List.of(choice(chunk)));
        switch (usageOn) {
            case SURFACE, EVERY -> json.put("usage", usage(chunk.length));
            case FINISH -> {
                if (chunk.finish != null) {
                    json.put("usage", usage(chunk.length));
                }
            }
            case EXTRA, DELTA, AFTER -> json.put("usage", last ? usage(chunk.length) : null);
            case NONE -> {}
        }
        return json;
    }

    private static Map<String, @Nullable Object> choice(Chunk chunk) {
        return Json.object("index", 0, "delta", chunk.delta, "finish_reason", chunk.finish);
    }

    private Map<String, @Nullable Object> frame(String object) {
        return Json.object("id", id, "object", object, "created", created, "model", model);
    }

    /// A Claude counts its cache beside the prompt, all others inside (facts: databricks, 3.6).
    private Map<String, @Nullable Object> usage(int length) {
        int completionTokens = Asked.tokens(length);
        int cached = script.cacheRead() + script.cacheWrite();
        boolean beside = family == Family.CLAUDE && !script.cacheInPrompt();
        int prompt = promptTokens + (beside ? 0 : cached);
        var usage =
                Json.object(
                        "prompt_tokens", prompt,
                        "completion_tokens", completionTokens,
                        "total_tokens", prompt + completionTokens);
        if (cached > 0 && family == Family.CLAUDE) {
            usage.put("cache_read_input_tokens", script.cacheRead());
            usage.put("cache_creation_input_tokens", script.cacheWrite());
        } else if (cached > 0) {
            usage.put(
                    "prompt_tokens_details",
                    Json.object(
                            "cached_tokens", script.cacheRead(),
                            "cache_write_tokens", script.cacheWrite()));
        }
        return usage;
    }

    private @Nullable Object content(Said said) {
        boolean silent = said.words().isEmpty() && (thinksAside || said.reasoning().isEmpty());
        if (silent || script.content() == Script.Content.NULL) {
            return null;
        }
        if (!listed(said)) {
            return said.text();
        }
        var items = new ArrayList<Map<String, @Nullable Object>>();
        if (!said.reasoning().isEmpty() && !thinksAside) {
            items.add(reasoning(said.thought(), "c2ln"));
        }
        if (!said.words().isEmpty()) {
            items.add(Json.object("type", "text", "text", said.text()));
        }
        return items;
    }

    /// Whoever reasons in the content answers with a list.
    private boolean listed(Said said) {
        return script.content() == Script.Content.LIST
                || (!thinksAside && !said.reasoning().isEmpty());
    }

    private @Nullable Object inItsForm(Said said, String word) {
        if (script.content() == Script.Content.NULL) {
            return null;
        }
        return listed(said) ? List.of(Json.object("type", "text", "text", word)) : word;
    }

    private static Map<String, @Nullable Object> content(@Nullable Object content) {
        return Json.object("content", content);
    }

    private static Map<String, @Nullable Object> reasoning(String text, String signature) {
        var summary = Json.object("type", "summary_text", "text", text);
        if (!signature.isEmpty()) {
            summary.put("signature", signature);
        }
        return Json.object("type", "reasoning", "summary", List.of(summary));
    }

    private static Map<String, @Nullable Object> whole(Said.Call call) {
        return Json.object(
                "id",
                call.id(),
                "type",
                "function",
                "function",
                Json.object("name", call.name(), "arguments", call.arguments()));
    }

    private static Map<String, @Nullable Object> first(int index, Said.Call call, String before) {
        return Json.object(
                "index",
                index,
                "id",
                call.id(),
                "type",
                "function",
                "function",
                Json.object("name", call.name(), "arguments", before));
    }

    private static Map<String, @Nullable Object> later(int index, String fragment) {
        return Json.object("index", index, "function", Json.object("arguments", fragment));
    }

    private static Map<String, @Nullable Object> delta(Map<String, @Nullable Object> call) {
        return Json.object("tool_calls", List.of(call));
    }

    private static Map<String, @Nullable Object> error() {
        return Json.object(
                "error",
                Json.object(
                        "message",
                        "The model failed on the way.",
                        "type",
                        "server_error",
                        "code",
                        "INTERNAL_ERROR"));
    }

    private static Answer.Event data(Map<String, ?> json) {
        return Answer.Event.data(Json.bytes(json));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
