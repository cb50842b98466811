package sluice.protocol.anthropic;

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

/// Reads the Messages dialect (facts/llm-protocols.md section 4). Usage comes in two parts: the input side when the
/// message starts, the output side, cumulative, with each change of the message; a later count replaces an earlier.
public final class MessageReplies implements ReplyReader {
    private static final Governed WHOLE =
            Governed.of("type", "usage", "error", "content", "input_tokens");
    private static final Governed EVENT =
            Governed.of("type", "message", "usage", "delta", "error", "error_code");
    private static final Governed MESSAGE = Governed.of("usage");
    private static final Governed DELTA = Governed.of("stop_reason");
    private static final SseEvent STOP =
            new SseEvent(
                    Bytes.utf8("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
                    Bytes.utf8("{\"type\":\"message_stop\"}"));

    private final MessageUsage usage = new MessageUsage();

    @Override
    public WholeReply whole(Bytes body) throws NotJson {
        var fields = Fields.scan(body, WHOLE, Limits.DEFAULT);
        var error = fields.find("error");
        boolean failed = error != null && error.kind() != Kind.NULL;
        boolean isReply = fields.has("content") || fields.has("input_tokens");
        return new WholeReply(body, usage.read(fields.find("usage")), failed || !isReply);
    }

    @Override
    public StreamEvent event(SseEvent event) throws NotJson {
        var data = event.data();
        if (data.isEmpty() || data.array()[data.from()] == '[') {
            return new StreamEvent.Comment(event);
        }
        var fields = Fields.scan(data, EVENT, Limits.DEFAULT);
        var type = fields.find("type");
        var said = type != null && type.kind() == Kind.STRING ? type.string() : event.name();
        return switch (said) {
            case "message_start" ->
                    new StreamEvent.Part(event, fields, started(fields.find("message")), false);
            case "message_delta" ->
                    new StreamEvent.Part(
                            event,
                            fields,
                            usage.read(fields.find("usage")),
                            stops(fields.find("delta")));
            case "message_stop" -> new StreamEvent.Done(event, null);
            case "ping" -> new StreamEvent.Comment(event);
            case "error" -> new StreamEvent.Failed(event, data);
            default ->
                    fields.has("error_code") || isErrorObject(fields.find("error"))
                            ? new StreamEvent.Failed(event, data)
                            : new StreamEvent.Part(event, fields, null, false);
        };
    }

    /// A tool call says its name when its block starts; text and thinking start empty.
    @Override
    public boolean isToken(StreamEvent.Part part) {
        try {
            var type = part.fields().find("type");
            if (type == null || type.kind() != Kind.STRING) {
                return false;
            }
            return switch (type.string()) {
                case "content_block_delta" -> true;
                case "content_block_start" -> part.source().data().utf8().contains("tool_use\"");
                default -> false;
            };
        } catch (NotJson read) {
            return false;
        }
    }

    @Override
    public @Nullable SseEvent terminator() {
        return STOP;
    }

    private @Nullable Usage started(@Nullable Field message) throws NotJson {
        return message == null || message.kind() != Kind.OBJECT
                ? null
                : usage.read(message.object(MESSAGE, Limits.DEFAULT).find("usage"));
    }

    private static boolean stops(@Nullable Field delta) throws NotJson {
        if (delta == null || delta.kind() != Kind.OBJECT) {
            return false;
        }
        var reason = delta.object(DELTA, Limits.DEFAULT).find("stop_reason");
        return reason != null && reason.kind() == Kind.STRING;
    }

    private static boolean isErrorObject(@Nullable Field error) {
        return error != null && error.kind() == Kind.OBJECT;
    }
}
