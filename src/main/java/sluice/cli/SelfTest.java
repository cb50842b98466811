package sluice.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.Gateway;
import sluice.config.Configuration;
import sluice.config.ConfigurationFiles;
import sluice.config.Loaded;
import sluice.config.ServerConfig.ListenAddress;
import sluice.loop.Carrier;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// {@code sluice self-test}: calls a simulated workspace through a gateway of its own, in this process, and says
/// whether every call came back right. The build runs it once to learn which classes a start needs, and which ways through
/// the code are taken: what never happened here is compiled as if it could not, and compiled again when it does.
@Command(
        name = "self-test",
        description = "Checks this installation: calls a simulated workspace through the gateway.",
        mixinStandardHelpOptions = true)
final class SelfTest implements Callable<Integer> {
    private static final String KEY = "sk-slc-self-test";
    private static final String TOKEN = "self-test-token";
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";
    private static final String CLAUDE = "databricks-claude-sonnet-4-5";

    private static final String ADMIN_KEY = "self-test-admin-key";

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

    /// Once in so many rounds callers leave, and calls are refused.
    private static final int TROUBLE_EVERY = 10;

    private static final List<Trouble> TROUBLES =
            List.of(
                    new Trouble("sk-slc-no-such-key", KINDS.getFirst().body(), 401),
                    new Trouble(KEY, "{\"model\": \"no-such-model\", " + MESSAGES + "}", 404),
                    new Trouble(KEY, "{\"model\": \"databricks/" + LLAMA + "\"", 400));

    /// A call that must be refused, and with which status.
    private record Trouble(String key, String body, int status) {}

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
            int all = 0;
            for (int i = 0; i < calls; i++) {
                for (var kind : KINDS) {
                    wrong += comesBack(client, gateway, kind) ? 0 : 1;
                }
                wrong += isAdministered(client, gateway) ? 0 : 1;
                all += KINDS.size() + 1;
                if (i % TROUBLE_EVERY == 0) {
                    for (var trouble : TROUBLES) {
                        wrong += isRefused(client, gateway, trouble) ? 0 : 1;
                    }
                    all += TROUBLES.size();
                    for (var kind : KINDS) {
                        leave(gateway, kind, 0);
                        leave(gateway, kind, 1);
                    }
                }
            }
            say(
                    wrong == 0
                            ? "self-test: " + all + " calls came back right"
                            : "self-test: " + wrong + " of " + all + " calls went wrong");
            return wrong == 0 ? 0 : 1;
        } finally {
            clear(folder);
        }
    }

    private static boolean isAdministered(HttpClient client, Gateway gateway)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + gateway.port() + "/admin/v1/routing"))
                        .header("authorization", "Bearer " + ADMIN_KEY)
                        .build();
        return client.send(request, BodyHandlers.ofString()).statusCode() == 200;
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
        var response = post(client, gateway, kind.path(), KEY, kind.body());
        return response.statusCode() == 200 && response.body().contains(kind.proof());
    }

    private static boolean isRefused(HttpClient client, Gateway gateway, Trouble trouble)
            throws IOException, InterruptedException {
        var path = KINDS.getFirst().path();
        return post(client, gateway, path, trouble.key(), trouble.body()).statusCode()
                == trouble.status();
    }

    private static HttpResponse<String> post(
            HttpClient client, Gateway gateway, String path, String key, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /// A caller that is gone after so many bytes of its answer. Nobody is left to say whether that was right.
    private static void leave(Gateway gateway, Kind kind, int after) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            var call =
                    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(kind.path(), KEY, kind.body().length(), kind.body());
            socket.getOutputStream().write(call.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes(after);
        }
    }

    /// By way of a file, as a gateway is configured: with a price, limits and budgets, which are far away.
    private static Configuration configuration(Simulator simulator, Path folder)
            throws IOException {
        var file = folder.resolve("policy-config.yaml");
        Files.writeString(file, policy(simulator.host(), folder));
        var loaded =
                ConfigurationFiles.load(
                        List.of(file),
                        name ->
                                switch (name) {
                                    case "SELF_TEST_TOKEN" -> TOKEN;
                                    case "SELF_TEST_KEY" -> KEY;
                                    case "SELF_TEST_ADMIN_KEY" -> ADMIN_KEY;
                                    default -> null;
                                });
        if (!(loaded instanceof Loaded.Good(var good, var _))) {
            throw new IllegalStateException("a simulated workspace is refused: " + loaded);
        }
        return good.withServer(good.server().withListen(new ListenAddress("127.0.0.1", 0)));
    }

    private static String policy(String host, Path folder) {
        return """
        pack: {name: self-test, version: 1.0.0, enabled: true}
        ledger: {path: %s/ledger.jsonl}
        store: {type: embedded, path: %s/data}
        admin: {key: {env: SELF_TEST_ADMIN_KEY}}
        providers:
          targets:
            - id: databricks
              provider: databricks
              base_url: %s
              secret_key_ref: {env: SELF_TEST_TOKEN}
              pricing: {%s: {input_per_million: 1, output_per_million: 2}}
        governance:
          organisation: {budgets: [{limit_usd: 1000000, every: month}]}
          customers: [{id: customer}]
          teams:
            - id: team
              customer: customer
              budgets: [{limit_usd: 1000000, every: day, rolling: true}]
              rate_limits: [{limit: 1000000, unit: requests, per: minute}, {limit: 1000, unit: concurrent}]
          users: [{id: user, team: team}]
          virtual_keys:
            - id: self-test
              key: {env: SELF_TEST_KEY}
              models: ["*"]
              team: team
              user: user
              budgets: [{limit_tokens: 1000000000000, every: week}]
              rate_limits: [{limit: 1000000000000, unit: tokens, per: hour}]
        """
                .formatted(folder, folder, host, LLAMA);
    }

    private void say(String words) {
        if (spec != null) {
            spec.commandLine().getOut().println(words);
        }
    }
}
