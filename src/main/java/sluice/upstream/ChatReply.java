package sluice.upstream;

import java.time.Duration;
import java.util.List;
import sluice.protocol.openai.ChatCompletion;
import sluice.protocol.openai.ChatEvent;

/// A good answer to a chat completion: whole, or as a stream whose first event has been seen.
public sealed interface ChatReply extends AutoCloseable {

    /// Ends the transfer; cancels it upstream when it has not ended by itself.
    @Override
    void close();

    /// @param completion the document, as it came
    record Whole(ChatCompletion completion) implements ChatReply {
        @Override
        public void close() {}
    }

    /// Events as they come, several when one read brought several.
    non-sealed interface Streamed extends ChatReply {

        /// Waits for the next events.
        ///
        /// @param patience how long to wait
        /// @return the events of one read; none when nothing came in time; the stream is over when {@link #isOver}
        /// @throws sluice.call.CallFailed when the stream breaks, or says itself that it failed
        List<ChatEvent> next(Duration patience);

        /// True when the last event has been given.
        boolean isOver();
    }
}
