package sluice.line;

import java.util.ArrayList;
import java.util.List;
import sluice.access.Standing;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.json.NotJson;
import sluice.protocol.ModelRequest;

/// The models that a caller named, in the order in which it wants them: the one asked for, then its {@code fallbacks},
/// a field that people bring from another gateway (facts/forms.md section 1).
final class Wishes {
    private Wishes() {}

    /// @return the grants, at least one
    /// @throws CallFailed when the model asked for does not exist or may not be used; a fallback that is so is passed
    ///     over
    static List<Grant> granted(ModelRequest asked, Standing caller, Snapshot now) {
        var first = granted(asked.model(), caller, now);
        var others = fallbacks(asked);
        if (others.isEmpty()) {
            return List.of(first);
        }
        var grants = new ArrayList<>(List.of(first));
        for (var other : others) {
            try {
                grants.add(granted(other, caller, now));
            } catch (CallFailed notForThisCaller) {
                // the ones that it may use are honoured
            }
        }
        return grants;
    }

    private static Grant granted(String model, Standing caller, Snapshot now) {
        return caller.authorize(now.catalog().resolve(model, caller));
    }

    private static List<String> fallbacks(ModelRequest asked) {
        try {
            return asked.fallbacks();
        } catch (NotJson malformed) {
            throw new Failure.Malformed(malformed.getMessage(), malformed.param()).asException();
        }
    }
}
