package sluice.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// A mapping with a table of keys. {@code later} are keys that the design knows and this version does not: they are
/// refused as such. {@code elsewhere} are keys of other sections that people write here, and the sentence that says where
/// they stand. {@code checks} sees the fields even when some are wrong, so that every fault is told in one run; {@code
/// build} is called only when nothing is.
record Section<T>(
        String what,
        List<Key<?>> keys,
        Set<String> later,
        Map<String, String> elsewhere,
        Consumer<Fields> checks,
        Function<Fields, T> build)
        implements Shape<T> {

    Section(
            String what,
            List<Key<?>> keys,
            Set<String> later,
            Consumer<Fields> checks,
            Function<Fields, T> build) {
        this(what, keys, later, Map.of(), checks, build);
    }

    @Override
    public Optional<T> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            reading.fault(
                    value.place(),
                    "expected " + what + ", a mapping of " + names() + ", got " + value.kind());
            return Optional.empty();
        }
        int faultsBefore = reading.faultCount();
        refuseUnknown(mapping, reading);
        var fields = new Fields(mapping, reading);
        for (var key : keys) {
            readKey(key, mapping, fields, reading);
        }
        checks.accept(fields);
        return reading.faultCount() == faultsBefore
                ? Optional.of(reading.keep(this, mapping, build.apply(fields)))
                : Optional.empty();
    }

    private static <V> void readKey(
            Key<V> key, Yaml.Mapping mapping, Fields fields, Reading reading) {
        var given = mapping.find(key.name());
        if (given.isPresent()) {
            key.shape().read(given.get(), reading).ifPresent(read -> fields.put(key, read));
        } else if (key.absence() instanceof Key.Absence.Refused) {
            reading.fault(mapping.place(), "'" + key.name() + "' is missing: " + key.meaning());
        } else {
            key.readDefault(mapping.place(), reading).ifPresent(read -> fields.put(key, read));
        }
    }

    private void refuseUnknown(Yaml.Mapping mapping, Reading reading) {
        var known = new LinkedHashSet<String>();
        keys.forEach(key -> known.add(key.name()));
        for (var entry : mapping.entries()) {
            if (known.contains(entry.key())) {
                continue;
            }
            if (later.contains(entry.key())) {
                reading.fault(
                        entry.place(),
                        "not supported yet; this version refuses it rather than ignore it");
                continue;
            }
            var place = elsewhere.get(entry.key());
            if (place != null) {
                reading.fault(entry.place(), place);
                continue;
            }
            if (entry.key().equals("<<")) {
                reading.fault(
                        entry.place(),
                        "YAML 1.2 has no merge key; write the keys out, or use an alias for the whole"
                                + " value");
                continue;
            }
            var candidates = new ArrayList<>(known);
            candidates.addAll(later);
            reading.fault(
                    entry.place(),
                    "unknown key; "
                            + Nearest.to(entry.key(), candidates)
                                    .map(name -> "did you mean '" + name + "'?")
                                    .orElse(what + " has " + names()));
        }
    }

    private String names() {
        return String.join(", ", keys.stream().map(Key::name).toList());
    }

    @Override
    public Map<String, Object> schema() {
        var properties = new LinkedHashMap<String, Object>();
        keys.forEach(key -> properties.put(key.name(), key.schema()));
        var members =
                JsonSchema.of(
                        "type", "object", "additionalProperties", false, "properties", properties);
        var required =
                keys.stream()
                        .filter(key -> key.absence() instanceof Key.Absence.Refused)
                        .map(Key::name)
                        .toList();
        if (!required.isEmpty()) {
            members.put("required", required);
        }
        return members;
    }
}
