package sluice.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.RequestType;

/// {@code allowed_requests} and {@code request_paths} of a custom provider.
final class RequestPaths {
    /// All but the one that only Databricks has.
    private static final List<RequestType> TYPES =
            Arrays.stream(RequestType.values())
                    .filter(type -> type != RequestType.INVOCATIONS)
                    .toList();

    private static final Map<RequestType, Key<String>> KEYS = keys();

    static final Shape<List<RequestType>> ALLOWED =
            new ListOf<>(new OneOf<>(names(), Set.of()), TYPES.size(), "");

    static final Section<Map<RequestType, String>> SECTION =
            new Section<>(
                    "request_paths",
                    new ArrayList<>(KEYS.values()),
                    Set.of(),
                    _ -> {},
                    RequestPaths::build);

    private RequestPaths() {}

    private static Map<String, RequestType> names() {
        var names = new LinkedHashMap<String, RequestType>();
        TYPES.forEach(type -> names.put(type.token(), type));
        return names;
    }

    private static Map<RequestType, Key<String>> keys() {
        var keys = new EnumMap<RequestType, Key<String>>(RequestType.class);
        for (var type : TYPES) {
            keys.put(
                    type,
                    Key.optional(
                            type.token(),
                            new Text(
                                            "a path that begins with '/', or an address such as"
                                                    + " https://host/path",
                                            Pattern.compile("(/|https?://)[!-~]{0,2048}"))
                                    .then(RequestPaths::parse),
                            "where requests of the type " + type.token() + " go"));
        }
        return keys;
    }

    private static Optional<String> parse(String text, Place place, Reading reading) {
        if (!text.startsWith("/")) {
            return BaseUrl.parse(text, place, reading).map(Object::toString);
        }
        if (text.contains("..") || text.contains("#") || text.startsWith("//")) {
            reading.fault(place, "must not hold '..', '#' or '//', got " + Discretion.quote(text));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static Map<RequestType, String> build(Fields given) {
        var paths = new EnumMap<RequestType, String>(RequestType.class);
        KEYS.forEach((type, key) -> given.find(key).ifPresent(path -> paths.put(type, path)));
        return paths;
    }
}
