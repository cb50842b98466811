package sluice.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A request's body: a JSON object, of which a surface takes some fields. {@code surface} words what is wrong with it.
record Body(Map<String, @Nullable Object> fields, Surface surface) {

    /// Reads what was sent, of which no more may have been kept than fits.
    static Body read(Request request, Surface surface) throws Refused {
        if (request.bodyLength() > Connection.BODY_BYTES_MAX) {
            throw surface.refuses(
                    "Request size cannot exceed " + Connection.BODY_BYTES_MAX + " bytes.");
        }
        try {
            if (Json.read(request.body()) instanceof Map<?, ?> object) {
                return new Body(fields(object), surface);
            }
        } catch (JacksonException | IllegalArgumentException wrong) {
            throw surface.refuses("Malformed request: the body is not valid JSON.");
        }
        throw surface.refuses("The request body must be a JSON object.");
    }

    /// The same, judged by another surface.
    Body on(Surface other) {
        return new Body(fields, other);
    }

    String model() throws Refused {
        return required("model");
    }

    String required(String name) throws Refused {
        var text = text(name);
        if (text.isEmpty()) {
            throw bad(name + ": Field required");
        }
        return text;
    }

    /// The text of a field, empty when it is missing or something else.
    String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /// The number of a field, {@code otherwise} when it is missing or something else.
    int number(String name, int otherwise) {
        return fields.get(name) instanceof Number number ? number.intValue() : otherwise;
    }

    List<?> list(String name) {
        return fields.get(name) instanceof List<?> items ? items : List.of();
    }

    Map<?, ?> object(String name) {
        return fields.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    /// True when the field is there and not null.
    boolean says(String name) {
        return fields.get(name) != null;
    }

    /// Refuses the first field that is not among those.
    void only(Set<String> known) throws Refused {
        for (var field : fields.keySet()) {
            if (!known.contains(field)) {
                throw unknown(field);
            }
        }
    }

    Refused unknown(String field) {
        return surface.refuses(surface.unknownField(field));
    }

    Refused bad(String message) {
        return surface.refuses(message);
    }

    private static Map<String, @Nullable Object> fields(Map<?, ?> object) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        object.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }
}
