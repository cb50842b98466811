package sluice.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Lists the objects of a merged file as they were written.
final class Declarations {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Set<String> MAY_BE_SECRET =
            Set.of("client_id", "client_secret", "secret_key_ref", "key", "url");

    private Declarations() {}

    static List<Declaration> in(Fields file) {
        var all = new ArrayList<Declaration>();
        for (var kind : ObjectKind.values()) {
            var path = kind.path().toArray(String[]::new);
            for (var mapping : file.mappings(path)) {
                if (kind.idKey().isEmpty()) {
                    mapping.entries().forEach(entry -> add(kind, entry.key(), entry.value(), all));
                } else {
                    mapping.text(kind.idKey()).ifPresent(id -> add(kind, id, mapping, all));
                }
            }
        }
        return all;
    }

    private static void add(ObjectKind kind, String id, Yaml value, List<Declaration> all) {
        if (value instanceof Yaml.Mapping mapping) {
            all.add(
                    new Declaration(
                            kind,
                            id,
                            JSON.writeValueAsString(json(mapping, kind.idKey())),
                            mapping.place()));
        }
    }

    private static JsonNode json(Yaml value, String without) {
        var nodes = JsonNodeFactory.instance;
        return switch (value) {
            case Yaml.Mapping mapping -> {
                var object = nodes.objectNode();
                for (var entry : mapping.entries()) {
                    if (!entry.key().equals(without)) {
                        object.set(entry.key(), member(entry));
                    }
                }
                yield object;
            }
            case Yaml.Sequence list -> {
                var array = nodes.arrayNode();
                list.items().forEach(item -> array.add(json(item, "")));
                yield array;
            }
            case Yaml.Scalar scalar ->
                    switch (scalar.type()) {
                        case TEXT -> nodes.stringNode(scalar.text());
                        case WHOLE, FRACTION -> number(scalar.text());
                        case TRUTH -> nodes.booleanNode(scalar.text().equalsIgnoreCase("true"));
                        case NOTHING -> nodes.nullNode();
                    };
        };
    }

    /// Where a secret may stand, a text is one: a client id and its secret are easily given in each other's place.
    private static JsonNode member(Yaml.Entry entry) {
        boolean hidden =
                entry.value() instanceof Yaml.Scalar scalar
                        && (MAY_BE_SECRET.contains(entry.key())
                                || Discretion.looksSecret(scalar.text()));
        return hidden
                ? JsonNodeFactory.instance.stringNode("(not shown)")
                : json(entry.value(), "");
    }

    /// YAML has numbers that JSON has not, such as {@code 0x1f}.
    private static JsonNode number(String text) {
        try {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(text));
        } catch (NumberFormatException _) {
            return JsonNodeFactory.instance.stringNode(text);
        }
    }
}
