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
import java.util.Comparator;
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
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";
    private static final String CLAUDE = "databricks-claude-sonnet-4-5";

    private static final String MESSAGES =
            "\"max_tokens\": 50, \"messages\": [{\"role\": \"user\", \"content\": \"Are you there?\"}]";

    /// As they came, and translated; whole, and as a stream.
    private static final List<Kind> KINDS =
            List.of(
                    new Kind("/v1/chat/completions", LLAMA, false, MESSAGES, "\"chat.completion\""),
                    new Kind("/v1/chat/completions", LLAMA, true, MESSAGES, "data: [DONE]\n\n"),
                    new Kind("/v1/messages", CLAUDE, true, MESSAGES, "event: message_stop"),
                    new Kind("/v1/messages", LLAMA, false, MESSAGES, "\"type\":\"message\""),
                    new Kind("/v1/messages", LLAMA, true, MESSAGES, "event: message_stop"),
                    new Kind(
                            "/v1/responses",
                            LLAMA,
                            true,
                            "\"input\": \"Are you there?\"",
                            "event: response.completed"));

    /// A call, and what proves that its answer is whole.
    private record Kind(String path, String body, String proof) {
        Kind(String path, String model, boolean stream, String asked, String proof) {
            this(
                    path,
                    "{\"model\": \"databricks/%s\", \"stream\": %s, %s}"
                            .formatted(model, stream, asked),
                    proof);
        }
    }

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
                                configuration(simulator, folder),
                                Clock.systemUTC(),
                                Carrier.open());
                var client = HttpClient.newHttpClient()) {
            gateway.awaitDiscovery(java.time.Duration.ofSeconds(10));
            int wrong = 0;
            for (int i = 0; i < calls; i++) {
                for (var kind : KINDS) {
                    wrong += comesBack(client, gateway, kind) ? 0 : 1;
                }
            }
            int all = calls * KINDS.size();
            say(
                    wrong == 0
                            ? "self-test: " + all + " calls came back right"
                            : "self-test: " + wrong + " of " + all + " calls went wrong");
            return wrong == 0 ? 0 : 1;
        } finally {
            clear(folder);
        }
    }

    private static void clear(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static boolean comesBack(HttpClient client, Gateway gateway, Kind kind)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + gateway.port() + kind.path()))
                        .header("authorization", "Bearer " + KEY)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(kind.body()))
                        .build();
        var response = client.send(request, BodyHandlers.ofString());
        return response.statusCode() == 200 && response.body().contains(kind.proof());
    }

    private static Configuration configuration(Simulator simulator, Path folder) {
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
                                new LedgerConfig.Destination.File(folder.resolve("ledger.jsonl")),
                                config.queue(),
                                config.whenFull(),
                                config.maxFileBytes(),
                                config.maxFiles()))
                .withStore(good.store().withDirectory(folder.resolve("data")))
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
