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

/// Reads the replies of chat completions and of the older text completions, which differ only in what a choice holds.
public final class ChatReplies implements ReplyReader {
    private static final Governed WHOLE = Governed.of("usage", "error", "choices");
    static final Governed CHUNK = Governed.of("choices", "usage", "error", "error_code");
    private static final SseEvent DONE =
            new SseEvent(Bytes.utf8("data: [DONE]\n\n"), Bytes.utf8("[DONE]"));

    @Override
    public WholeReply whole(Bytes body) throws NotJson {
        var fields = Fields.scan(body, WHOLE, Limits.DEFAULT);
        var error = fields.find("error");
        return new WholeReply(
                body,
                UsageText.read(fields.find("usage")),
                (error != null && error.kind() != Kind.NULL) || !fields.has("choices"));
    }

    @Override
    public StreamEvent event(SseEvent event) throws NotJson {
        var data = event.data();
        if (data.isEmpty()) {
            return new StreamEvent.Comment(event);
        }
        if (isDone(data)) {
            return new StreamEvent.Done(event, null);
        }
        var fields = Fields.scan(data, CHUNK, Limits.DEFAULT);
        if (isError(fields)) {
            return new StreamEvent.Failed(event, data);
        }
        return new StreamEvent.Part(
                event, fields, UsageText.read(fields.find("usage")), ChatChoices.isFinish(fields));
    }

    @Override
    public boolean isToken(StreamEvent.Part part) {
        return ChatChoices.isToken(part.fields());
    }

    @Override
    public @Nullable SseEvent terminator() {
        return DONE;
    }

    /// OpenAI's word, or Databricks' own where the choices would be (facts/databricks.md section 3.7).
    private static boolean isError(Fields fields) {
        var error = fields.find("error");
        if (error != null && (error.kind() == Kind.OBJECT || error.kind() == Kind.STRING)) {
            return true;
        }
        var code = fields.find("error_code");
        return code != null && code.kind() == Kind.STRING && !fields.has("choices");
    }

    /// Clients end on any data that starts so (facts/llm-protocols.md section 2).
    private static boolean isDone(Bytes data) {
        byte[] array = data.array();
        int at = data.from();
        return data.length() >= 6
                && array[at] == '['
                && array[at + 1] == 'D'
                && array[at + 2] == 'O'
                && array[at + 3] == 'N'
                && array[at + 4] == 'E'
                && array[at + 5] == ']';
    }
}
