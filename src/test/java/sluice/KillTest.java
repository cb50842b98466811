package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.ledger.JournalReading;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;
import sluice.store.SpendQuery;
import sluice.store.Spent;
import sluice.store.Store;
import sluice.store.Stores;

/// A gateway that is killed a hundred times, at any moment and under load, books to the cent what was served: what a
/// caller saw to its end exactly, and what nobody knows the end of as estimated, and never too little.
class KillTest {
    private static final int KILLS = Integer.getInteger("sluice.kills", 100);
    private static final int CALLERS = 10;
    private static final long SEED = 20_261_130;
    private static final String TOKEN = "a-token-of-the-workspace";
    private static final String MODEL = "databricks-meta-llama-3-3-70b-instruct";
    private static final String FAILING = "sim-unavailable";

    /// In nano-dollars a token.
    private static final long INPUT_PRICE = 1_003;

    private static final long OUTPUT_PRICE = 7_019;

    private static final Pattern ID = Pattern.compile("call-[0-9]{7}");
    private static final Pattern USAGE =
            Pattern.compile("\"prompt_tokens\":\\s*(\\d+),\\s*\"completion_tokens\":\\s*(\\d+)");

    private enum Key {
        ONE("science", ""),
        TWO("science", ""),
        THREE("arts", ", budget: {limit_usd: 1000, every: month}"),
        FOUR("", ""),
        POOR("arts", ", budget: {limit_usd: 0.12, every: quarter}");

        private final String team;
        private final String more;

        Key(String team, String more) {
            this.team = team;
            this.more = more;
        }

        String id() {
            return "key-" + name().toLowerCase(java.util.Locale.ROOT);
        }

        String text() {
            return "sk-slc-a-key-that-outlives-kills-" + name();
        }
    }

    /// @param money what the caller read that it cost, -1 when it did not see the end
    private record Seen(Key key, long money) {}

    @TempDir private Path directory;

    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final JournalReading journal = new JournalReading();
    private final AtomicInteger lastId = new AtomicInteger();

    @Test
    void aHundredKillsLoseNothingAndBookNothingTwice() throws Exception {
        var settings = Settings.standard().withToken(TOKEN).withRecorded(1_000_000);
        try (var simulator = Simulator.start(0, settings)) {
            simulator.always("normal;interval=1");
            var child =
                    new Child(directory, policy(simulator.host()), environment(), this::rehearse);
            var random = new Random(SEED);
            long begin = System.nanoTime();
            for (int kill = 0; kill < KILLS; kill++) {
                round(child, random);
                readJournal();
            }
            try (var last = child.start()) {
                assertThat(last.port()).isPositive(); // it has booked what the one before left
            }
            readJournal();
            System.err.printf(
                    "%d kills in %d ms, %d calls, %d seen to the end%n",
                    KILLS,
                    (System.nanoTime() - begin) / 1_000_000,
                    seen.size(),
                    seen.values().stream().filter(call -> call.money() >= 0).count());
            assertThat(child.log()).doesNotContain("ERROR");
            try (var store = Stores.sqlite(directory.resolve("data/sluice.db"))) {
                check(simulator, store);
            }
        }
    }

    private void round(Child child, Random random) throws InterruptedException {
        try (var running = child.start()) {
            var stop = new AtomicBoolean();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < CALLERS; i++) {
                var own = new Random(random.nextLong());
                threads.add(Thread.ofVirtual().start(() -> callUntil(stop, running.port(), own)));
            }
            long load = Duration.ofMillis(20 + random.nextInt(200)).toNanos();
            long end = System.nanoTime() + load + random.nextInt(1_000_000);
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            running.kill();
            stop.set(true);
            for (var thread : threads) {
                thread.join();
            }
        }
    }

    /// Some calls of each kind, so that those who come later need not look for the classes.
    private void rehearse(int port) {
        var random = new Random(SEED);
        try (var socket = new BareSocket(port)) {
            for (int i = 0; i < 60; i++) {
                call(socket, random);
            }
        }
        readJournal();
    }

    private void callUntil(AtomicBoolean stop, int port, Random random) {
        try (var socket = new BareSocket(port)) {
            while (!stop.get()) {
                call(socket, random);
            }
        } catch (RuntimeException | AssertionError killed) {
            if (!stop.get() && killed.getMessage() != null && killed.getMessage().startsWith("[")) {
                throw killed;
            }
        }
    }

    private void call(BareSocket socket, Random random) {
        var id = "call-%07d".formatted(lastId.incrementAndGet());
        var key = Key.values()[random.nextInt(Key.values().length)];
        boolean streamed = random.nextBoolean();
        var model = random.nextInt(16) == 0 ? FAILING : MODEL;
        seen.put(id, new Seen(key, -1));
        var answer = socket.send(request(id, key, model, streamed)).answer();
        if (answer.status() == 200) {
            seen.put(id, new Seen(key, money(answer.text())));
        } else {
            assertThat(answer.status()).as(answer.text()).isIn(429, 503);
            seen.put(id, new Seen(key, 0));
        }
    }

    private static String request(String id, Key key, String model, boolean streamed) {
        var body = body(id, model, streamed);
        return TestGateway.post("/v1/chat/completions", body, "x-request-id: " + id)
                .replace(TestGateway.KEY, key.text());
    }

    private static String body(String id, String model, boolean streamed) {
        return """
        {"model": "%s", "max_tokens": 24, "stream": %s%s,
         "messages": [{"role": "user", "content": "%s, tell me of %s"}]}\
        """
                .formatted(
                        model,
                        streamed,
                        streamed ? ", \"stream_options\": {\"include_usage\": true}" : "",
                        id,
                        "rivers and lakes ".repeat(id.hashCode() & 7));
    }

    private static long money(String answer) {
        var usage = USAGE.matcher(answer);
        long money = -1;
        while (usage.find()) {
            money =
                    Long.parseLong(usage.group(1)) * INPUT_PRICE
                            + Long.parseLong(usage.group(2)) * OUTPUT_PRICE;
        }
        assertThat(money).as(answer).isPositive();
        return money;
    }

    private void readJournal() {
        journal.read(directory.resolve("data/gateway-1/journal"));
    }

    private void check(Simulator simulator, Store store) {
        var served = served(simulator);
        var written = new HashMap<String, JournalReading.Call>();
        for (var call : journal.calls()) {
            var id = call.commitment().call();
            assertThat(written.put(id, call)).as(id + " was held twice").isNull();
        }
        long estimated = 0;
        for (var entry : seen.entrySet()) {
            var id = entry.getKey();
            var call = entry.getValue();
            var booked = written.get(id);
            if (booked == null) { // refused, or not known yet when the gateway ended
                assertThat(call.money()).as(id).isLessThanOrEqualTo(0);
                assertThat(served).as(id).doesNotContain(id);
                continue;
            }
            assertThat(booked.settlements()).as(id).isEqualTo(1);
            if (call.money() >= 0) {
                assertThat(booked.nanoDollars()).as(id).isEqualTo(call.money());
                assertThat(booked.isEstimated()).as(id).isFalse();
            } else if (booked.isEstimated()) {
                estimated++;
                assertThat(booked.nanoDollars()).as(id).isGreaterThanOrEqualTo(cost(simulator, id));
            } else if (booked.nanoDollars() > 0) {
                assertThat(served).as(id).contains(id);
                assertThat(booked.nanoDollars()).as(id).isEqualTo(cost(simulator, id));
            }
        }
        assertThat(estimated).isPositive();
        assertThat(written.keySet()).isSubsetOf(seen.keySet());
        checkSums(store);
    }

    /// The calls that reached the workspace.
    private static Set<String> served(Simulator simulator) {
        return simulator.recording().seen().stream()
                .map(each -> ID.matcher(each.request().text()))
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group())
                .collect(Collectors.toSet());
    }

    private final Map<String, Long> asked = new HashMap<>();

    /// What the whole answer to a call costs: the workspace answers the same to the same.
    private long cost(Simulator simulator, String id) {
        return asked.computeIfAbsent(
                id,
                _ -> {
                    try (var socket = new BareSocket(simulator.port())) {
                        var request =
                                TestGateway.post(
                                                "/serving-endpoints/chat/completions",
                                                body(id, MODEL, false))
                                        .replace(TestGateway.KEY, TOKEN);
                        return money(socket.send(request).answer().text());
                    }
                });
    }

    private void checkSums(Store store) {
        long money = 0;
        long calls = 0;
        long estimated = 0;
        var byKey = new HashMap<String, Long>();
        var byTeam = new HashMap<String, Long>();
        var accounts = new HashMap<String, Long>();
        for (var call : journal.calls()) {
            var who = call.commitment();
            for (var outlay : call.outlays()) {
                money += outlay.nanoDollars();
                estimated += outlay.estimated() ? 1 : 0;
                byKey.merge(who.key(), outlay.nanoDollars(), Long::sum);
                byTeam.merge(who.team(), outlay.nanoDollars(), Long::sum);
                if (who.key().equals(Key.THREE.id()) || who.key().equals(Key.POOR.id())) {
                    accounts.merge("key/" + who.key(), outlay.nanoDollars(), Long::sum);
                }
                if (who.team().equals("science")) {
                    accounts.merge("team/science", outlay.nanoDollars(), Long::sum);
                }
            }
            calls += call.outlays().isEmpty() ? 0 : 1;
            assertThat(Objects.requireNonNull(seen.get(who.call())).key().id())
                    .isEqualTo(who.key());
        }
        var whole = Objects.requireNonNull(spend(store).get(""));
        assertThat(whole.nanoDollars()).isEqualTo(money);
        assertThat(whole.calls()).isEqualTo(calls);
        assertThat(whole.estimated()).isEqualTo(estimated);
        assertThat(sums(spend(store, SpendQuery.Dimension.KEY))).isEqualTo(byKey);
        assertThat(sums(spend(store, SpendQuery.Dimension.TEAM))).isEqualTo(byTeam);
        var booked = new HashMap<String, Long>();
        store.accounts(
                Instant.EPOCH,
                account ->
                        booked.merge(
                                account.account().replaceAll("/usd.*", ""),
                                account.amount(),
                                Long::sum));
        assertThat(booked).isEqualTo(accounts);
        assertThat(booked.get("key/" + Key.POOR.id())).isBetween(1L, 120_000_000L);
    }

    private static Map<String, Long> sums(Map<String, Spent> spent) {
        return spent.entrySet().stream()
                .collect(
                        Collectors.toMap(Map.Entry::getKey, each -> each.getValue().nanoDollars()));
    }

    private static Map<String, Spent> spend(Store store, SpendQuery.Dimension... by) {
        var query =
                new SpendQuery(LocalDate.EPOCH, LocalDate.of(9999, 1, 1), List.of(by), Map.of());
        return store.spend(query).stream()
                .collect(
                        Collectors.toMap(
                                row -> String.join("/", row.values()), row -> row.spent()));
    }

    private static Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("WORKSPACE_TOKEN", TOKEN);
        for (var key : Key.values()) {
            environment.put(key.name(), key.text());
        }
        return environment;
    }

    private Path policy(String workspace) throws IOException {
        var price =
                "{input_per_million: %s, output_per_million: %s}"
                        .formatted(INPUT_PRICE / 1e3, OUTPUT_PRICE / 1e3);
        var text =
                new StringBuilder(
                        """
                        server: {listen: "127.0.0.1:0", event_loops: 2}
                        ledger: {path: "%s"}
                        store: {path: "%s"}
                        providers:
                          targets:
                            - {id: workspace, provider: databricks, base_url: "%s/serving-endpoints",
                               secret_key_ref: {env: WORKSPACE_TOKEN}, models: ["%s", "%s"],
                               pricing: {"%s": %s, "%s": %s}, retry_config: {attempts: 0}}
                        governance:
                          teams:
                            - {id: science, budget: {limit_usd: 500, every: week}}
                            - {id: arts}
                          virtual_keys:
                        """
                                .formatted(
                                        directory.resolve("ledger.jsonl"),
                                        directory.resolve("data"),
                                        workspace,
                                        MODEL,
                                        FAILING,
                                        MODEL,
                                        price,
                                        FAILING,
                                        price));
        for (var key : Key.values()) {
            text.append(
                    "    - {id: %s, key: {env: %s}, models: [\"*\"]%s%s}\n"
                            .formatted(
                                    key.id(),
                                    key.name(),
                                    key.team.isEmpty() ? "" : ", team: " + key.team,
                                    key.more));
        }
        return Files.writeString(directory.resolve("policy.yaml"), text);
    }
}
