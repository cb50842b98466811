package sluice.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Bytes;
import tools.jackson.core.io.JsonStringEncoder;

/// Names with any values, which become JSON: fields that are set in requests.
///
/// @param refused names that are not for the operator to set here
record JsonValues(Set<String> refused) implements Shape<Map<String, Bytes>> {
    private static final int MAX = 64;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_CHARACTERS = 16_384;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,127}");

    /// JSON's idea of a number, which YAML's is wider than.
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    @Override
    public Optional<Map<String, Bytes>> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            reading.fault(
                    value.place(), "expected a mapping of fields to values, got " + value.kind());
            return Optional.empty();
        }
        if (mapping.entries().size() > MAX) {
            reading.fault(
                    value.place(),
                    "expected at most " + MAX + " fields, got " + mapping.entries().size());
            return Optional.empty();
        }
        int before = reading.faultCount();
        var read = new LinkedHashMap<String, Bytes>();
        for (var entry : mapping.entries()) {
            if (!NAME.matcher(entry.key()).matches()) {
                reading.fault(
                        entry.place(),
                        "expected the name of a field, got " + Discretion.quote(entry.key()));
            } else if (refused.contains(entry.key())) {
                reading.fault(
                        entry.place(), "the gateway writes this field itself; remove it from here");
            } else {
                var json = new StringBuilder();
                write(entry.value(), json, 0, reading);
                read.put(entry.key(), Bytes.utf8(json.toString()));
                if (json.length() > MAX_CHARACTERS) {
                    reading.fault(
                            entry.place(),
                            "expected at most " + MAX_CHARACTERS + " characters of JSON");
                }
            }
        }
        return reading.faultCount() == before ? Optional.of(read) : Optional.empty();
    }

    private static void write(Yaml value, StringBuilder json, int depth, Reading reading) {
        if (depth > MAX_DEPTH || json.length() > MAX_CHARACTERS) {
            if (depth == MAX_DEPTH + 1) {
                reading.fault(value.place(), "expected at most " + MAX_DEPTH + " levels");
            }
            return;
        }
        switch (value) {
            case Yaml.Scalar scalar -> write(scalar, json, reading);
            case Yaml.Sequence list -> {
                json.append('[');
                for (int i = 0; i < list.items().size(); i++) {
                    json.append(i == 0 ? "" : ",");
                    write(list.items().get(i), json, depth + 1, reading);
                }
                json.append(']');
            }
            case Yaml.Mapping mapping -> {
                json.append('{');
                for (int i = 0; i < mapping.entries().size(); i++) {
                    var entry = mapping.entries().get(i);
                    json.append(i == 0 ? "" : ",").append(quoted(entry.key()));
                    json.append(':');
                    write(entry.value(), json, depth + 1, reading);
                }
                json.append('}');
            }
        }
    }

    private static void write(Yaml.Scalar scalar, StringBuilder json, Reading reading) {
        switch (scalar.type()) {
            case TEXT -> {
                if (Discretion.looksSecret(scalar.text())) {
                    reading.fault(
                            scalar.place(), "a text that looks like a credential (not shown)");
                }
                json.append(quoted(scalar.text()));
            }
            case WHOLE, FRACTION -> {
                if (!NUMBER.matcher(scalar.text()).matches()) {
                    reading.fault(
                            scalar.place(),
                            "expected a number as JSON writes it, got "
                                    + Discretion.received(scalar));
                }
                json.append(scalar.text());
            }
            case TRUTH -> json.append(scalar.text().equalsIgnoreCase("true"));
            case NOTHING -> json.append("null");
        }
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "object", "maxProperties", (long) MAX);
    }
}
