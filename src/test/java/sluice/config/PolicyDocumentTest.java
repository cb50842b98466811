package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What docs/policy-config.md says holds.
class PolicyDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/policy-config.md");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern KEYS =
            Pattern.compile("(?<=<!-- keys -->\n).*?(?=<!-- end of keys -->)", Pattern.DOTALL);

    @TempDir private Path directory;

    @Test
    void everyExampleIsGood() throws IOException {
        var examples = YAML.matcher(Files.readString(DOCUMENT)).results().toList();

        assertThat(examples).isNotEmpty();
        for (var example : examples) {
            var operator =
                    new Operator(directory)
                            .with("DATABRICKS_TOKEN", "a-token-of-decent-length")
                            .with("NOTEBOOKS_KEY", "a-key-of-decent-length")
                            .policy("p.yaml", example.group(1));
            assertThat(operator.faults()).isEmpty();
            assertThat(operator.warnings()).isEmpty();
        }
    }

    /// Rewritten with {@code -Dgolden=accept}.
    @Test
    void theTableOfKeysIsTheOneThatReadsTheFile() throws IOException {
        var table = new StringBuilder("\n| key | without it | meaning |\n|---|---|---|\n");
        row(JsonMapper.shared().readTree(PolicySchema.text()), "", table);
        table.append('\n');
        var text = Files.readString(DOCUMENT);
        if ("accept".equals(System.getProperty("golden"))) {
            text = KEYS.matcher(text).replaceFirst(_ -> table.toString().replace("$", "\\$"));
            Files.writeString(DOCUMENT, text);
        }

        assertThat(KEYS.matcher(text).results().map(found -> found.group()))
                .containsExactly(table.toString());
    }

    private static void row(JsonNode schema, String path, StringBuilder table) {
        var required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        for (var key : schema.get("properties").properties()) {
            var value = key.getValue();
            var name = path + key.getKey();
            if (value.path("items").has("properties")) {
                row(value.get("items"), name + "[].", table);
            } else if (value.has("properties")) {
                row(value, name + ".", table);
            } else {
                var cells =
                        List.of(
                                "`" + name + "`",
                                absence(value, required.contains(key.getKey())),
                                value.get("description").asString().replace("<", "&lt;")
                                        + range(value));
                table.append("| ").append(String.join(" | ", cells)).append(" |\n");
            }
        }
    }

    private static String absence(JsonNode value, boolean required) {
        if (required) {
            return "refused";
        }
        return value.has("default") ? "`" + value.get("default") + "`" : "";
    }

    private static String range(JsonNode value) {
        if (value.has("enum")) {
            return " ("
                    + String.join(
                            ", ", value.get("enum").valueStream().map(JsonNode::asString).toList())
                    + ")";
        }
        return value.has("minimum")
                ? " (" + value.get("minimum") + " to " + value.get("maximum") + ")"
                : "";
    }
}
