package sluice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A JSON document on its way out, as nested maps and lists.
final class Json {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    Json put(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    Items array(String name) {
        var items = new Items(new ArrayList<>());
        fields.put(name, items.list());
        return items;
    }

    record Items(List<Object> list) {
        Json object() {
            var object = new Json();
            list.add(object);
            return object;
        }
    }

    @Override
    public String toString() {
        return text(fields);
    }

    private static String text(Object value) {
        return switch (value) {
            case Json object -> text(object.fields);
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(each -> quoted(each.getKey()) + ":" + text(each.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
            case List<?> list ->
                    list.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
            case Double number when !Double.isFinite(number) -> "null";
            case Double number -> String.format(Locale.ROOT, "%.4f", number);
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> quoted(value);
        };
    }

    private static String quoted(Object text) {
        var quoted = new StringBuilder("\"");
        for (var letter : text.toString().toCharArray()) {
            switch (letter) {
                case '"', '\\' -> quoted.append('\\').append(letter);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (letter >= ' ') {
                        quoted.append(letter);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
