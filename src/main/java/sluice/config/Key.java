package sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One key of a section: its name, what its value looks like, what happens without it, and what it means. The one
/// place where these are written.
record Key<V>(String name, Shape<V> shape, Absence absence, String meaning) {

    /// What a missing key means.
    sealed interface Absence {
        record Refused() implements Absence {}

        record Allowed() implements Absence {}

        /// The value as it would be written in the file.
        record Default(Object written) implements Absence {}
    }

    static <V> Key<V> required(String name, Shape<V> shape, String meaning) {
        return new Key<>(name, shape, new Absence.Refused(), meaning);
    }

    static <V> Key<V> optional(String name, Shape<V> shape, String meaning) {
        return new Key<>(name, shape, new Absence.Allowed(), meaning);
    }

    static <V> Key<V> defaulting(String name, Shape<V> shape, Object written, String meaning) {
        return new Key<>(name, shape, new Absence.Default(written), meaning);
    }

    /// Reads the default with the key's own shape, so that a default outside its own limits cannot exist.
    Optional<V> readDefault(Place section, Reading reading) {
        return absence instanceof Absence.Default(var written)
                ? shape.read(yaml(written, section.key(name)), reading)
                : Optional.empty();
    }

    Map<String, Object> schema() {
        var members = JsonSchema.of("description", meaning);
        members.putAll(shape.schema());
        if (absence instanceof Absence.Default(var written) && !(written instanceof Map)) {
            members.put("default", written);
        }
        return members;
    }

    private static Yaml yaml(Object written, Place place) {
        return switch (written) {
            case String text -> new Yaml.Scalar(place, text, Yaml.Scalar.Type.TEXT);
            case Long number -> new Yaml.Scalar(place, number.toString(), Yaml.Scalar.Type.WHOLE);
            case Boolean truth -> new Yaml.Scalar(place, truth.toString(), Yaml.Scalar.Type.TRUTH);
            case List<?> items -> {
                var values = new ArrayList<Yaml>();
                for (var item : items) {
                    values.add(yaml(item, place.item(values.size())));
                }
                yield new Yaml.Sequence(place, values);
            }
            case Map<?, ?> nothing when nothing.isEmpty() -> new Yaml.Mapping(place, List.of());
            default -> throw new IllegalArgumentException("no default can be " + written);
        };
    }
}
