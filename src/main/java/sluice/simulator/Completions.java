package sluice.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Text completions: a choice for every prompt, each said as a chat would say it.
record Completions(
        String id,
        long created,
        String model,
        List<Asked> asked,
        List<Said> said,
        Script.Words script,
        Script.UsageOn usageOn) {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "prompt",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "stop",
                    "n",
                    "stream",
                    "stream_options",
                    "suffix",
                    "echo",
                    "error_behavior",
                    "use_raw_prompt",
                    "logprobs",
                    "client_request_id",
                    "usage_context");

    /// One question for every prompt.
    static List<Asked> read(Body body, Surface surface) throws Refused {
        if (surface.databricks()) {
            body.only(FIELDS);
        }
        var prompts = Asked.texts(body.fields().get("prompt"));
        if (prompts.isEmpty()) {
            throw body.bad("prompt: Field required");
        }
        return prompts.stream()
                .map(prompt ->
                        new Asked(
                                body.flag("stream"),
                                Boolean.TRUE.equals(
                                        body.object("stream_options").get("include_usage")),
                                body.number("max_tokens", 0),
                                List.of(new Asked.Message("user", prompt)),
                                List.of(),
                                "none",
                                Asked.texts(body.fields().get("stop")),
                                false))
                .toList();
    }

    Map<String, @Nullable Object> whole() {
        var choices = new ArrayList<Map<String, @Nullable Object>>();
        int length = 0;
        for (var one : said) {
            length += one.length();
            choices.add(choice(choices.size(), one.text(), one.finish().chat()));
        }
        var whole = frame(choices);
        if (script.usage() != Script.UsageOn.NONE) {
            whole.put("usage", usage(length));
        }
        return whole;
    }

    List<Answer.Event> events() {
        return switch (script.fault()) {
            case NONE -> stream();
            case FIRST, CODE_FIRST -> List.of(error());
            case MID -> {
                var events = stream();
                var some = new ArrayList<>(events.subList(0, events.size() / 2));
                some.add(error());
                yield some;
            }
            case NOT_JSON -> ChatShape.NOT_JSON;
            case PINGS -> Collections.nCopies(ChatShape.PINGS_MAX, Answer.Event.keepAlive());
        };
    }

    private List<Answer.Event> stream() {
        var events = new ArrayList<Answer.Event>();
        int length = 0;
        for (int index = 0; index < said.size(); index++) {
            for (var word : said.get(index).words()) {
                length += word.length();
                events.add(chunk(List.of(choice(index, word, null)), length, false));
            }
            var finish = said.get(index).finish().chat();
            events.add(chunk(List.of(choice(index, "", finish)), length, true));
        }
        if (usageOn == Script.UsageOn.EXTRA) {
            var chunk = frame(List.of());
            chunk.put("usage", usage(length));
            events.add(Answer.Event.data(Json.bytes(chunk)));
        }
        return events;
    }

    private Answer.Event chunk(
            List<Map<String, @Nullable Object>> choices, int length, boolean finish) {
        var chunk = frame(choices);
        switch (usageOn) {
            case SURFACE, EVERY -> chunk.put("usage", usage(length));
            case FINISH, DELTA, AFTER -> chunk.put("usage", finish ? usage(length) : null);
            case EXTRA -> chunk.put("usage", null);
            case NONE -> {}
        }
        return Answer.Event.data(Json.bytes(chunk));
    }

    private Map<String, @Nullable Object> frame(List<Map<String, @Nullable Object>> choices) {
        return Json.object(
                "id",
                id,
                "object",
                "text_completion",
                "created",
                created,
                "model",
                model,
                "choices",
                choices);
    }

    private static Map<String, @Nullable Object> choice(
            int index, String text, @Nullable String finish) {
        return Json.object("index", index, "text", text, "logprobs", null, "finish_reason", finish);
    }

    private Map<String, @Nullable Object> usage(int length) {
        int prompt = asked.stream().mapToInt(Asked::tokens).sum();
        int completion = Asked.tokens(length);
        return Json.object(
                "prompt_tokens", prompt,
                "completion_tokens", completion,
                "total_tokens", prompt + completion);
    }

    private static Answer.Event error() {
        return Answer.Event.data(
                Json.bytes(
                        Json.object(
                                "error",
                                Json.object(
                                        "message",
                                        "The model failed on the way.",
                                        "type",
                                        "server_error",
                                        "code",
                                        "INTERNAL_ERROR"))));
    }
}
