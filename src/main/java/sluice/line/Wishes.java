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
    ///     over, and so is one of which fewer tokens may be asked than the call does
    static List<Grant> granted(ModelRequest asked, Standing caller, Snapshot now) {
        var first = granted(asked.model(), caller, now);
        var others = fallbacks(asked);
        if (others.isEmpty()) {
            return List.of(first);
        }
        long tokens = tokens(asked, first, caller);
        var grants = new ArrayList<>(List.of(first));
        for (var other : others) {
            try {
                var grant = granted(other, caller, now);
                if (caller.maxTokens(grant.model()) >= tokens) {
                    grants.add(grant);
                }
            } catch (CallFailed notForThisCaller) {
                // the ones that it may use are honoured
            }
        }
        return grants;
    }

    private static Grant granted(String model, Standing caller, Snapshot now) {
        return caller.authorize(now.catalog().resolve(model, caller));
    }

    /// How many output tokens the call will say that it wants at most.
    private static long tokens(ModelRequest asked, Grant first, Standing caller) {
        try {
            long said = asked.maxTokens();
            return said > 0 ? said : caller.maxTokens(first.model());
        } catch (NotJson malformed) {
            throw new Failure.Malformed(malformed.getMessage(), malformed.param()).asException();
        }
    }

    private static List<String> fallbacks(ModelRequest asked) {
        try {
            return asked.fallbacks();
        } catch (NotJson malformed) {
            throw new Failure.Malformed(malformed.getMessage(), malformed.param()).asException();
        }
    }
}
