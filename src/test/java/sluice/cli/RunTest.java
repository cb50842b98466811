package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
