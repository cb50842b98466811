package sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One reading under way: where secrets come from, and everything found wrong so far.
final class Reading {
    private static final Comparator<Place> IN_FILE_ORDER =
            Comparator.comparing(Place::file)
                    .thenComparingInt(Place::line)
                    .thenComparingInt(Place::column);

    private final Environment environment;
    private final Sources sources;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();

    Reading(Environment environment, Sources sources) {
        this.environment = environment;
        this.sources = sources;
    }

    Environment environment() {
        return environment;
    }

    Sources sources() {
        return sources;
    }

    void fault(Place place, String message) {
        faults.add(new Fault(place, message));
    }

    void warn(Place place, String message) {
        warnings.add(new Warning(place, message));
    }

    int faultCount() {
        return faults.size();
    }

    /// A value that stands behind an alias is read at each use, and told of once.
    List<Fault> faults() {
        return faults.stream()
                .distinct()
                .sorted(Comparator.comparing(Fault::place, IN_FILE_ORDER))
                .toList();
    }

    List<Warning> warnings() {
        return warnings.stream()
                .distinct()
                .sorted(Comparator.comparing(Warning::place, IN_FILE_ORDER))
                .toList();
    }
}
