package sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One of a few names. {@code later} are names that the design knows and this version does not.
record OneOf<T>(Map<String, T> choices, Set<String> later) implements Shape<T> {
    OneOf {
        choices = JsonSchema.ordered(choices);
        later = Set.copyOf(later);
    }

    @Override
    public Optional<T> read(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar scalar && choices.containsKey(scalar.text())) {
            return Optional.of(choices.get(scalar.text()));
        }
        var expected = "expected " + String.join(" or ", choices.keySet());
        if (value instanceof Yaml.Scalar scalar && later.contains(scalar.text())) {
            reading.fault(
                    value.place(), "'" + scalar.text() + "' is not supported yet; " + expected);
        } else {
            reading.fault(value.place(), expected + ", got " + Discretion.received(value));
        }
        return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("enum", List.copyOf(choices.keySet()));
    }
}
