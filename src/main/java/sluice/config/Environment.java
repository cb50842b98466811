package sluice.config;

import org.jspecify.annotations.Nullable;

/// The environment variables, as the composition root hands them in: {@code System::getenv}, or a map's {@code get}.
@FunctionalInterface
public interface Environment {
    Environment EMPTY = name -> null;

    @Nullable String value(String name);

    /// An empty variable is an unset one: that is how a shell script or a manifest spells "none".
    default boolean has(String name) {
        var value = value(name);
        return value != null && !value.isEmpty();
    }
}
