package sluice.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model is asked, whatever the dialect was. {@code maxTokens} is 0 when it was not said; {@code choice} is
/// {@code auto}, {@code none}, {@code required} or the name of a tool; {@code stops} are texts at which to stop; {@code
/// reasoning} is true when the model is to think first.
record Asked(
        boolean stream,
        boolean includeUsage,
        int maxTokens,
        List<Message> messages,
        List<Tool> tools,
        String choice,
        List<String> stops,
        boolean reasoning) {

    record Message(String role, String text) {}

    /// A function and its parameters: name to JSON type.
    record Tool(String name, Map<String, String> parameters) {
        static Tool of(String name, @Nullable Object schema) {
            return new Tool(name, types(schema));
        }
    }

    /// All the text that was sent, which is what input tokens are counted from.
    int textLength() {
        return messages.stream().mapToInt(message -> message.text().length()).sum();
    }

    int tokens() {
        return tokens(textLength());
    }

    Message last() {
        return messages.getLast();
    }

    /// As Databricks estimates them where a model counts none.
    static int tokens(int textLength) {
        return (textLength + 1) / 4;
    }

    /// Content is a text, or a list of parts of which the texts count.
    static String text(@Nullable Object content) {
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

    /// One text or a list of them.
    static List<String> texts(@Nullable Object sent) {
        var texts = new ArrayList<String>();
        switch (sent) {
            case String one -> texts.add(one);
            case List<?> many ->
                    many.stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .forEach(texts::add);
            case null, default -> {}
        }
        return texts;
    }

    private static Map<String, String> types(@Nullable Object schema) {
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
}
