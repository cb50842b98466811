package sluice.protocol;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.json.Fields;
import sluice.protocol.sse.SseEvent;

/// One event of a streamed reply, as far as the gateway must understand it.
public sealed interface StreamEvent {

    /// The event as it came.
    SseEvent source();

    /// Something said.
    ///
    /// @param fields what the dialect's reader looked for in it
    /// @param usage the token counts so far, when this event told some; the last of a stream counts
    /// @param isFinish true when nothing of substance comes after it, only usage and the terminator
    record Part(SseEvent source, Fields fields, @Nullable Usage usage, boolean isFinish)
            implements StreamEvent {}

    /// The provider says in the stream that it failed; {@code data} is the error document.
    record Failed(SseEvent source, Bytes data) implements StreamEvent {}

    /// The stream is complete. Some dialects tell the usage here.
    record Done(SseEvent source, @Nullable Usage usage) implements StreamEvent {}

    /// A comment, a ping or an event without data: keeps the line open and means nothing.
    record Comment(SseEvent source) implements StreamEvent {}
}
