package sluice.upstream;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.protocol.StreamEvent;
import sluice.protocol.WholeReply;

/// A good answer of a target, in the dialect in which it was asked: whole, or as a stream whose
/// first event has been seen.
public sealed interface Reply extends AutoCloseable {

    /// Ends the transfer; cancels it upstream when it has not ended by itself.
    @Override
    void close();

    /// What the target said of its own limits along with the answer; null when nothing.
    @Nullable Quota quota();

    /// @param document as it came
    record Whole(WholeReply document, Supplier<@Nullable Quota> limits) implements Reply {
        @Override
        public @Nullable Quota quota() {
            return limits.get();
        }

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

        /// When the first token came, on the scale of {@link System#nanoTime}; 0 when none has yet, or when nobody
        /// wanted to know.
        long firstTokenNanos();

        /// When the last bytes came, on the same scale: a caller that reads slowly does not make it later.
        long lastBytesNanos();
    }
}
