package sluice.catalog;

import java.util.List;

/// What one target serves.
///
/// @param target its id
/// @param provider its provider's name, under which its models can be asked for too
/// @param open true when it takes any model name, listed or not ({@code models: ["*"]})
/// @param models the names that are configured or were discovered
public record TargetModels(String target, String provider, boolean open, List<String> models) {
    public TargetModels {
        models = List.copyOf(models);
    }
}
