package sluice.upstream;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import sluice.call.Dialect;
import sluice.call.RequestType;
import sluice.loop.Strand;

/// A target that answers model calls. One per configured target, shared by all loops.
public interface Upstream {

    /// The target's id in the configuration.
    String id();

    /// Whether this model can be asked in this dialect here.
    boolean speaks(Dialect dialect, String model);

    /// Whether the operator lets callers ask this of the target, in whichever dialect it is asked there.
    boolean allows(RequestType type);

    /// Sends a call in its own dialect, which the target speaks, and waits until the status and the first event are
    /// known to be good.
    ///
    /// @param strand the call's own strand, on which this is called and waits
    /// @return the reply, to be closed by the caller, which cancels what has not come yet
    /// @throws sluice.call.CallFailed with a {@code Failure.Upstream}; with a {@code Failure.Malformed} when a part of
    ///     the request cannot be put to this target; with a {@code Failure.NotSpoken} when it turns out that the model
    ///     cannot be asked in this dialect after all
    Reply send(Strand strand, Question question);

    /// Whether the model would answer now, as far as the target has said. Asked for each candidate of each call.
    default boolean isReady(String model) {
        return true;
    }

    /// Asks whether the target is there, by a GET that is answered with 2xx.
    ///
    /// @param path behind the target's base
    /// @throws sluice.call.CallFailed with a {@code Failure.Upstream} when it is not well
    void probe(Strand strand, String path);

    /// Asks the target for the models that it serves, for discovery.
    ///
    /// @param strand waits for what the target sends
    /// @return reads what was sent; it may be megabytes, so not on a loop
    /// @throws sluice.call.CallFailed with a {@code Failure.Upstream}
    Supplier<List<String>> models(Strand strand);

    /// Lets running calls finish and then closes every connection.
    void retire(Duration patience);
}
