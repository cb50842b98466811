package sluice.translate;

import sluice.call.Bytes;
import sluice.protocol.sse.SseEvent;
import sluice.translate.Blocks.Ending;

/// Reads what a target answers, in the target's dialect, and tells it as {@link Blocks}.
interface Answer {

    /// A whole reply; instead of events.
    Ending whole(Bytes reply) throws BrokenReply;

    void event(SseEvent event) throws BrokenReply;

    /// True once nothing of substance can follow.
    boolean isDone();

    /// The stream is over.
    ///
    /// @throws BrokenReply when it stopped in the middle
    Ending end() throws BrokenReply;
}
