package sluice.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.Gateway;
import sluice.call.ModelPatterns;
import sluice.call.Secret;
import sluice.config.Configuration;
import sluice.config.ConfigurationFiles;
import sluice.config.ConfigurationReader;
import sluice.config.ConfigurationWatch;
import sluice.config.Environment;
import sluice.config.EnvironmentTarget;
import sluice.config.Fault;
import sluice.config.Loaded;
import sluice.config.ServerConfig.ListenAddress;
import sluice.config.StoredDocument;
import sluice.config.VirtualKeyConfig;
import sluice.config.Warning;
import sluice.loop.Carrier;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// {@code sluice run}: serves what the policy files say; without a file, the workspace that the {@code DATABRICKS_*}
/// variables name; without those, a simulated one, and says so.
@Command(name = "run", description = "Starts the gateway.", mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
    private static final Path DEFAULT_FILE = Path.of("policy-config.yaml");
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration DISCOVERY_PATIENCE = Duration.ofSeconds(5);

    /// The model that the pasted curl line asks for.
    private static final String SIMULATED_MODEL = "databricks-meta-llama-3-3-70b-instruct";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where to listen; 127.0.0.1:8080 unless the configuration says otherwise.")
    private @Nullable String listen;

    @Option(
            names = "--policy-config",
            paramLabel = "FILE",
            description =
                    "The configuration; may be given several times, later files win. Without it,"
                            + " policy-config.yaml of this folder is used when it exists.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--drain-seconds",
            paramLabel = "N",
            description = "How long running calls may take to finish when the gateway stops.")
    private @Nullable Integer drainSeconds;

    @Spec private @Nullable CommandSpec spec;

    /// Where the calls go, and what to say about it.
    private record Source(
            Configuration configuration,
            ConfigurationReader reader,
            @Nullable ConfigurationWatch watch,
            @Nullable Simulator simulator,
            @Nullable String key,
            String about) {}

    @Override
    public Integer call() throws InterruptedException {
        if (files.isEmpty() && Files.exists(DEFAULT_FILE)) {
            files = List.of(DEFAULT_FILE);
        }
        var reloads = new Reloads();
        var source = files.isEmpty() ? withoutFile() : fromFiles(reloads);
        if (source == null) {
            return 1;
        }
        try {
            return serve(source, reloads);
        } catch (IllegalStateException | UncheckedIOException refused) {
            err().println("sluice: " + refused.getMessage());
            return 2;
        } finally {
            if (source.simulator() != null) {
                source.simulator().close();
            }
        }
    }

    private int serve(Source source, Reloads reloads) throws InterruptedException {
        UnaryOperator<Configuration> asAsked = each -> administered(listeningWhereAsked(each));
        var configuration = asAsked.apply(source.configuration());
        var drain =
                drainSeconds == null
                        ? configuration.server().drain()
                        : Duration.ofSeconds(Math.max(0, drainSeconds));
        var gateway =
                Gateway.start(
                        configuration,
                        stored -> changed(source.reader().read(stored), asAsked),
                        Clock.systemUTC(),
                        Carrier.open());
        var stopped = new CountDownLatch(1);
        var stopper =
                new Thread(
                        () -> {
                            gateway.stop(drain);
                            stopped.countDown();
                        },
                        "stop");
        Runtime.getRuntime().addShutdownHook(stopper);
        reloads.gateway = gateway;
        if (source.watch() != null) {
            source.watch().start();
        }
        gateway.awaitDiscovery(DISCOVERY_PATIENCE);
        greet(gateway, configuration, source);
        stopped.await();
        return 0;
    }

    private static Loaded changed(Loaded loaded, UnaryOperator<Configuration> change) {
        return loaded instanceof Loaded.Good(var good, var warnings)
                ? new Loaded.Good(change.apply(good), warnings)
                : loaded;
    }

    /// Hands changed files to the gateway once there is one.
    private static final class Reloads {
        private volatile @Nullable Gateway gateway;

        void changed(Loaded loaded) {
            var running = gateway;
            if (running != null) {
                running.reload(Run.changed(loaded, Run::administered));
            }
        }

        List<StoredDocument> stored() {
            var running = gateway;
            return running == null ? List.of() : running.storedDocuments();
        }
    }

    private @Nullable Source fromFiles(Reloads reloads) {
        var watch =
                ConfigurationWatch.over(
                        files, System::getenv, reloads::stored, WATCH_INTERVAL, reloads::changed);
        return switch (watch.first()) {
            case Loaded.Good(var configuration, var warnings) -> {
                tell(warnings);
                yield new Source(
                        configuration,
                        stored -> ConfigurationFiles.load(files, System::getenv, stored),
                        watch,
                        null,
                        null,
                        "configured by "
                                + files.stream()
                                        .map(Path::toString)
                                        .collect(Collectors.joining(", ")));
            }
            case Loaded.Faulty(var faults, var _) -> refuse(faults);
            case Loaded.Unreadable(var faults) -> refuse(faults);
        };
    }

    private @Nullable Source withoutFile() {
        Environment environment = System::getenv;
        var fromEnvironment = EnvironmentTarget.read(environment);
        if (fromEnvironment.isEmpty()) {
            return simulated();
        }
        return switch (fromEnvironment.get()) {
            case Loaded.Good(var configuration, var warnings) -> {
                tell(warnings);
                var key = keyFor(environment);
                yield new Source(
                        configuration.plus(virtualKey(key)),
                        stored -> withKey(environment, key, stored),
                        null,
                        null,
                        key,
                        "no file; the DATABRICKS_* variables make the target 'databricks' at "
                                + configuration.targets().getFirst().baseUrl());
            }
            case Loaded.Faulty(var faults, var _) -> refuse(faults);
            case Loaded.Unreadable(var faults) -> refuse(faults);
        };
    }

    private Source simulated() {
        var token = "simulated-" + random();
        var simulator = Simulator.start(0, Settings.standard().withToken(token));
        var environment = simulatedWorkspace(simulator.host(), token);
        var configuration =
                switch (EnvironmentTarget.read(environment).orElseThrow()) {
                    case Loaded.Good(var good, var _) -> good;
                    case Loaded.Faulty(var faults, var _) ->
                            throw new IllegalStateException(faults.toString());
                    case Loaded.Unreadable(var faults) ->
                            throw new IllegalStateException(faults.toString());
                };
        var key = keyFor(System::getenv);
        return new Source(
                configuration
                        .plus(virtualKey(key))
                        .withStore(
                                configuration.store().withDirectory(Path.of("data", "simulated"))),
                stored -> withKey(environment, key, stored),
                null,
                simulator,
                key,
                "SIMULATED: no configuration was given, so a simulated workspace at "
                        + simulator.host()
                        + " answers. No real model is asked and nothing costs money.");
    }

    /// The workspace of the variables, with what operators have stored and the key that was printed.
    private static Loaded withKey(
            Environment environment, String key, List<StoredDocument> stored) {
        return changed(
                EnvironmentTarget.read(environment, stored).orElseThrow(),
                configuration -> configuration.plus(virtualKey(key)));
    }

    private static Environment simulatedWorkspace(String host, String token) {
        return name ->
                switch (name) {
                    case "DATABRICKS_HOST" -> host;
                    case "DATABRICKS_TOKEN" -> token;
                    default -> null;
                };
    }

    /// A key of its own for a gateway without a file: {@code SLUICE_KEY} when it is set, so that clients may keep
    /// theirs over a restart, else a fresh one.
    private static String keyFor(Environment environment) {
        var given = environment.value("SLUICE_KEY");
        return given == null || given.isEmpty() ? "sk-slc-" + random() : given;
    }

    private static String random() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static VirtualKeyConfig virtualKey(String key) {
        return VirtualKeyConfig.made(
                "printed-at-start", new Secret(key), new ModelPatterns(List.of("*")));
    }

    private void tell(List<Warning> warnings) {
        warnings.forEach(warning -> err().println("sluice: " + warning));
    }

    private @Nullable Source refuse(List<Fault> faults) {
        faults.forEach(fault -> err().println(fault));
        err().println("sluice: the configuration has faults; nothing was started.");
        return null;
    }

    /// The file's operator's key, else the environment's; without either nobody is an operator.
    private static Configuration administered(Configuration configuration) {
        var key = System.getenv(AdminDoor.VARIABLE);
        return configuration.admin().key().isPresent() || key == null || key.isEmpty()
                ? configuration
                : configuration.withAdmin(configuration.admin().withKey(new Secret(key)));
    }

    private Configuration listeningWhereAsked(Configuration configuration) {
        if (listen == null) {
            return configuration;
        }
        int colon = listen.lastIndexOf(':');
        try {
            var host = listen.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
            var address = new ListenAddress(host, Integer.parseInt(listen.substring(colon + 1)));
            return configuration.withServer(configuration.server().withListen(address));
        } catch (IllegalArgumentException notAnAddress) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--listen: expected HOST:PORT, such as 0.0.0.0:8080, got '" + listen + "'");
        }
    }

    private void greet(Gateway gateway, Configuration configuration, Source source) {
        var listening = configuration.server().listen();
        var shownHost = listening.host().equals("0.0.0.0") ? "127.0.0.1" : listening.host();
        var scheme =
                configuration.server().tls() instanceof sluice.config.ServerConfig.Tls.Off
                        ? "http"
                        : "https";
        var url = URI.create(scheme + "://" + new ListenAddress(shownHost, gateway.port()));
        var out = out();
        out.println();
        out.println("Sluice is ready at " + url + " (" + source.about() + ")");
        var key = source.key();
        if (key != null) {
            out.println();
            out.println("Virtual key, for this run: " + key);
            out.println("Try it:");
            out.println();
            out.println("curl " + url + "/v1/chat/completions \\");
            out.println(
                    "  -H 'Authorization: Bearer "
                            + key
                            + "' -H 'Content-Type: application/json' \\");
            out.println(
                    "  -d '{\"model\": \""
                            + (source.simulator() == null ? "MODEL" : SIMULATED_MODEL)
                            + "\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'");
            if (source.simulator() == null) {
                out.println();
                out.println(
                        "MODEL is one of: curl "
                                + url
                                + "/v1/models -H 'Authorization: Bearer "
                                + key
                                + "'");
            }
        }
        gateway.oneTimeToken()
                .ifPresent(token -> {
                    out.println();
                    out.println(
                            "No operator is named, so this token makes one admin key, once: "
                                    + token.use(text -> text));
                    out.println(
                            "curl -X POST "
                                    + url
                                    + "/admin/v1/claim -H 'Authorization: Bearer TOKEN'");
                });
        out.println();
        out.flush();
    }

    private PrintWriter out() {
        return spec().commandLine().getOut();
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        var given = spec;
        if (given == null) {
            throw new IllegalStateException("picocli sets the spec");
        }
        return given;
    }
}
