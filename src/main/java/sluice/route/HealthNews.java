package sluice.route;

import sluice.call.ModelName;

/// Takes what this node sees of the targets' health, for the others. What it takes, another node gives to its
/// {@link Health#hear}. It must neither wait nor throw: it is called on the path of calls.
@FunctionalInterface
public interface HealthNews {
    /// For a node that has no others.
    HealthNews NOBODY = _ -> {};

    void tell(Item item);

    /// One failure that counts.
    sealed interface Item {
        record TargetFailed(String target) implements Item {}

        record ModelFailed(ModelName model) implements Item {}
    }
}
