package sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A profile of {@code ~/.databrickscfg}, an INI file: {@code [name]}, then lines {@code key = value}. A profile does
/// not inherit from {@code [DEFAULT]}, which is the one that counts when none is named.
record DatabricksProfile(String name, Map<String, Value> values) {
    private static final int MAX_BYTES = 256 * 1024;

    /// Prints nothing of what it holds.
    record Value(String text, Place place) {
        @Override
        public String toString() {
            return place.toString();
        }
    }

    /// The profile, or nothing when there is none of that name, or no such file.
    static Optional<DatabricksProfile> read(Path file, String name, Sources sources)
            throws IOException {
        byte[] bytes;
        try {
            bytes = sources.read(file, MAX_BYTES);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, Value>();
        boolean found = false;
        boolean inside = false;
        int number = 0;
        for (var line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            var text = line.strip();
            if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
                continue;
            }
            if (text.startsWith("[") && text.endsWith("]")) {
                inside = text.substring(1, text.length() - 1).strip().equals(name);
                found |= inside;
                continue;
            }
            int equals = text.indexOf('=');
            if (inside && equals > 0) {
                var key = text.substring(0, equals).strip();
                var place = Place.startOf(file.toString()).at(number, 1).key(key);
                values.put(key, new Value(text.substring(equals + 1).strip(), place));
            }
        }
        return found ? Optional.of(new DatabricksProfile(name, values)) : Optional.empty();
    }

    Optional<Value> value(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.text().isEmpty());
    }
}
