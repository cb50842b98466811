package sluice.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// What the simulator understands of a chat request. {@code maxTokens} is 0 when it was not said; {@code choice} is
/// {@code auto}, {@code none}, {@code required} or the name of a tool.
record ChatRequest(
        String model,
        boolean stream,
        boolean includeUsage,
        int maxTokens,
        List<Message> messages,
        List<Tool> tools,
        String choice) {

    record Message(String role, String text) {}

    /// A function and its parameters: name to JSON type.
    record Tool(String name, Map<String, String> parameters) {}

    /// Reads and checks a body as the surface would. {@code endpoint} is the name in the path, empty when the body
    /// must say it; {@code length} is that of the body, of which no more may have been kept than fits.
    static ChatRequest read(byte[] sent, long length, Surface surface, String endpoint)
            throws Refused {
        if (length > Connection.BODY_BYTES_MAX) {
            throw bad(
                    surface, "Request size cannot exceed " + Connection.BODY_BYTES_MAX + " bytes.");
        }
        var body = object(sent, surface);
        for (var field : body.keySet()) {
            if (!surface.takes(field)) {
                throw bad(surface, field + ": Extra inputs are not permitted");
            }
        }
        var model = endpoint.isEmpty() ? body.get("model") : endpoint;
        if (!(model instanceof String name) || name.isEmpty()) {
            throw bad(surface, "model: Field required");
        }
        if (body.containsKey("stream_options") && refusesStreamOptions(surface, name)) {
            throw bad(surface, "stream_options: Extra inputs are not permitted");
        }
        return new ChatRequest(
                name,
                flag(body.get("stream")),
                body.get("stream_options") instanceof Map<?, ?> options
                        && flag(options.get("include_usage")),
                body.get("max_tokens") instanceof Number number
                        ? number.intValue()
                        : body.get("max_completion_tokens") instanceof Number newer
                                ? newer.intValue()
                                : 0,
                messages(body.get("messages"), surface),
                tools(body.get("tools")),
                choice(body.get("tool_choice")));
    }

    /// All the text that was sent, which is what input tokens are counted from.
    int textLength() {
        return messages.stream().mapToInt(message -> message.text().length()).sum();
    }

    Message last() {
        return messages.getLast();
    }

    private static Map<?, ?> checked(@Nullable Object document, Surface surface) throws Refused {
        if (document instanceof Map<?, ?> object) {
            return object;
        }
        throw bad(surface, "The request body must be a JSON object.");
    }

    private static Map<String, @Nullable Object> object(byte[] sent, Surface surface)
            throws Refused {
        try {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            checked(Json.read(sent), surface)
                    .forEach((name, value) -> copy.put(String.valueOf(name), value));
            return copy;
        } catch (JacksonException | IllegalArgumentException wrong) {
            throw bad(surface, "Malformed request: the body is not valid JSON.");
        }
    }

    private static List<Message> messages(@Nullable Object sent, Surface surface) throws Refused {
        if (!(sent instanceof List<?> items) || items.isEmpty()) {
            throw bad(surface, "messages: Field required");
        }
        var messages = new ArrayList<Message>(items.size());
        for (var item : items) {
            int at = messages.size();
            var message = checked(item, surface);
            for (var field : message.keySet()) {
                if (!surface.takesInMessage(String.valueOf(field))) {
                    throw bad(
                            surface,
                            "messages." + at + "." + field + ": Extra inputs are not permitted");
                }
            }
            if (!(message.get("role") instanceof String role)) {
                throw bad(surface, "messages." + at + ".role: Field required");
            }
            messages.add(new Message(role, text(message.get("content"))));
        }
        return messages;
    }

    /// Content is a text, or a list of parts of which the texts count.
    private static String text(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return content instanceof String text ? text : "";
        }
        var text = new StringBuilder();
        for (var part : parts) {
            if (part instanceof Map<?, ?> item && item.get("text") instanceof String words) {
                text.append(words);
            }
        }
        return text.toString();
    }

    private static List<Tool> tools(@Nullable Object sent) {
        var tools = new ArrayList<Tool>();
        if (sent instanceof List<?> items) {
            for (var item : items) {
                if (item instanceof Map<?, ?> tool
                        && tool.get("function") instanceof Map<?, ?> function
                        && function.get("name") instanceof String name) {
                    tools.add(new Tool(name, parameters(function.get("parameters"))));
                }
            }
        }
        return tools;
    }

    private static Map<String, String> parameters(@Nullable Object schema) {
        var parameters = new LinkedHashMap<String, String>();
        if (schema instanceof Map<?, ?> object
                && object.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, property) ->
                    parameters.put(
                            String.valueOf(name),
                            property instanceof Map<?, ?> shape
                                            && shape.get("type") instanceof String type
                                    ? type
                                    : "string"));
        }
        return parameters;
    }

    private static String choice(@Nullable Object sent) {
        return switch (sent) {
            case String word -> word;
            case Map<?, ?> named
                    when named.get("function") instanceof Map<?, ?> function
                            && function.get("name") instanceof String name ->
                    name;
            case null, default -> "auto";
        };
    }

    private static boolean refusesStreamOptions(Surface surface, String model) {
        return surface == Surface.SERVING && model.contains("gemini");
    }

    private static boolean flag(@Nullable Object value) {
        return Boolean.TRUE.equals(value);
    }

    private static Refused bad(Surface surface, String message) {
        return new Refused(surface.error(400, "BAD_REQUEST", message));
    }
}
