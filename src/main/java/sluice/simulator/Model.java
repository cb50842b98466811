package sluice.simulator;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers as the model behind an endpoint would, in the dialect it was asked in. What is said depends on the request,
/// the script and the seed alone, so it can be foreseen; ids too.
///
/// Tokens are counted as Databricks estimates them where a model counts none: (length of text + 1) / 4, over the text
/// of all messages for the prompt, and over the reply with its reasoning and tool calls for the completion.
final class Model {
    /// Model serving gives ids to items that are longer than the 64 characters it takes back.
    private static final int LONG_ID = 5;

    private final Clock clock;
    private final long seed;

    Model(Clock clock, long seed) {
        this.clock = clock;
        this.seed = seed;
    }

    Answer chat(Asked asked, Surface surface, Endpoint endpoint, Script.Words script, long sum) {
        var said = Said.to(asked, script, seed);
        var shape =
                new ChatShape(
                        id("chatcmpl-", sum),
                        clock.instant().getEpochSecond(),
                        endpoint.model(),
                        endpoint.family(),
                        asked.tokens(),
                        script,
                        usage(asked, surface, script),
                        surface == Surface.OPENAI && script.content() != Script.Content.LIST);
        return asked.stream()
                ? new Answer.Events(
                        headers(shape.id(), endpoint, true),
                        shape.events(said),
                        script.fault() == Script.Fault.MID ? null : Answer.Event.DONE)
                : whole(shape.id(), endpoint, shape.completion(said));
    }

    Answer messages(
            Asked asked, boolean omitsThinking, Endpoint endpoint, Script.Words script, long sum) {
        var said = Said.to(asked, script, seed);
        var shape =
                new MessagesShape(
                        id("msg_", sum), endpoint.model(), asked.tokens(), script, omitsThinking);
        return asked.stream()
                ? new Answer.Events(
                        headers(shape.id(), endpoint, true),
                        shape.events(said),
                        script.fault() == Script.Fault.NONE ? MessagesShape.stop() : null)
                : whole(shape.id(), endpoint, shape.message(said));
    }

    Answer responses(
            Asked asked, Surface surface, Endpoint endpoint, Script.Words script, long sum) {
        var said = Said.to(asked, script, seed);
        var id = id("resp_", sum);
        var suffix = id.substring("resp_".length());
        var shape =
                new ResponsesShape(
                        id,
                        clock.instant().getEpochSecond(),
                        endpoint.model(),
                        asked.tokens(),
                        script,
                        surface == Surface.SERVING ? suffix.repeat(LONG_ID) : suffix,
                        endpoint.task() == Endpoint.Task.AGENT);
        return asked.stream()
                ? new Answer.Events(
                        headers(id, endpoint, true),
                        shape.events(said),
                        script.fault() == Script.Fault.NONE ? shape.last(said) : null)
                : whole(id, endpoint, shape.response(said));
    }

    Answer completions(
            List<Asked> asked, Surface surface, Endpoint endpoint, Script.Words script, long sum) {
        var first = asked.getFirst();
        var shape =
                new Completions(
                        id("cmpl-", sum),
                        clock.instant().getEpochSecond(),
                        endpoint.model(),
                        asked,
                        asked.stream().map(one -> Said.to(one, script, seed)).toList(),
                        script,
                        usage(first, surface, script));
        return first.stream()
                ? new Answer.Events(
                        headers(shape.id(), endpoint, true),
                        shape.events(),
                        script.fault() == Script.Fault.MID ? null : Answer.Event.DONE)
                : whole(shape.id(), endpoint, shape.whole());
    }

    Answer embeddings(Embeddings asked, Surface surface, Endpoint endpoint, long sum) {
        return whole(
                id("embd-", sum),
                endpoint,
                asked.answer(endpoint.model(), surface.databricks(), seed));
    }

    Answer predictions(Body body, Endpoint endpoint, long sum) throws Refused {
        return whole(id("pred-", sum), endpoint, Predictions.answer(body));
    }

    private String id(String prefix, long sum) {
        return prefix + String.format("%08x%08x", seed, sum);
    }

    private static Answer.Whole whole(
            String id, Endpoint endpoint, Map<String, @Nullable Object> body) {
        return new Answer.Whole(200, headers(id, endpoint, false), Json.text(body));
    }

    /// The id of the request under the names that the dialects have for it.
    private static Map<String, String> headers(String id, Endpoint endpoint, boolean stream) {
        return Map.of(
                "content-type",
                stream ? "text/event-stream; charset=utf-8" : "application/json",
                "x-request-id",
                id,
                "request-id",
                id,
                "served-model-name",
                endpoint.name() + "-1");
    }

    private static Script.UsageOn usage(Asked asked, Surface surface, Script.Words script) {
        if (script.usage() != Script.UsageOn.SURFACE) {
            return script.usage();
        }
        return switch (surface) {
            case SERVING, GATEWAY -> Script.UsageOn.EVERY;
            case OPENAI, ANTHROPIC, OIDC ->
                    asked.includeUsage() ? Script.UsageOn.EXTRA : Script.UsageOn.NONE;
        };
    }
}
