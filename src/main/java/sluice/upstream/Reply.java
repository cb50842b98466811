package sluice.upstream;

import java.time.Duration;
import java.util.List;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;

/// A good answer of a target, in the dialect in which it was asked: whole, or as a stream whose
/// first event has been seen.
public sealed interface Reply extends AutoCloseable {

    /// Ends the transfer; cancels it upstream when it has not ended by itself.
    @Override
    void close();

    /// @param document as it came
    record Whole(WholeReply document) implements Reply {
        @Override
        public void close() {}
    }

    /// Events as they come, several when one read brought several.
    non-sealed interface Streamed extends Reply {

        /// Waits for the next events.
        ///
        /// @param patience how long to wait
        /// @return the events of one read; none when nothing came in time; the stream is over when
        ///   {@link #isOver}
        /// @throws sluice.call.CallFailed when the stream breaks, or says itself that it failed
        List<StreamEvent> next(Duration patience);

        /// True when the last event has been given.
        boolean isOver();
    }
}
