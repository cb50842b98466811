package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.ReplyReader;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;
import sluice.protocol.sse.SseEvent;

/// Reads lists of embeddings, which never come as a stream.
public final class EmbeddingReplies implements ReplyReader {
    private static final Governed WHOLE = Governed.of("usage", "error", "data");

    @Override
    public WholeReply whole(Bytes body) throws NotJson {
        var fields = Fields.scan(body, WHOLE, Limits.DEFAULT);
        var error = fields.find("error");
        return new WholeReply(
                body,
                UsageText.read(fields.find("usage")),
                (error != null && error.kind() != Kind.NULL) || !fields.has("data"));
    }

    @Override
    public StreamEvent event(SseEvent event) {
        throw new IllegalStateException("embeddings are not asked for as a stream");
    }

    @Override
    public boolean isToken(StreamEvent.Part part) {
        throw new IllegalStateException("embeddings are not asked for as a stream");
    }

    @Override
    public @Nullable SseEvent terminator() {
        return null;
    }
}
