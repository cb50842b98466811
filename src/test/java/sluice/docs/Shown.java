package sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares what a page shows with what was really said, but for what is different each time.
final class Shown {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Shown() {}

    /// The same words. Ports and keys may differ.
    static void sameText(String shown, String said) {
        assertThat(lasting(said)).isEqualTo(lasting(shown));
    }

    private static String lasting(String text) {
        return text.replaceAll("(127\\.0\\.0\\.1|localhost):\\d+", "$1:PORT")
                .replaceAll("sk-slc-[\\w-]{20,}", "sk-slc-...")
                .strip();
    }

    /// The same fields in the same order, with values of the same kind.
    static void sameShape(String shown, String said) {
        assertThat(shape(JSON.readTree(said))).isEqualTo(shape(JSON.readTree(shown)));
    }

    private static String shape(JsonNode node) {
        if (node.isObject()) {
            var members = new StringBuilder("{");
            node.properties()
                    .forEach(member ->
                            members.append(member.getKey())
                                    .append(": ")
                                    .append(shape(member.getValue()))
                                    .append(", "));
            return members.append('}').toString();
        }
        if (node.isArray()) {
            var kinds = new TreeMap<String, Integer>();
            node.forEach(item -> kinds.merge(shape(item), 1, Integer::sum));
            return kinds.keySet().toString();
        }
        return node.getNodeType().toString();
    }
}
