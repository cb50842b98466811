package sluice.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.protocol.sse.SseEvent;

/// One call on its way through a pair of dialects. Holds what a stream must remember; used by one strand.
public interface Translation {

    /// The request in the target's dialect.
    Bytes request();

    /// The target's whole reply, in the caller's dialect.
    ///
    /// @throws BrokenReply when the reply is not what the target's dialect promises
    Bytes whole(Bytes reply) throws BrokenReply;

    /// Adds to {@code out} what the caller sees of one event of the target's stream: complete events, with their blank
    /// lines. Often nothing.
    ///
    /// @throws BrokenReply when the event breaks the grammar of the target's dialect in a way that cannot be mended
    void event(SseEvent event, List<Bytes> out) throws BrokenReply;

    /// The target's stream has ended, with its terminator or without. Adds to {@code out} what still has to come,
    /// terminator included. Called once.
    ///
    /// @throws BrokenReply when the target stopped in the middle
    void end(List<Bytes> out) throws BrokenReply;

    /// The events that end the caller's stream after a failure, in the form of its dialect (facts/llm-protocols.md
    /// section 2). What is open is not closed as if it were complete.
    ///
    /// @param type the error's type in the caller's dialect
    Bytes failed(String type, @Nullable String code, String message);
}
