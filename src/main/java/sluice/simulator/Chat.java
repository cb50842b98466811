package sluice.simulator;

import java.time.Clock;
import java.util.Map;
import java.util.zip.CRC32;

/// Answers chat requests. What is said depends on the request, the script and the seed alone, so it can be foreseen;
/// ids too.
///
/// Tokens are counted as Databricks estimates them where a model counts none: (length of text + 1) / 4, over the text
/// of all messages for the prompt, and over the reply with its reasoning and tool calls for the completion.
final class Chat {
    private final Clock clock;
    private final long seed;

    Chat(Clock clock, long seed) {
        this.clock = clock;
        this.seed = seed;
    }

    Answer answer(
            ChatRequest asked, Surface surface, Endpoint endpoint, Script.Words script, long sum) {
        if (!script.trouble().none()) {
            return script.trouble().answer(surface, clock);
        }
        var said = Said.to(asked, script, seed);
        var shape =
                new ChatShape(
                        String.format("chatcmpl-%08x%08x", seed, sum),
                        clock.instant().getEpochSecond(),
                        endpoint.model(),
                        tokens(asked.textLength()),
                        script,
                        usage(asked, surface, script));
        var headers =
                Map.of(
                        "content-type",
                        asked.stream() ? "text/event-stream; charset=utf-8" : "application/json",
                        "x-request-id",
                        shape.id(),
                        "served-model-name",
                        endpoint.name() + "-1");
        return asked.stream()
                ? new Answer.Events(headers, shape.events(said), script.fault() != Script.Fault.MID)
                : new Answer.Whole(200, headers, Json.text(shape.completion(said)));
    }

    static int tokens(int textLength) {
        return (textLength + 1) / 4;
    }

    /// A number that stands for the whole request.
    static long sum(byte[] body) {
        var sum = new CRC32();
        sum.update(body);
        return sum.getValue();
    }

    private static Script.UsageOn usage(ChatRequest asked, Surface surface, Script.Words script) {
        if (script.usage() != Script.UsageOn.SURFACE) {
            return script.usage();
        }
        return switch (surface) {
            case SERVING -> Script.UsageOn.EVERY;
            case OPENAI -> asked.includeUsage() ? Script.UsageOn.EXTRA : Script.UsageOn.NONE;
        };
    }
}
