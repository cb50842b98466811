package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.config.PolicySchema;
import tools.jackson.databind.json.JsonMapper;

class PolicyLintTest {
    @TempDir private Path directory;

    @Test
    void faultsArePrintedAsCompilersPrintThemAndExitWithOne() throws IOException {
        var file = file("servr: {}\naccess: {}\n");

        var said = sluicePolicy("lint", file);

        assertThat(said.exitCode).isEqualTo(1);
        assertThat(said.lines)
                .isEqualTo(
                        """
                        %1$s:1:1: servr: unknown key; did you mean 'server'?
                        %1$s:2:1: access: not supported yet; this version refuses it rather than ignore it
                        %1$s:1:1: providers: warning: no target is declared: every call will be refused
                        2 faults, 1 warning
                        """
                                .formatted(file));
    }

    @Test
    void aFileThatCannotBeReadExitsWithTwo() {
        var said = sluicePolicy("lint", directory.resolve("missing.yaml").toString());

        assertThat(said.exitCode).isEqualTo(2);
        assertThat(said.lines).contains("missing.yaml: the file does not exist", "1 fault");
    }

    @Test
    void noFileAtAllIsAMistakeOfTheCommandLine() {
        assertThat(sluicePolicy("lint").exitCode).isEqualTo(2);
    }

    @Test
    void aGoodFileExitsWithZeroAndSaysWhatIsInIt() throws IOException {
        var said = sluicePolicy("lint", file(GOOD));

        assertThat(said.exitCode).isZero();
        assertThat(said.lines)
                .endsWith("good: 1 target, 1 virtual key, 1 warning\n")
                .contains(": governance.virtual_keys[0].models: warning: no pattern");
    }

    @Test
    void machinesGetOneJsonObject() throws IOException {
        var bad = file("servr: {}");

        var faulty = JsonMapper.shared().readTree(sluicePolicy("lint", "--json", bad).lines);

        assertThat(faulty)
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"faults": [{"file": "%1$s", "line": 1, "column": 1, "path": "servr",
                                                     "message": "unknown key; did you mean 'server'?"}],
                                         "warnings": [{"file": "%1$s", "line": 1, "column": 1, "path": "providers",
                                                       "message": "no target is declared: every call will be refused"}],
                                         "ok": false}\
                                        """
                                                .formatted(bad)));
        var good = JsonMapper.shared().readTree(sluicePolicy("lint", "--json", file(GOOD)).lines);
        assertThat(good.get("ok").asBoolean()).isTrue();
        assertThat(good.get("warnings")).hasSize(1);
    }

    @Test
    void noSecretIsPrinted() throws IOException {
        var said =
                sluicePolicy(
                        "lint",
                        "--json",
                        file(
                                """
                                governance:
                                  virtual_keys: [{id: a, key: a-token-of-decent-length}, {id: b, key: {env: TOKEN}, x: 1}]
                                """));

        assertThat(said.exitCode).isEqualTo(1);
        assertThat(said.lines).doesNotContain("a-token-of-decent-length");
    }

    @Test
    void theSchemaIsPrintedForEditors() {
        assertThat(sluicePolicy("schema").lines).isEqualTo(PolicySchema.text());
    }

    private static final String GOOD =
            """
            providers: {targets: [{id: a, provider: openai, secret_key_ref: {env: TOKEN}}]}
            governance: {virtual_keys: [{id: k, key: {env: TOKEN}}]}
            """;

    private String file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("p.yaml"), yaml).toString();
    }

    private static Said sluicePolicy(String... arguments) {
        var out = new StringWriter();
        int exitCode =
                Policy.command(Map.of("TOKEN", "a-token-of-decent-length")::get)
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute(arguments);
        return new Said(exitCode, out.toString());
    }

    private record Said(int exitCode, String lines) {}
}
