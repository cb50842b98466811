package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sluice.cli.Sluice;

/// The commands for operators, run against a gateway.
class AdminCommandsTest {
    private static final String ADMIN = "an-admin-key-that-is-long-enough";
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

    private record Said(int exitCode, String out, String err) {}

    private static Said sluice(TestGateway gateway, String key, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(arguments));
        all.add("--url");
        all.add(gateway.url(""));
        int exitCode =
                Sluice.run(
                        Map.of("SLUICE_ADMIN_KEY", key)::get,
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        all.toArray(String[]::new));
        return new Said(exitCode, out.toString(), err.toString());
    }

    private static TestGateway gateway() {
        return TestGateway.planned()
                .variable("ADMIN", ADMIN)
                .section("admin: {key: {env: ADMIN}}")
                .start();
    }

    /// What docs/admin.md shows, one command after the other.
    @Test
    void everyCommandOfThePageWorks() throws IOException {
        var page = CONSOLE.matcher(Files.readString(Path.of("docs/admin.md")));
        assertThat(page.find()).isTrue();
        try (var gateway = gateway()) {
            int commands = 0;
            for (var line : page.group(1).lines().toList()) {
                var words = line.replace("'", "").split(" ");
                assertThat(words[0]).isEqualTo("sluice");
                var said =
                        sluice(
                                gateway,
                                ADMIN,
                                List.of(words).subList(1, words.length).toArray(String[]::new));
                assertThat(said.exitCode()).as(line + "\n" + said).isZero();
                commands++;
            }
            assertThat(commands).isGreaterThan(7);
        }
    }

    @Test
    void aKeyIsMadeShownAndItsCallsAreTold() {
        try (var gateway = gateway()) {
            assertThat(
                            sluice(gateway, ADMIN, "team", "create", "science", "--models", "*")
                                    .exitCode())
                    .isZero();
            var made =
                    sluice(
                            gateway, ADMIN, "key", "create", "reports", "--team", "science",
                            "--json");
            var key = Answer.JSON.readTree(made.out()).path("key").asString();
            assertThat(key).startsWith("sk-slc-");

            var listed = sluice(gateway, ADMIN, "key", "list", "--team", "science");
            assertThat(listed.out())
                    .startsWith("reports  ")
                    .contains("team=science")
                    .doesNotContain(key);

            gateway.ask(
                    TestGateway.chat("databricks-meta-llama-3-3-70b-instruct", false)
                            .replace(TestGateway.KEY, key));
            Patience.until(
                    () -> "the call of the team",
                    () ->
                            sluice(gateway, ADMIN, "spend", "--by", "team", "--since", "1d")
                                    .out()
                                    .contains("science: "));

            var updated =
                    sluice(
                            gateway,
                            ADMIN,
                            "key",
                            "update",
                            "reports",
                            "--set",
                            "metadata.purpose=monthly figures");
            assertThat(updated.out()).contains("monthly figures", "team=science");
            assertThat(sluice(gateway, ADMIN, "key", "delete", "reports").out())
                    .isEqualTo("reports is removed\n");
        }
    }

    @Test
    void whatTheGatewayRefusesIsTold() {
        try (var gateway = gateway()) {
            var nobody = sluice(gateway, "not-the-admin-key", "team", "list");
            assertThat(nobody.exitCode()).isEqualTo(1);
            assertThat(nobody.err()).contains("This is for operators");

            var faulty = sluice(gateway, ADMIN, "key", "create", "x", "--team", "nobodys");
            assertThat(faulty.exitCode()).isEqualTo(1);
            assertThat(faulty.err()).contains("no team has the id 'nobodys'");
        }
        var away = gateway();
        away.close();
        assertThat(sluice(away, ADMIN, "team", "list").exitCode()).isEqualTo(2);
    }
}
