package sluice.config;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// The JSON Schema of a policy file, for editors that complete and check while somebody writes. Printed from the same
/// tables that read the file; a copy is shipped as {@code policy-config.schema.json} beside this package's parent.
public final class PolicySchema {
    private static final JsonFactory JSON = new JsonFactory();

    private PolicySchema() {}

    public static String text() {
        var members =
                JsonSchema.of(
                        "$schema",
                        "https://json-schema.org/draft/2020-12/schema",
                        "title",
                        "Sluice policy-config.yaml");
        members.putAll(PolicyFile.SECTION.schema());
        return text(members);
    }

    /// The schema of one object, as an operator makes it through the API: with its id, as a policy file would have it.
    public static Map<String, Object> of(ObjectKind kind) {
        if (kind == ObjectKind.KEYS) {
            return withId(VirtualKeySection.STORED.schema());
        }
        Object at = PolicyFile.SECTION.schema();
        for (var key : kind.path()) {
            at = at(at(at, "properties"), key);
        }
        if (kind == ObjectKind.POLICIES) {
            return JsonSchema.of(
                    "type",
                    "object",
                    "properties",
                    JsonSchema.of(
                            "id", JsonSchema.of("type", "string"),
                            "chained", JsonSchema.of("type", "boolean"),
                            "settings", JsonSchema.of("type", "object")));
        }
        return withId(kind.idKey().isEmpty() ? at(at, "additionalProperties") : at(at, "items"));
    }

    private static Object at(Object schema, String key) {
        var found = schema instanceof Map<?, ?> members ? members.get(key) : null;
        return found == null ? Map.of() : found;
    }

    /// Whatever an object is known by in a file, it is its id here.
    private static Map<String, Object> withId(Object schema) {
        var members = new LinkedHashMap<String, Object>();
        if (schema instanceof Map<?, ?> given) {
            given.forEach((name, value) -> members.put(String.valueOf(name), value));
        }
        var properties = new LinkedHashMap<String, Object>();
        properties.put("id", JsonSchema.of("type", "string"));
        if (members.get("properties") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> properties.putIfAbsent(String.valueOf(name), value));
        }
        members.put("properties", properties);
        return members;
    }

    static String text(Map<String, Object> schema) {
        var text = new StringWriter();
        try (var generator = JSON.createGenerator(new Indented(), text)) {
            write(schema, generator);
        }
        return text.append('\n').toString();
    }

    private static void write(Object value, JsonGenerator to) {
        switch (value) {
            case Map<?, ?> members -> {
                to.writeStartObject();
                members.forEach((name, member) -> {
                    to.writeName((String) name);
                    write(member, to);
                });
                to.writeEndObject();
            }
            case List<?> items -> {
                to.writeStartArray();
                items.forEach(item -> write(item, to));
                to.writeEndArray();
            }
            case String text -> to.writeString(text);
            case Long number -> to.writeNumber(number);
            case Boolean truth -> to.writeBoolean(truth);
            default -> throw new IllegalArgumentException("not a part of a schema: " + value);
        }
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
