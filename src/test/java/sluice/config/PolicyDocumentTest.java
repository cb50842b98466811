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

/// What docs/policy-config.md says holds, and the examples of the other pages are good.
class PolicyDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/policy-config.md");
    private static final Path WORKSPACES = Path.of("docs/databricks.md");
    private static final Path ROUTING = Path.of("docs/routing.md");
    private static final Path IDENTITY = Path.of("docs/identity.md");
    private static final Path SPENDING = Path.of("docs/spending.md");
    private static final Path ADMIN = Path.of("docs/admin.md");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern BOOK = Pattern.compile("```yaml book\n(.*?)```", Pattern.DOTALL);
    private static final Pattern KEYS =
            Pattern.compile("(?<=<!-- keys -->\n).*?(?=<!-- end of keys -->)", Pattern.DOTALL);
    private static final Pattern BOOK_KEYS =
            Pattern.compile(
                    "(?<=<!-- book keys -->\n).*?(?=<!-- end of book keys -->)", Pattern.DOTALL);

    @TempDir private Path directory;

    @Test
    void everyExampleIsGood() throws IOException {
        assertExamplesAreGood(DOCUMENT);
    }

    @Test
    void everyExampleOfAWorkspaceIsGood() throws IOException {
        assertExamplesAreGood(WORKSPACES);
    }

    @Test
    void everyExampleOfRoutingIsGood() throws IOException {
        assertExamplesAreGood(ROUTING);
    }

    @Test
    void everyExampleOfIdentityIsGood() throws IOException {
        assertExamplesAreGood(IDENTITY);
    }

    @Test
    void everyExampleOfSpendingIsGood() throws IOException {
        assertExamplesAreGood(SPENDING);
    }

    @Test
    void everyExampleOfTheOperatorsDoorIsGood() throws IOException {
        assertExamplesAreGood(ADMIN);
    }

    private void assertExamplesAreGood(Path document) throws IOException {
        var examples = YAML.matcher(Files.readString(document)).results().toList();

        assertThat(examples).isNotEmpty();
        for (var example : examples) {
            var operator =
                    new Operator(directory)
                            .with("DATABRICKS_TOKEN", "a-token-of-decent-length")
                            .with("DATABRICKS_CLIENT_ID", "7f3c2a10-0000-4000-8000-000000000000")
                            .with("DATABRICKS_CLIENT_SECRET", "a-secret-of-decent-length")
                            .with("HOME", directory.toString())
                            .writes(
                                    ".databrickscfg",
                                    "[production]\nhost = https://adb-1.example\ntoken = abc\n")
                            .writes("databricks-token", "a-token-of-decent-length")
                            .with("NOTEBOOKS_KEY", "a-key-of-decent-length")
                            .with("SLUICE_ADMIN_KEY", "an-admin-key-of-decent-length")
                            .with("NIGHT_SHIFT_KEY", "a-night-key-of-decent-length")
                            .with("FINANCE_KEY", "a-finance-key-of-decent-length")
                            .with("SCIENCE_LEAD_KEY", "a-lead-key-of-decent-length")
                            .policy(
                                    "p.yaml",
                                    example.group(1)
                                            .replace(
                                                    "/var/run/secrets/tokens/databricks",
                                                    directory
                                                            .resolve("databricks-token")
                                                            .toString()));
            assertThat(operator.faults()).isEmpty();
            // an example may show one section only
            assertThat(operator.warnings())
                    .allSatisfy(warning -> assertThat(warning).contains("no target is declared"));
        }
    }

    @Test
    void theModelBookOfTheExampleIsGood() throws IOException {
        var book = BOOK.matcher(Files.readString(DOCUMENT)).results().toList();

        assertThat(book).hasSize(1);
        var operator =
                new Operator(directory)
                        .writes("book.yaml", book.getFirst().group(1))
                        .policy("p.yaml", "model_book: %s/book.yaml".formatted(directory));
        assertThat(operator.faults()).isEmpty();
        assertThat(operator.loadsWell().modelBook().prices()).containsKey("assistant");
    }

    @Test
    void theTableOfKeysIsTheOneThatReadsTheFile() throws IOException {
        assertTable(KEYS, PolicySchema.text());
    }

    @Test
    void theTableOfTheModelBooksKeysIsTheOneThatReadsIt() throws IOException {
        assertTable(BOOK_KEYS, PolicySchema.text(ModelBookFile.SECTION.schema()));
    }

    /// Rewritten with {@code -Dgolden=accept}.
    private static void assertTable(Pattern where, String schema) throws IOException {
        var table = new StringBuilder("\n| key | without it | meaning |\n|---|---|---|\n");
        row(JsonMapper.shared().readTree(schema), "", table);
        table.append('\n');
        var text = Files.readString(DOCUMENT);
        if ("accept".equals(System.getProperty("golden"))) {
            text = where.matcher(text).replaceFirst(_ -> table.toString().replace("$", "\\$"));
            Files.writeString(DOCUMENT, text);
        }

        assertThat(where.matcher(text).results().map(found -> found.group()))
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
