package sluice.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import sluice.loop.Strand;
import sluice.protocol.openai.ChatRequest;

/// A target that answers model calls. One per configured target, shared by all loops.
public interface Upstream {

    /// The target's id in the configuration.
    String id();

    /// Sends a chat completion and waits until its status and first event are known to be good.
    ///
    /// @param strand the call's own strand, on which this is called and waits
    /// @param asked what the caller asked; not changed, so that it may be sent again
    /// @param model the name by which this target knows the model
    /// @param headers what may go along from the caller, by lower-case name
    /// @return the reply, to be closed by the caller, which cancels what has not come yet
    /// @throws sluice.call.CallFailed with a {@code Failure.Upstream}
    ChatReply chat(Strand strand, ChatRequest asked, String model, Map<String, String> headers);

    /// The models that the target says it serves, for discovery off the path.
    ///
    /// @throws sluice.call.CallFailed with a {@code Failure.Upstream}
    List<String> models(Strand strand);

    /// Lets running calls finish and then closes every connection.
    void retire(Duration patience);
}
