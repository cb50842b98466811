package sluice.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A mapping of at most {@code max} names to values of one shape.
record MapOf<T>(Text name, Shape<T> value, int max) implements Shape<Map<String, T>> {

    @Override
    public Optional<Map<String, T>> read(Yaml given, Reading reading) {
        if (!(given instanceof Yaml.Mapping mapping)) {
            reading.fault(given.place(), "expected a mapping of names, got " + given.kind());
            return Optional.empty();
        }
        if (mapping.entries().size() > max) {
            reading.fault(
                    given.place(),
                    "expected at most " + max + " names, got " + mapping.entries().size());
            return Optional.empty();
        }
        var read = new LinkedHashMap<String, T>();
        for (var entry : mapping.entries()) {
            if (!name.pattern().matcher(entry.key()).matches()) {
                reading.fault(
                        entry.place(),
                        "expected " + name.what() + ", got " + Discretion.quote(entry.key()));
                continue;
            }
            value.read(entry.value(), reading).ifPresent(good -> read.put(entry.key(), good));
        }
        return read.size() == mapping.entries().size() ? Optional.of(read) : Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                "object",
                "maxProperties",
                (long) max,
                "additionalProperties",
                value.schema());
    }
}
