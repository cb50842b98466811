package sluice.config;

import java.util.List;

/// What came of reading the configuration: all of it, or none of it and every reason why.
public sealed interface Loaded {

    record Good(Configuration configuration, List<Warning> warnings) implements Loaded {
        public Good {
            warnings = List.copyOf(warnings);
        }
    }

    record Faulty(List<Fault> faults, List<Warning> warnings) implements Loaded {
        public Faulty {
            faults = atLeastOne(faults);
            warnings = List.copyOf(warnings);
        }
    }

    /// At least one file could not be read at all; {@code faults} holds those first, then what the others had.
    record Unreadable(List<Fault> faults) implements Loaded {
        public Unreadable {
            faults = atLeastOne(faults);
        }
    }

    private static List<Fault> atLeastOne(List<Fault> faults) {
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("a refusal names at least one fault");
        }
        return List.copyOf(faults);
    }
}
