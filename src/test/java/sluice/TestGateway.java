package sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import sluice.config.Configuration;
import sluice.config.ConfigurationFiles;
import sluice.config.Loaded;
import sluice.config.StoredDocument;
import sluice.simulator.Endpoint;
import sluice.simulator.Person;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;
import tools.jackson.databind.JsonNode;

/// A whole gateway on a free port: a policy file of its own, a workspace and another provider behind it, and the ledger
/// that it keeps. Closing it stops everything and leaves nothing.
final class TestGateway implements AutoCloseable {
    /// May use every model.
    static final String KEY = "sk-slc-a-key-for-everything-1234";

    /// May use the models of the target {@code partner} only. It looks like another product's.
    static final String PARTNER_KEY = "vk_another-products-prefix-5678";

    /// Is known, and may use nothing.
    static final String IDLE_KEY = "sk-slc-a-key-for-nothing-at-all-9";

    static final String WORKSPACE_TOKEN = "workspace-token-that-nobody-may-see";
    static final String PARTNER_TOKEN = "partner-token-that-nobody-may-see";
    static final String PROMPT = "tell nobody that the merger is on Friday";

    private final Plan plan;
    private final Path directory;
    private final Simulator workspace;
    private final Simulator partner;
    private Gateway gateway;

    private TestGateway(Plan plan) {
        this.plan = plan;
        this.workspace =
                Simulator.start(
                        0, Settings.standard().withToken(WORKSPACE_TOKEN).withPeople(plan.people));
        this.partner =
                Simulator.start(
                        0,
                        Settings.standard()
                                .withToken(PARTNER_TOKEN)
                                .withEndpoints(List.of(Endpoint.chat("gpt-5-2", "gpt", "gpt"))));
        workspace.listing(plan.listing);
        try {
            this.directory = Files.createTempDirectory("gateway");
            FreshStore.in(directory.resolve("data"));
            write(plan);
            this.gateway = another();
            awaitDiscovery();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// One more gateway with the same files and the same store.
    Gateway another() {
        return Gateway.start(
                good(read(List.of())), this::read, plan.clock, plan.carried.carrier(), plan.nanos);
    }

    /// Ends the gateway, changes the plan's files as {@code change} says, and starts it again.
    void restart(java.util.function.Consumer<Plan> change) {
        gateway.close();
        change.accept(plan);
        write(plan);
        gateway = another();
        awaitDiscovery();
    }

    private void awaitDiscovery() {
        try {
            if (plan.listing.equals("normal")) {
                gateway.awaitDiscovery(Patience.LONG);
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    static TestGateway start() {
        return planned().start();
    }

    static Plan planned() {
        return new Plan();
    }

    /// What a gateway is to be like, where it is not like all the others.
    static final class Plan {
        private Carried carried = Carried.BY_ITS_LOOP;
        private boolean retries;
        private LongSupplier nanos = System::nanoTime;
        private Clock clock = Clock.systemUTC();
        private int loops = 2;
        private String server = "";
        private String store = "";
        private String workspace = "";
        private String partner = "";
        private String listing = "normal";
        private String governance = "";
        private String section = "";
        private final List<Person> people = new ArrayList<>();
        private final List<String> targets = new ArrayList<>();
        private final Map<String, String> keys = new LinkedHashMap<>();
        private final Map<String, String> keySettings = new HashMap<>();
        private final Map<String, String> variables = new LinkedHashMap<>();

        private Plan() {
            keys.put("everything", KEY);
            keys.put("partners", PARTNER_KEY);
            keys.put("nothing", IDLE_KEY);
        }

        Plan on(Carried other) {
            carried = other;
            return this;
        }

        /// What fails is sent again, as it usually is.
        Plan retrying() {
            retries = true;
            return this;
        }

        /// The clock by which the targets' health ages.
        Plan ageingBy(LongSupplier clock) {
            nanos = clock;
            return this;
        }

        Plan withClock(Clock other) {
            clock = other;
            return this;
        }

        Plan loops(int count) {
            loops = count;
            return this;
        }

        /// More of the section {@code server}, in YAML's flow style.
        Plan server(String settings) {
            server = ", " + settings;
            return this;
        }

        /// More of the section {@code store}.
        Plan store(String settings) {
            store = ", " + settings;
            return this;
        }

        /// One more key that may use every model, with more settings.
        Plan key(String id, String key, String settings) {
            keys.put(id, key);
            keySettings.put(id, ", " + settings);
            return this;
        }

        /// More of the target {@code workspace}.
        Plan workspace(String settings) {
            workspace = ", " + settings;
            return this;
        }

        /// More of the target {@code partner}.
        Plan partner(String settings) {
            partner = ", " + settings;
            return this;
        }

        /// One more target. {@code "PARTNER"} stands for the partner's address, {@code "TLS_PARTNER"} for the same with
        /// https, {@code WORKSPACE} for the beginning of the workspace's.
        Plan target(String settings) {
            targets.add(settings);
            return this;
        }

        /// One more environment variable.
        Plan variable(String name, String value) {
            variables.put(name, value);
            return this;
        }

        /// Replaces the targets that were added.
        Plan onlyTarget(String settings) {
            targets.clear();
            return target(settings);
        }

        /// More of the section {@code governance}, a line of YAML.
        Plan governance(String line) {
            governance = "  " + line + "\n";
            return this;
        }

        /// One more section, a line of YAML.
        Plan section(String line) {
            section = line + "\n";
            return this;
        }

        /// How the workspace lists its models. Nobody waits for what is not normal.
        Plan listing(String behaviour) {
            listing = behaviour;
            return this;
        }

        /// Somebody who has a token of the workspace.
        Plan person(String token, String userName, String... groups) {
            people.add(new Person(token, userName, List.of(groups)));
            return this;
        }

        /// Replaces the keys: the text of each by its id.
        Plan onlyKey(String id, String key) {
            keys.clear();
            keys.put(id, key);
            return this;
        }

        TestGateway start() {
            return new TestGateway(this);
        }
    }

    int port() {
        return gateway.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    Gateway gateway() {
        return gateway;
    }

    /// The target {@code workspace}.
    Simulator workspace() {
        return workspace;
    }

    /// The target {@code partner}, of the kind {@code custom}.
    Simulator partner() {
        return partner;
    }

    /// What was spent of every budget so far, by its account.
    Map<String, Long> budgets() {
        var spent = new HashMap<String, Long>();
        gateway.accounts().each(state -> spent.put(state.account(), state.spent()));
        return spent;
    }

    Path directory() {
        return directory;
    }

    BareSocket connect() {
        return new BareSocket(port());
    }

    /// One request on a connection of its own.
    Answer ask(String request) {
        try (var socket = connect()) {
            return socket.send(request).answer();
        }
    }

    /// A chat request with the key for everything.
    static String chat(String model, boolean stream, String... headers) {
        return post("/v1/chat/completions", body(model, stream), headers);
    }

    static String post(String path, String body, String... headers) {
        return """
        POST %s HTTP/1.1
        host: gateway
        content-type: application/json
        authorization: Bearer %s
        """
                        .formatted(path, KEY)
                        .replace("\n", "\r\n")
                + lines(headers)
                + "content-length: "
                + body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + body;
    }

    static String get(String path, String... headers) {
        return "GET "
                + path
                + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
                + KEY
                + "\r\n"
                + lines(headers)
                + "\r\n";
    }

    static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    static String body(String model, boolean stream) {
        return """
        {"model": "%s", "stream": %s, "messages": [{"role": "user", "content": "%s"}]}\
        """
                .formatted(model, stream, PROMPT);
    }

    /// Changes the plan's files as {@code change} says and takes them over, as the watch would.
    void reload(java.util.function.Consumer<Plan> change) {
        change.accept(plan);
        write(plan);
        gateway.reload(load());
    }

    /// Takes over a policy file with this text.
    void reload(String text) {
        writePolicy(text);
        gateway.reload(load());
    }

    Loaded load() {
        return read(gateway.storedDocuments());
    }

    private Loaded read(List<StoredDocument> stored) {
        return ConfigurationFiles.load(List.of(policy()), environment()::get, stored);
    }

    /// Every line of the ledger so far.
    List<JsonNode> ledger() {
        try {
            var text = Files.readString(ledgerFile());
            var whole = text.substring(0, text.lastIndexOf('\n') + 1); // one may be on its way
            return whole.lines().map(Answer.JSON::readTree).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Waits for so many lines.
    List<JsonNode> ledger(int lines) {
        Patience.until(
                () -> lines + " ledger lines, there are " + ledger().size(),
                () -> ledger().size() >= lines);
        return ledger();
    }

    /// Waits for all lines of a call that was sent so often.
    List<JsonNode> ledgerLinesOf(String id, int attempts) {
        Patience.until(
                () -> attempts + " ledger lines of " + id, () -> linesOf(id).size() >= attempts);
        return linesOf(id);
    }

    /// Waits for the line of one call.
    JsonNode ledgerOf(String id) {
        Patience.until(() -> "the ledger's line of " + id, () -> !linesOf(id).isEmpty());
        return linesOf(id).getFirst();
    }

    private List<JsonNode> linesOf(String id) {
        return ledger().stream().filter(line -> line.path("id").asString("").equals(id)).toList();
    }

    String ledgerText() {
        try {
            return Files.readString(ledgerFile());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void awaitOpenConnections(int exactly) {
        Patience.until(
                () -> exactly + " open connections, there are " + gateway.openConnections(),
                () -> gateway.openConnections() == exactly);
    }

    @Override
    public void close() {
        gateway.close();
        workspace.close();
        partner.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path policy() {
        return directory.resolve("policy-config.yaml");
    }

    private Path ledgerFile() {
        return directory.resolve("ledger.jsonl");
    }

    private static Configuration good(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good(var good, var _) -> good;
            case Loaded.Faulty(var faults, var _) -> throw new AssertionError(faults);
            case Loaded.Unreadable(var faults) -> throw new AssertionError(faults);
        };
    }

    private Map<String, String> environment() {
        var environment = new HashMap<>(plan.keys);
        environment.putAll(plan.variables);
        environment.put("WORKSPACE_TOKEN", WORKSPACE_TOKEN);
        environment.put("PARTNER_TOKEN", PARTNER_TOKEN);
        return environment;
    }

    private void writePolicy(String text) {
        try {
            Files.writeString(policy(), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Most tests are about a single sending.
    private static String retries(Plan plan, String target) {
        return plan.retries || target.contains("retry_config")
                ? ""
                : ", retry_config: {attempts: 0}";
    }

    private void write(Plan plan) {
        var text =
                new StringBuilder(
                        """
                        server: {listen: "127.0.0.1:0", event_loops: %d%s}
                        ledger: {path: "%s"}
                        store: {path: "%s"%s}
                        providers:
                          targets:
                            - {id: workspace, provider: databricks, base_url: "%s/serving-endpoints",
                               secret_key_ref: {env: WORKSPACE_TOKEN}%s%s}
                            - {id: partner, provider: custom, base_format: openai, base_url: "%s",
                               secret_key_ref: {env: PARTNER_TOKEN}%s%s}
                        """
                                .formatted(
                                        plan.loops,
                                        plan.server,
                                        ledgerFile(),
                                        directory.resolve("data"),
                                        plan.store,
                                        workspace.host(),
                                        plan.workspace,
                                        retries(plan, plan.workspace),
                                        partner.host(),
                                        plan.partner,
                                        retries(plan, plan.partner)));
        for (var target : plan.targets) {
            text.append("    - {")
                    .append(
                            target.replace("TLS_PARTNER", partner.host().replace("http:", "https:"))
                                    .replace("\"WORKSPACE", "\"" + workspace.host())
                                    .replace("\"PARTNER\"", "\"" + partner.host() + "\""))
                    .append(retries(plan, target))
                    .append("}\n");
        }
        text.append("governance:\n  virtual_keys:\n");
        for (var id : plan.keys.keySet()) {
            var models =
                    switch (id) {
                        case "partners" -> "[\"partner/*\"]";
                        case "nothing" -> "[]";
                        default -> "[\"*\"]";
                    };
            text.append(
                    "    - {id: %s, key: {env: %s}, models: %s%s}\n"
                            .formatted(id, id, models, plan.keySettings.getOrDefault(id, "")));
        }
        text.append(plan.governance)
                .append(plan.section.replace("\"WORKSPACE", "\"" + workspace.host()));
        writePolicy(text.toString());
    }
}
