package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.ReplyReader;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;
import sluice.protocol.sse.SseEvent;

/// Reads the Responses dialect (facts/llm-protocols.md section 5): every event says its own type, and the last one
/// holds the whole response with its usage.
public final class ResponseReplies implements ReplyReader {
    private static final Governed WHOLE =
            Governed.of("usage", "error", "object", "output", "status");
    public static final Governed EVENT =
            Governed.of(
                    "type",
                    "sequence_number",
                    "response",
                    "error",
                    "code",
                    "message",
                    "error_code",
                    "param");
    private static final Governed RESPONSE = Governed.of("usage", "error", "id");
    private static final Governed USAGE =
            Governed.of(
                    "input_tokens",
                    "input_tokens_details",
                    "output_tokens",
                    "output_tokens_details");
    private static final Governed DETAILS =
            Governed.of("cached_tokens", "cache_write_tokens", "reasoning_tokens");

    @Override
    public WholeReply whole(Bytes body) throws NotJson {
        var fields = Fields.scan(body, WHOLE, Limits.DEFAULT);
        var error = fields.find("error");
        boolean failed = error != null && error.kind() != Kind.NULL;
        boolean isResponse = fields.has("output") || fields.has("status");
        return new WholeReply(body, usage(fields.find("usage")), failed || !isResponse);
    }

    @Override
    public StreamEvent event(SseEvent event) throws NotJson {
        var data = event.data();
        if (data.isEmpty()) {
            return new StreamEvent.Comment(event);
        }
        if (data.array()[data.from()] == '[') {
            return new StreamEvent.Comment(event); // a terminator that the dialect does not have
        }
        var fields = Fields.scan(data, EVENT, Limits.DEFAULT);
        var type = fields.find("type");
        var said = type != null && type.kind() == Kind.STRING ? type.string() : event.name();
        return switch (said) {
            case "response.completed", "response.incomplete" ->
                    new StreamEvent.Done(event, usageOf(fields.find("response")));
            case "response.failed" -> new StreamEvent.Failed(event, errorOf(fields, data));
            case "error" -> new StreamEvent.Failed(event, data);
            default ->
                    isError(fields)
                            ? new StreamEvent.Failed(event, data)
                            : new StreamEvent.Part(event, fields, null, false);
        };
    }

    @Override
    public boolean isToken(StreamEvent.Part part) {
        try {
            var type = part.fields().find("type");
            return type != null && type.kind() == Kind.STRING && type.string().endsWith(".delta");
        } catch (NotJson read) {
            return false;
        }
    }

    /// A stream without its completed event is broken, whatever came before.
    @Override
    public @Nullable SseEvent terminator() {
        return null;
    }

    private static boolean isError(Fields fields) {
        var error = fields.find("error");
        return (error != null && error.kind() == Kind.OBJECT)
                || (fields.has("error_code") && !fields.has("type"));
    }

    /// The error stands inside the response; what reads errors finds it there when it is told of the response alone.
    private static Bytes errorOf(Fields event, Bytes data) throws NotJson {
        var response = event.find("response");
        return response != null && response.kind() == Kind.OBJECT ? response.value() : data;
    }

    private static @Nullable Usage usageOf(@Nullable Field response) throws NotJson {
        return response == null || response.kind() != Kind.OBJECT
                ? null
                : usage(response.object(RESPONSE, Limits.DEFAULT).find("usage"));
    }

    private static @Nullable Usage usage(@Nullable Field usage) throws NotJson {
        if (usage == null || usage.kind() != Kind.OBJECT) {
            return null;
        }
        var fields = usage.object(USAGE, Limits.DEFAULT);
        var input = details(fields.find("input_tokens_details"));
        var output = details(fields.find("output_tokens_details"));
        long read = UsageText.tokens(input, "cached_tokens");
        long written = UsageText.tokens(input, "cache_write_tokens");
        return new Usage(
                UsageText.fresh(UsageText.tokens(fields, "input_tokens"), read + written),
                read,
                written,
                0,
                UsageText.tokens(fields, "output_tokens"),
                UsageText.tokens(output, "reasoning_tokens"));
    }

    private static @Nullable Fields details(@Nullable Field field) throws NotJson {
        return field == null || field.kind() != Kind.OBJECT
                ? null
                : field.object(DETAILS, Limits.DEFAULT);
    }
}
