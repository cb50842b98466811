package sluice.route;

import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;
import sluice.call.Grant;
import sluice.call.ModelName;
import sluice.translate.Pair;
import sluice.upstream.Upstream;

/// Where a call goes, and how it is put there.
///
/// @param spoken the dialect in which the target is asked
/// @param pair how the call is translated into it; null when it is the caller's own
public record Route(Upstream upstream, Grant grant, Dialect spoken, @Nullable Pair pair) {

    public ModelName model() {
        return grant.model();
    }
}
