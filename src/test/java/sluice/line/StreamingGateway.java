package sluice.line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import sluice.Gateway;
import sluice.call.ModelPatterns;
import sluice.call.Secret;
import sluice.config.Configuration;
import sluice.config.Credential;
import sluice.config.Deadlines;
import sluice.config.ExtraHeader;
import sluice.config.LedgerConfig;
import sluice.config.ModelSelection;
import sluice.config.Place;
import sluice.config.Provider;
import sluice.config.Requests;
import sluice.config.RetryConfig;
import sluice.config.ServerConfig;
import sluice.config.TargetConfig;
import sluice.config.VirtualKeyConfig;
import sluice.loop.Carrier;
import sluice.simulator.Simulator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running gateway with one key, some targets, and a ledger that can be awaited.
final class StreamingGateway implements AutoCloseable {
    static final String KEY = "sk-slc-a-key-of-the-streaming-tests";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Place HERE = new Place("test", 1, 1, "");
    private static final Deadlines PATIENT =
            new Deadlines(
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1));

    private final Gateway gateway;
    private final Path ledger;

    private StreamingGateway(Gateway gateway, Path ledger) {
        this.gateway = gateway;
        this.ledger = ledger;
    }

    /// What may differ between tests.
    record Plan(Configuration configuration, Deadlines deadlines, Path folder) {

        Plan keepAlive(Duration silence) {
            var server = configuration.server();
            return server(
                    new ServerConfig(
                            server.listen(),
                            server.maxBodyBytes(),
                            server.maxHeaderBytes(),
                            server.headTimeout(),
                            server.bodyTimeout(),
                            server.idleTimeout(),
                            server.maxConnections(),
                            silence,
                            server.drain(),
                            server.eventLoops(),
                            server.workers(),
                            server.tls()));
        }

        Plan callersIdle(Duration limit) {
            var server = configuration.server();
            return server(
                    new ServerConfig(
                            server.listen(),
                            server.maxBodyBytes(),
                            server.maxHeaderBytes(),
                            server.headTimeout(),
                            server.bodyTimeout(),
                            limit,
                            server.maxConnections(),
                            server.keepAliveComment(),
                            server.drain(),
                            server.eventLoops(),
                            server.workers(),
                            server.tls()));
        }

        private Plan server(ServerConfig server) {
            return new Plan(configuration.withServer(server), deadlines, folder);
        }

        /// For the targets that are added after this.
        Plan deadlines(Duration total, Duration firstByte, Duration idle) {
            return new Plan(
                    configuration,
                    new Deadlines(total, Duration.ofMillis(500), firstByte, idle),
                    folder);
        }

        /// The simulator's two faces, as the targets {@code openai} and {@code workspace}.
        Plan with(Simulator simulator) {
            return target(
                            "openai",
                            new Provider.Custom(Provider.BaseFormat.OPENAI),
                            simulator.host(),
                            simulator.settings().openAiToken(),
                            new ModelSelection.All())
                    .target(
                            "workspace",
                            new Provider.Databricks(Provider.Surface.AUTO, List.of()),
                            simulator.host(),
                            simulator.settings().token(),
                            new ModelSelection.All());
        }

        /// The target {@code raw} with the one model {@code m}.
        Plan with(RawUpstream upstream) {
            return target(
                    "raw",
                    new Provider.Custom(Provider.BaseFormat.OPENAI),
                    upstream.host(),
                    "any-token",
                    new ModelSelection.Named(List.of("m")));
        }

        /// The same with a credential of its own and more headers; {@code models} may be to be discovered.
        Plan with(
                RawUpstream upstream,
                ModelSelection models,
                String token,
                List<ExtraHeader> headers) {
            return target(
                    "raw",
                    new Provider.Custom(Provider.BaseFormat.OPENAI),
                    upstream.host(),
                    token,
                    headers,
                    models);
        }

        /// The same with a model at each of the dialects: {@code raw-openai/m}, {@code
        /// raw-anthropic/m}, {@code raw-workspace/m} and {@code raw-workspace/a-claude}.
        Plan withEveryDialect(RawUpstream upstream) {
            var one = new ModelSelection.Named(List.of("m"));
            return target(
                            "raw-openai",
                            new Provider.Custom(Provider.BaseFormat.OPENAI),
                            upstream.host(),
                            "any-token",
                            one)
                    .target(
                            "raw-anthropic",
                            new Provider.Custom(Provider.BaseFormat.ANTHROPIC),
                            upstream.host(),
                            "any-token",
                            one)
                    .target(
                            "raw-workspace",
                            new Provider.Databricks(Provider.Surface.SERVING, List.of()),
                            upstream.host(),
                            "any-token",
                            new ModelSelection.Named(List.of("m", "a-claude")));
        }

        private Plan target(
                String id, Provider provider, String url, String token, ModelSelection models) {
            return target(id, provider, url, token, List.of(), models);
        }

        private Plan target(
                String id,
                Provider provider,
                String url,
                String token,
                List<ExtraHeader> headers,
                ModelSelection models) {
            return new Plan(
                    configuration.plus(
                            new TargetConfig(
                                    id,
                                    provider,
                                    URI.create(url),
                                    new Credential.PersonalToken(new Secret(token)),
                                    headers,
                                    models,
                                    deadlines,
                                    64 << 20,
                                    4096,
                                    Requests.USUAL,
                                    Map.of(),
                                    List.of(),
                                    new RetryConfig(0, Duration.ZERO, Set.of()),
                                    Set.of(),
                                    Optional.empty(),
                                    HERE)),
                    deadlines,
                    folder);
        }

        StreamingGateway start() {
            var gateway = Gateway.start(configuration, Clock.systemUTC(), Carrier.open());
            try {
                gateway.awaitDiscovery(Duration.ofSeconds(10));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return new StreamingGateway(gateway, folder.resolve("ledger.jsonl"));
        }
    }

    /// @param folder where the ledger is kept
    static Plan plan(Path folder) {
        var defaults = Configuration.defaults();
        var server = defaults.server().withListen(new ServerConfig.ListenAddress("127.0.0.1", 0));
        var ledger =
                new LedgerConfig(
                        new LedgerConfig.Destination.File(folder.resolve("ledger.jsonl")),
                        10_000,
                        LedgerConfig.WhenFull.BLOCK,
                        1 << 30,
                        2);
        var key = VirtualKeyConfig.made("tests", new Secret(KEY), new ModelPatterns(List.of("*")));
        return new Plan(
                defaults.withServer(server)
                        .withLedger(ledger)
                        .withStore(defaults.store().withDirectory(folder.resolve("data")))
                        .plus(key),
                PATIENT,
                folder);
    }

    Client client() {
        return new Client(gateway.port());
    }

    int port() {
        return gateway.port();
    }

    int openConnections() {
        return gateway.openConnections();
    }

    /// The ledger's lines about chat, once there are so many.
    List<JsonNode> ledger(int lines) {
        await("ledger lines", () -> chatLines().size() >= lines);
        return chatLines().stream().map(JSON::readTree).toList();
    }

    /// The one line of the call with this id.
    JsonNode ledgerOf(String id) {
        await("the ledger line of " + id, () -> lineOf(id).size() == 1);
        return JSON.readTree(lineOf(id).getFirst());
    }

    private List<String> lineOf(String id) {
        return chatLines().stream().filter(line -> line.contains("\"" + id + "\"")).toList();
    }

    private List<String> chatLines() {
        try {
            var text = Files.readString(ledger);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Looks again until it is so, for at most ten seconds.
    static void await(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited ten seconds for " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        gateway.close();
    }
}
