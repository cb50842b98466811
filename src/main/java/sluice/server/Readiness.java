package sluice.server;

import java.util.List;

/// Whether calls should be sent here, and what an operator should know either way.
///
/// @param reasons why not ready, or what is wrong although ready (a refused reload); sentences
public record Readiness(boolean ready, List<String> reasons) {
    public Readiness {
        reasons = List.copyOf(reasons);
    }
}
