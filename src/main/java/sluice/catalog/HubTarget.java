package sluice.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One target as the model hub shows it.
///
/// @param id the target's id
/// @param provider its provider's name
/// @param workspaceUrl the workspace's address without a path; null for a target that is no workspace
public record HubTarget(
        String id, String provider, @Nullable String workspaceUrl, List<HubModel> models) {
    public HubTarget {
        models = List.copyOf(models);
    }
}
