package sluice.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// {@code true} or {@code false}; YAML 1.2 knows no {@code yes} or {@code on}.
record Truth() implements Shape<Boolean> {
    @Override
    public Optional<Boolean> read(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar scalar && scalar.type() == Yaml.Scalar.Type.TRUTH) {
            return Optional.of(scalar.text().toLowerCase(Locale.ROOT).equals("true"));
        }
        reading.fault(value.place(), "expected true or false, got " + Discretion.received(value));
        return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "boolean");
    }
}
