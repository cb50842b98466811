package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.ReplyReader;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;
import sluice.protocol.sse.SseEvent;

/// Reads what comes back from an endpoint that was invoked by its own path. Its form is its own affair; where it looks
/// like a chat, its usage and its errors are understood.
public final class InvocationReplies implements ReplyReader {
    private static final Governed WHOLE = Governed.of("usage");
    private static final SseEvent NOTHING = new SseEvent(Bytes.EMPTY, Bytes.EMPTY);

    private final ChatReplies chat = new ChatReplies();

    /// Any JSON: predictions may be a list.
    @Override
    public WholeReply whole(Bytes body) {
        try {
            var usage = Fields.scan(body, WHOLE, Limits.DEFAULT).find("usage");
            return new WholeReply(body, UsageText.read(usage), false);
        } catch (NotJson otherwise) {
            return new WholeReply(body, null, false);
        }
    }

    @Override
    public StreamEvent event(SseEvent event) throws NotJson {
        var understood = chat.event(event);
        return understood instanceof StreamEvent.Part part
                ? new StreamEvent.Part(event, part.fields(), part.usage(), true)
                : understood;
    }

    @Override
    public boolean isToken(StreamEvent.Part part) {
        return true;
    }

    /// Its end is its end.
    @Override
    public @Nullable SseEvent terminator() {
        return NOTHING;
    }
}
