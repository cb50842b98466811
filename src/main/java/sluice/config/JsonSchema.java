package sluice.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Members of a JSON Schema in the order in which they are given, so that it prints the same every time.
final class JsonSchema {
    private JsonSchema() {}

    static Map<String, Object> of(Object... namesAndValues) {
        var members = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    static <T> Map<String, T> ordered(Map<String, T> members) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
}
