package sluice.protocol;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.NotJson;
import sluice.protocol.sse.SseEvent;

/// Reads one reply in one dialect, as far as the gateway must understand it. One per reply: a stream's usage may come
/// in parts, which a reader adds up.
public interface ReplyReader {

    /// @throws NotJson when the body is not a JSON object
    WholeReply whole(Bytes body) throws NotJson;

    /// @throws NotJson when the event's data is neither a JSON object nor the dialect's terminator
    StreamEvent event(SseEvent event) throws NotJson;

    /// Whether this part brings a first word of the model: text, thinking, or a tool call. Asked only until one did.
    ///
    /// @param part as {@link #event} read it
    boolean isToken(StreamEvent.Part part);

    /// What ends a stream that said all it had to say but forgot the terminator; null when such a stream is broken.
    @Nullable SseEvent terminator();
}
