package sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

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
    private final IdentityHashMap<Section<?>, IdentityHashMap<Yaml.Mapping, Object>> read =
            new IdentityHashMap<>();

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

    /// Remembers a good section, so that what others say about it can be checked although its neighbours are wrong.
    <T> T keep(Section<T> section, Yaml.Mapping mapping, T value) {
        read.computeIfAbsent(section, _ -> new IdentityHashMap<>()).put(mapping, value);
        return value;
    }

    /// What a mapping was read as; nothing when it was wrong, or was never read as that.
    @SuppressWarnings("unchecked") // kept by the same section, whose type it has
    <T> Optional<T> kept(Section<T> section, Yaml.Mapping mapping) {
        var all = read.get(section);
        return all == null ? Optional.empty() : Optional.ofNullable((T) all.get(mapping));
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
