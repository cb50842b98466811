package sluice.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A whole number within a range.
record Whole(long min, long max) implements Shape<Long> {

    static Shape<Integer> small(int min, int max) {
        return new Whole(min, max).then((number, _, _) -> Optional.of(Math.toIntExact(number)));
    }

    static Shape<Duration> seconds(long min, long max) {
        return new Whole(min, max).then((number, _, _) -> Optional.of(Duration.ofSeconds(number)));
    }

    @Override
    public Optional<Long> read(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar scalar
                && scalar.type() == Yaml.Scalar.Type.WHOLE
                && scalar.text().matches("[-+]?[0-9]{1,18}")) {
            var number = Long.parseLong(scalar.text());
            if (number >= min && number <= max) {
                return Optional.of(number);
            }
        }
        reading.fault(
                value.place(),
                "expected a whole number from "
                        + min
                        + " to "
                        + max
                        + ", got "
                        + Discretion.received(value));
        return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "integer", "minimum", min, "maximum", max);
    }
}
