package sluice.config;

import java.util.List;

/// Which models of a target exist for callers.
public sealed interface ModelSelection {

    /// {@code models: []}: the target is declared and serves nothing.
    record None() implements ModelSelection {}

    /// {@code models: ["*"]}: whatever the target lists.
    record All() implements ModelSelection {}

    /// Exactly these, listed by the target or not.
    record Named(List<String> names) implements ModelSelection {
        public Named {
            names = List.copyOf(names);
            if (names.isEmpty()) {
                throw new IllegalArgumentException("no names at all is None");
            }
        }
    }

    static ModelSelection of(List<String> names) {
        if (names.isEmpty()) {
            return new None();
        }
        return names.equals(List.of("*")) ? new All() : new Named(names);
    }
}
