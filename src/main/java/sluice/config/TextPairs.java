package sluice.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Names with texts.
record TextPairs() implements Shape<Map<String, String>> {
    private static final int MAX = 64;

    @Override
    public Optional<Map<String, String>> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Mapping mapping)
                || mapping.entries().isEmpty()
                || mapping.entries().size() > MAX) {
            reading.fault(
                    value.place(),
                    "expected a mapping of 1 to "
                            + MAX
                            + " names to texts, got "
                            + (value instanceof Yaml.Mapping given
                                    ? given.entries().size() + " of them"
                                    : value.kind()));
            return Optional.empty();
        }
        var pairs = new LinkedHashMap<String, String>();
        for (var entry : mapping.entries()) {
            Text.LABEL.read(entry.value(), reading).ifPresent(text -> pairs.put(entry.key(), text));
        }
        return pairs.size() == mapping.entries().size() ? Optional.of(pairs) : Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                "object",
                "minProperties",
                1L,
                "maxProperties",
                (long) MAX,
                "additionalProperties",
                Text.LABEL.schema());
    }
}
