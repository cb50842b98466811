package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// {@code sluice run} as a process of its own, since it reads the environment and stays until it is stopped.
class RunTest {
    private static final String TOKEN = "token-of-a-simulated-workspace";

    @TempDir private Path folder;

    @Test
    void aVariableThatIsSetAndNotUsedIsToldAtTheStart() throws IOException, InterruptedException {
        try (var workspace = Simulator.start(0, Settings.standard().withToken(TOKEN))) {
            var errors = folder.resolve("errors");
            var builder =
                    new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "sluice.Main",
                            "run",
                            "--listen",
                            "127.0.0.1:0");
            builder.environment().keySet().removeIf(name -> name.startsWith("DATABRICKS_"));
            builder.environment().put("DATABRICKS_HOST", workspace.host());
            builder.environment().put("DATABRICKS_TOKEN", TOKEN);
            builder.environment().put("DATABRICKS_API_KEY", "another-token-that-is-not-used");
            var gateway = builder.directory(folder.toFile()).redirectError(errors.toFile()).start();
            var _ =
                    gateway.onExit()
                            .orTimeout(1, TimeUnit.MINUTES)
                            .whenComplete((_, _) -> gateway.destroyForcibly());

            awaitGreeting(gateway);
            gateway.destroy();

            gateway.waitFor();
            assertThat(errors)
                    .content()
                    .contains(
                            "sluice: environment: DATABRICKS_API_KEY: is set and not used:"
                                    + " DATABRICKS_HOST with DATABRICKS_TOKEN counts first");
        }
    }

    /// The variable stands in for {@code admin.key} for as long as the gateway runs, not until its file changes.
    @Test
    void theOperatorsVariableOutlivesAChangeOfTheFile() throws Exception {
        var key = "an-operators-key-of-decent-length";
        var file = folder.resolve("policy-config.yaml");
        var policy =
                """
                server: {listen: "127.0.0.1:0"}
                providers: {targets: [{id: a, provider: custom, base_format: openai,
                  base_url: "http://127.0.0.1:9", keyless: true, models: [m]}]}
                """;
        Files.writeString(file, policy);
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sluice.Main",
                        "run");
        builder.environment().put("SLUICE_ADMIN_KEY", key);
        var gateway =
                builder.directory(folder.toFile())
                        .redirectError(folder.resolve("errors").toFile())
                        .start();
        var _ =
                gateway.onExit()
                        .orTimeout(1, TimeUnit.MINUTES)
                        .whenComplete((_, _) -> gateway.destroyForcibly());
        try (var lines = gateway.inputReader()) {
            var url = url(lines);
            assertThat(explained(url, key)).isEmpty();

            Files.writeString(
                    file,
                    policy
                            + """
                            virtual_models: [{name: fresh, routing_config: {type: weight-based-routing,
                              load_balance_targets: [{target: a/m, weight: 1}]}}]
                            """);

            while (!explained(url, key).contains("fresh: weight-based-routing")) {
                assertThat(gateway.isAlive()).isTrue();
            }
        } finally {
            gateway.destroy();
            gateway.waitFor();
        }
    }

    @Test
    void aStoreThatDoesNotAnswerEndsTheStartWithItsReason() throws Exception {
        int closed;
        try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = port.getLocalPort();
        }
        Files.writeString(
                folder.resolve("policy-config.yaml"),
                """
                server: {listen: "127.0.0.1:0"}
                store: {type: postgresql, url: {env: DATABASE_URL}}
                """);
        var errors = folder.resolve("errors");
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sluice.Main",
                        "run");
        builder.environment()
                .put(
                        "DATABASE_URL",
                        "postgresql://sluice:a-password@127.0.0.1:" + closed + "/sluice");
        var gateway =
                builder.directory(folder.toFile())
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(errors.toFile())
                        .start();
        try {
            assertThat(gateway.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            gateway.destroyForcibly();
        }

        assertThat(gateway.exitValue()).isEqualTo(2);
        assertThat(errors)
                .content()
                .contains("sluice: store: ", "127.0.0.1:" + closed)
                .doesNotContain("a-password");
    }

    private static String url(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("Sluice is ready at ")) {
                return line.split(" ", -1)[4];
            }
        }
        throw new AssertionError("it ended without a greeting");
    }

    /// What the operator's command says; it must not be refused.
    private static String explained(String url, String key) {
        var out = new StringWriter();
        int exitCode =
                new CommandLine(new RouteExplain(Map.of("SLUICE_ADMIN_KEY", key)::get))
                        .setOut(new PrintWriter(out))
                        .execute("--url", url);
        assertThat(exitCode).isZero();
        return out.toString();
    }

    private static void awaitGreeting(Process gateway) throws IOException {
        try (var lines = gateway.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("Sluice is ready")) {
                    return;
                }
            }
        }
        throw new AssertionError("it ended without a greeting");
    }
}
