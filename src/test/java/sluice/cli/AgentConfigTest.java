package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AgentConfigTest {
    private static final String KEY = "sk-slc-0123456789abcdef0123456789abcdef";

    @TempDir private Path directory;

    @Test
    void claudeCodesExportsDoInAShellWhatTheySay() throws IOException, InterruptedException {
        var said =
                agentConfig(
                        "claude-code",
                        "--base-url",
                        "https://gateway.example.com/v1/",
                        "--header",
                        "X-Team: it's ours",
                        "--header",
                        "X-Cost-Center: 7");

        assertThat(said.exitCode).isZero();
        assertThat(inAShell(said.out))
                .containsEntry("ANTHROPIC_BASE_URL", "https://gateway.example.com")
                .containsEntry("ANTHROPIC_AUTH_TOKEN", KEY)
                .containsEntry("ANTHROPIC_API_KEY", "")
                .containsEntry("ANTHROPIC_DEFAULT_OPUS_MODEL", "databricks-claude-opus-5")
                .containsEntry("ANTHROPIC_DEFAULT_SONNET_MODEL", "databricks-claude-sonnet-5")
                .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "databricks-claude-haiku-4-5")
                .containsEntry("ANTHROPIC_DEFAULT_FABLE_MODEL", "databricks-claude-fable-5")
                .containsEntry("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1")
                .containsEntry("ANTHROPIC_CUSTOM_HEADERS", "X-Team: it's ours\nX-Cost-Center: 7")
                .doesNotContainKey("ANTHROPIC_MODEL");
    }

    @Test
    void claudeCodesFileHoldsTheSameAndFetchesTheKey() throws IOException, InterruptedException {
        var arguments =
                new String[] {"claude-code", "--model", "ours/claude", "--header", "X-Team: a\"b"};

        var file = JsonMapper.shared().readTree(agentConfig(with(arguments, "--file")).out);

        assertThat(file.propertyNames()).containsExactly("apiKeyHelper", "env");
        assertThat(file.get("apiKeyHelper").asString()).isEqualTo("printenv SLUICE_KEY");
        var exported = inAShell(agentConfig(arguments).out);
        assertThat(exported.remove("ANTHROPIC_AUTH_TOKEN")).isEqualTo(KEY);
        assertThat(texts(file.get("env"))).isEqualTo(exported);
        assertThat(exported)
                .containsEntry("ANTHROPIC_MODEL", "ours/claude")
                .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "ours/claude");
        assertThat(agentConfig(arguments).out).endsWith(agentConfig(with(arguments, "--file")).out);
    }

    @Test
    void codexGetsTomlThatNamesTheVariable() {
        var said =
                agentConfig(
                        "codex",
                        "--base-url",
                        "https://gateway.example.com",
                        "--key-env",
                        "TEAM_KEY",
                        "--header",
                        "X-Team: a \"b\" \\ c");

        assertThat(said.exitCode).isZero();
        assertThat(toml(said.out))
                .isEqualTo(
                        Map.of(
                                "model", "\"databricks-gpt-5-3-codex\"",
                                "model_provider", "\"sluice\"",
                                "model_providers.sluice.name", "\"Sluice\"",
                                "model_providers.sluice.base_url",
                                        "\"https://gateway.example.com/v1\"",
                                "model_providers.sluice.env_key", "\"TEAM_KEY\"",
                                "model_providers.sluice.wire_api", "\"responses\"",
                                "model_providers.sluice.http_headers",
                                        "{ \"X-Team\" = \"a \\\"b\\\" \\\\ c\" }"));
        assertThat(toml(agentConfig("codex", "--model", "m", "--file").out))
                .containsEntry("model", "\"m\"")
                .containsEntry("model_providers.sluice.base_url", "\"http://127.0.0.1:8080/v1\"")
                .doesNotContainKey("model_providers.sluice.http_headers");
    }

    @Test
    void cursorIsToldWhatToTypeAndThatALocalAddressIsTooNear() {
        var said = agentConfig("cursor", "--model", "ours/m");

        assertThat(said.exitCode).isZero();
        assertThat(said.out)
                .contains(
                        "Override OpenAI Base URL   http://127.0.0.1:8080/v1\n",
                        "Add Custom Model           ours/m\n",
                        "the virtual key that SLUICE_KEY holds",
                        "http://127.0.0.1:8080 is reached from this machine only");
        assertThat(agentConfig("cursor", "--base-url", "https://gateway.example.com").out)
                .doesNotContain("this machine only");
        assertThat(agentConfig("cursor", "--file").exitCode).isEqualTo(1);
    }

    @Test
    void geminiIsToldThatItCannotBeServedAndWhatToUse() {
        var said = agentConfig("gemini");

        assertThat(said.exitCode).isEqualTo(1);
        assertThat(said.out).isEmpty();
        assertThat(said.errors)
                .contains(
                        "every call would fail",
                        "sluice agent config codex --model databricks-gemini-3-1-pro");
    }

    @ParameterizedTest
    @CsvSource({
        "'127.0.0.1:41002', http://127.0.0.1:41002/v1",
        "'0.0.0.0:41002', http://127.0.0.1:41002/v1",
        "'[::]:41002', http://127.0.0.1:41002/v1",
        "'[::1]:41002', http://[::1]:41002/v1",
        "'gateway.example.com:80', http://gateway.example.com:80/v1"
    })
    void theAddressIsThatOfThePolicyFileWhateverItsSecretsAre(String listen, String base)
            throws IOException {
        var file =
                policy(
                        """
                        server: {listen: "%s"}
                        governance: {virtual_keys: [{id: a, key: {env: NOWHERE}}, {id: b, key: {env: NOT_HERE}}]}
                        """
                                .formatted(listen));

        assertThat(toml(agentConfig("codex", "--policy-config", file).out))
                .containsEntry("model_providers.sluice.base_url", "\"" + base + "\"");
    }

    @Test
    void withTlsTheAddressSaysSo() throws IOException {
        var file =
                policy(
                        """
                        server:
                          listen: 0.0.0.0:8443
                          tls: {certificate: src/test/resources/tls/first.crt.pem, key: src/test/resources/tls/first.key.pem}
                        """);

        assertThat(toml(agentConfig("codex", "--policy-config", file).out))
                .containsEntry("model_providers.sluice.base_url", "\"https://localhost:8443/v1\"");
    }

    @Test
    void aPolicyFileWithFaultsIsRefusedWithThem() throws IOException {
        var said = agentConfig("codex", "--policy-config", policy("servr: {}"));

        assertThat(said.exitCode).isEqualTo(1);
        assertThat(said.out).isEmpty();
        assertThat(said.errors).contains("servr: unknown key; did you mean 'server'?");
    }

    @Test
    void aFreePortIsNoAddress() throws IOException {
        var said = agentConfig("codex", "--policy-config", policy("server: {listen: '[::1]:0'}"));

        assertThat(said.exitCode).isEqualTo(2);
        assertThat(said.errors).contains("give --base-url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--base-url=https://user:KEY@gateway.example.com",
                "--base-url=https://gateway.example.com?key=KEY",
                "--base-url=gateway.example.com",
                "--base-url=https://gateway.example.com/'x",
                "--key-env=KEY",
                "--header=Authorization: Bearer KEY",
                "--header=x-api-key: KEY",
                "--header=no header",
                "--model=two words"
            })
    void whatCannotBeSetIsRefusedAndAKeyIsNeverPrinted(String option) {
        var said = agentConfig("claude-code", option.replace("KEY", KEY));

        assertThat(said.exitCode).isEqualTo(2);
        assertThat(said.out).isEmpty();
        assertThat(said.errors)
                .contains(option.substring(0, option.indexOf('=')))
                .doesNotContain(KEY);
    }

    @Test
    void anUnknownAgentIsToldTheKnownOnes() {
        var said = agentConfig("emacs");

        assertThat(said.exitCode).isEqualTo(2);
        assertThat(said.errors).contains("claude-code", "codex", "cursor", "gemini");
    }

    /// What the lines set, seen by a program that the same shell starts.
    private Map<String, String> inAShell(String lines) throws IOException, InterruptedException {
        var script = lines.substring(0, lines.indexOf("\n# Or the same")) + "\nexec env -0\n";
        var output = directory.resolve("environment");
        var builder = new ProcessBuilder("bash", "-c", script).redirectOutput(output.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        var before = builder.environment();
        before.keySet().removeIf(name -> name.matches("(ANTHROPIC|CLAUDE)_.*"));
        before.put("SLUICE_KEY", KEY);
        assertThat(builder.start().waitFor()).isZero();
        var set = new LinkedHashMap<String, String>();
        for (var variable : Files.readString(output).split("\0", -1)) {
            if (variable.matches("(?s)(ANTHROPIC|CLAUDE)_.*")) {
                int equals = variable.indexOf('=');
                set.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return set;
    }

    /// Each line is a comment, a table's name, or a key with a value that TOML knows.
    private static Map<String, String> toml(String text) {
        var string = "\"(?:[^\"\\\\]|\\\\[\"\\\\])*\"";
        var line =
                Pattern.compile(
                        "(\\w+) = (%1$s|\\{ %1$s = %1$s(?:, %1$s = %1$s)* })".formatted(string));
        var values = new LinkedHashMap<String, String>();
        var table = "";
        for (var each : text.lines().toList()) {
            if (each.startsWith("[")) {
                assertThat(each).matches("\\[\\w+(\\.\\w+)*]");
                table = each.substring(1, each.length() - 1) + ".";
            } else if (!each.isEmpty() && !each.startsWith("#")) {
                var found = line.matcher(each);
                assertThat(found.matches()).as(each).isTrue();
                assertThat(values.put(table + found.group(1), found.group(2))).isNull();
            }
        }
        return values;
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new LinkedHashMap<String, String>();
        object.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asString()));
        return texts;
    }

    private String policy(String yaml) throws IOException {
        return Files.writeString(directory.resolve("p.yaml"), yaml).toString();
    }

    private static String[] with(String[] arguments, String one) {
        var more = Arrays.copyOf(arguments, arguments.length + 1);
        more[arguments.length] = one;
        return more;
    }

    private static Said agentConfig(String... arguments) {
        var out = new StringWriter();
        var errors = new StringWriter();
        int exitCode =
                new CommandLine(new AgentConfig())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(errors))
                        .execute(arguments);
        return new Said(exitCode, out.toString(), errors.toString());
    }

    private record Said(int exitCode, String out, String errors) {}
}
