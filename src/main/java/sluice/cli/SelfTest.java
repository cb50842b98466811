package sluice.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.Gateway;
import sluice.call.ModelPatterns;
import sluice.call.Secret;
import sluice.config.Configuration;
import sluice.config.EnvironmentTarget;
import sluice.config.LedgerConfig;
import sluice.config.Loaded;
import sluice.config.ServerConfig.ListenAddress;
import sluice.config.VirtualKeyConfig;
import sluice.loop.Carrier;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// {@code sluice self-test}: calls a simulated workspace through a gateway of its own, in this process, and says
/// whether every call came back right. The build runs it once to learn which classes a start needs.
@Command(
        name = "self-test",
        description = "Checks this installation: calls a simulated workspace through the gateway.",
        mixinStandardHelpOptions = true)
final class SelfTest implements Callable<Integer> {
    private static final String KEY = "sk-slc-self-test";
    private static final String TOKEN = "self-test-token";

    @Option(
            names = "--calls",
            defaultValue = "20",
            description = "How many calls of each kind (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("sluice-self-test");
        try (var simulator = Simulator.start(0, Settings.standard().withToken(TOKEN));
                var gateway =
                        Gateway.start(
                                configuration(simulator, folder.resolve("ledger.jsonl")),
                                Clock.systemUTC(),
                                Carrier.open());
                var client = HttpClient.newHttpClient()) {
            gateway.awaitDiscovery(java.time.Duration.ofSeconds(10));
            int wrong = 0;
            for (int i = 0; i < calls; i++) {
                wrong += comesBack(client, gateway, false) ? 0 : 1;
                wrong += comesBack(client, gateway, true) ? 0 : 1;
            }
            say(
                    wrong == 0
                            ? "self-test: " + 2 * calls + " calls came back right"
                            : "self-test: " + wrong + " of " + 2 * calls + " calls went wrong");
            return wrong == 0 ? 0 : 1;
        } finally {
            Files.deleteIfExists(folder.resolve("ledger.jsonl"));
            Files.deleteIfExists(folder);
        }
    }

    private static boolean comesBack(HttpClient client, Gateway gateway, boolean stream)
            throws IOException, InterruptedException {
        var body =
                """
                {"model": "databricks/databricks-meta-llama-3-3-70b-instruct", "stream": %s,
                 "messages": [{"role": "user", "content": "Are you there?"}]}\
                """
                        .formatted(stream);
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + gateway.port()
                                                + "/v1/chat/completions"))
                        .header("authorization", "Bearer " + KEY)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        var response = client.send(request, BodyHandlers.ofString());
        return response.statusCode() == 200
                && (stream
                        ? response.body().endsWith("data: [DONE]\n\n")
                        : response.body().contains("\"chat.completion\""));
    }

    private static Configuration configuration(Simulator simulator, Path ledger) {
        Optional<Loaded> loaded =
                EnvironmentTarget.read(name ->
                        switch (name) {
                            case "DATABRICKS_HOST" -> simulator.host();
                            case "DATABRICKS_TOKEN" -> TOKEN;
                            default -> null;
                        });
        if (loaded.isEmpty() || !(loaded.get() instanceof Loaded.Good(var good, var _))) {
            throw new IllegalStateException("a simulated workspace is refused: " + loaded);
        }
        var config = good.ledger();
        return good.withServer(good.server().withListen(new ListenAddress("127.0.0.1", 0)))
                .withLedger(
                        new LedgerConfig(
                                new LedgerConfig.Destination.File(ledger),
                                config.queue(),
                                config.whenFull(),
                                config.maxFileBytes(),
                                config.maxFiles()))
                .plus(
                        VirtualKeyConfig.made(
                                "self-test", new Secret(KEY), new ModelPatterns(List.of("*"))));
    }

    private void say(String words) {
        if (spec != null) {
            spec.commandLine().getOut().println(words);
        }
    }
}
