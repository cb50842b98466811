package sluice.upstream;

import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import sluice.call.Dropped;
import sluice.call.Failure;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.json.NotJson;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ModelRequest;

/// A call as it is put to a target.
///
/// @param asked what is asked, in a dialect that the target speaks; not changed, so that it may be sent again
/// @param model the name by which the target knows the model
/// @param caller for whom, where the target books by caller
/// @param ownToken the workspace's token by which the caller is known; null when it is known by something else
/// @param headers what may go along from the caller, by lower-case name
/// @param dropped takes the names of what the target does not take and what was therefore left out
/// @param patience how long it may take
/// @param overrides what the operator changes in it
/// @param timed whether anybody wants to know when the first token came
/// @param refused takes the credential's id and the failure of each sending that another credential then stood in for
public record Question(
        ModelRequest asked,
        String model,
        Principal caller,
        @Nullable Secret ownToken,
        Map<String, String> headers,
        Dropped dropped,
        Patience patience,
        Overrides overrides,
        boolean timed,
        BiConsumer<String, Failure.Upstream> refused) {

    /// What is asked, with the operator's changes.
    ///
    /// @throws NotJson when the body gives a field twice that the operator sets
    public ModelRequest overridden(Strand strand) throws NotJson {
        if (overrides.params().isEmpty()) {
            return asked;
        }
        try (var _ = aside(strand, Work.SCAN, asked.body().length())) {
            return overrides.on(asked);
        }
    }

    /// Off the loop, for as long as the stay is not closed, when so many bytes of the call are too much for it.
    public Strand.Stay aside(Strand strand, Work work, long bytes) {
        return strand.aside(work, bytes, patience.untilNanos());
    }

    /// The same for what the target has answered.
    public Strand.Stay asideWithAnswer(Strand strand, Work work, long bytes) {
        return strand.asideWithAnswer(work, bytes, patience.untilNanos());
    }
}
