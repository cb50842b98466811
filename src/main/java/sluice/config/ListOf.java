package sluice.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A list of at most {@code max} items; {@code distinctBy} names the key by which two mappings, or no key ("") by which
/// two texts, would be the same.
record ListOf<T>(Shape<T> item, int max, String distinctBy) implements Shape<List<T>> {

    @Override
    public Optional<List<T>> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Sequence list)) {
            reading.fault(value.place(), "expected a list, got " + value.kind());
            return Optional.empty();
        }
        if (list.items().size() > max) {
            reading.fault(
                    value.place(),
                    "expected at most " + max + " items, got " + list.items().size());
            return Optional.empty();
        }
        refuseTwins(list, reading);
        var read = new ArrayList<T>();
        for (var each : list.items()) {
            item.read(each, reading).ifPresent(read::add);
        }
        return read.size() == list.items().size()
                ? Optional.of(List.copyOf(read))
                : Optional.empty();
    }

    private void refuseTwins(Yaml.Sequence list, Reading reading) {
        var first = new HashMap<String, Place>();
        for (var each : list.items()) {
            var named =
                    each instanceof Yaml.Mapping mapping
                            ? mapping.find(distinctBy)
                            : Optional.of(each);
            if (named.isEmpty() || !(named.get() instanceof Yaml.Scalar name)) {
                continue;
            }
            var before = first.putIfAbsent(name.text(), name.place());
            if (before != null) {
                reading.fault(
                        name.place(),
                        Discretion.quote(name.text())
                                + " is already in line "
                                + before.line()
                                + "; each stands once");
            }
        }
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "array", "maxItems", (long) max, "items", item.schema());
    }
}
