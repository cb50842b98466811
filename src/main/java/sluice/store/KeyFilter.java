package sluice.store;

import org.jspecify.annotations.Nullable;

/// Which keys are asked for; what is null does not matter.
public record KeyFilter(
        @Nullable String team,
        @Nullable String customer,
        @Nullable String user,
        @Nullable Boolean disabled) {
    public static final KeyFilter ALL = new KeyFilter(null, null, null, null);
}
