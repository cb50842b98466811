package sluice.route;

import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;
import sluice.call.ModelName;
import sluice.translate.Pair;
import sluice.upstream.Upstream;

/// How a call is put to one candidate.
///
/// @param spoken the dialect in which the target is asked
/// @param pair how the call is translated into it; null when it is the caller's own
public record Route(Candidate candidate, Dialect spoken, @Nullable Pair pair) {

    public ModelName model() {
        return candidate.model();
    }

    public Upstream upstream() {
        return candidate.upstream();
    }
}
