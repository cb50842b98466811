package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.call.Dialect;
import sluice.server.Operation;
import sluice.simulator.Behaviour;

/// Who may spend what, over real sockets.
class SpendingTest {
    private static final String KEY = "sk-slc-a-key-with-limits-of-its-own";
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";
    private static final String PRICED =
            "pricing: {" + LLAMA + ": {input_per_million: 1000, output_per_million: 2000}}";

    private static String chat(String model, String more) {
        return TestGateway.post(
                        "/v1/chat/completions",
                        """
                        {"model": "%s", "messages": [{"role": "user", "content": "hello"}]%s}\
                        """
                                .formatted(model, more))
                .replace(TestGateway.KEY, KEY);
    }

    private static String chat() {
        return chat(LLAMA, ", \"max_tokens\": 10");
    }

    private static TestGateway.Plan limited(String settings) {
        return TestGateway.planned().key("limited", KEY, settings);
    }

    @Test
    void aLimitOfRequestsRefusesTheNextAndSaysWhenToReturn() {
        try (var gateway =
                limited("rate_limits: [{limit: 2, unit: requests, per: minute}]")
                        .withClock(new HandClock())
                        .start()) {
            var first = gateway.ask(chat());
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
            assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
            assertThat(first.header("x-ratelimit-reset-requests")).isEqualTo("1m1s");
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);

            var third = gateway.ask(chat());

            assertThat(third.status()).isEqualTo(429);
            assertThat(third.header("retry-after")).isEqualTo("61");
            assertThat(third.header("x-should-retry")).isEmpty();
            assertThat(third.header("x-ratelimit-remaining-requests")).isEqualTo("0");
            assertThat(third.error().path("code").asString()).isEqualTo("rate_limit_exceeded");
            assertThat(third.message())
                    .isEqualTo(
                            "Over the limit 'requests-per-minute' of the key 'limited': 2 requests per"
                                    + " minute. Please try again in 61s.");
        }
    }

    @Test
    void whatWasUsedComesBackWithTime() {
        var clock = new HandClock();
        try (var gateway =
                limited("rate_limits: [{limit: 1, unit: requests, per: minute}]")
                        .withClock(clock)
                        .start()) {
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);
            assertThat(gateway.ask(chat()).status()).isEqualTo(429);
            clock.advance(java.time.Duration.ofSeconds(61));
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);
        }
    }

    @Test
    void theOtherFamilyReadsOtherHeaders() {
        try (var gateway =
                limited("rate_limits: [{limit: 1, unit: requests, per: hour}]").start()) {
            var body =
                    """
                    {"model": "%s", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}\
                    """
                            .formatted(LLAMA);
            var request = TestGateway.post("/v1/messages", body).replace(TestGateway.KEY, KEY);
            var first = gateway.ask(request);
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("anthropic-ratelimit-requests-remaining")).isEqualTo("0");
            assertThat(first.header("anthropic-ratelimit-requests-reset")).endsWith("Z");

            var second = gateway.ask(request);

            assertThat(second.status()).isEqualTo(429);
            assertThat(second.header("anthropic-ratelimit-unified-status")).isEqualTo("rejected");
            assertThat(second.header("retry-after")).isNotEmpty();
            assertThat(second.error().path("type").asString()).isEqualTo("rate_limit_error");
        }
    }

    @Test
    void tokensAreHeldAtWorstAndGivenBack() {
        try (var gateway =
                limited("rate_limits: [{limit: 1000, unit: tokens, per: day}]")
                        .withClock(new HandClock())
                        .start()) {
            var answer = gateway.ask(chat());
            long used = answer.json().path("usage").path("total_tokens").asLong();
            assertThat(used).isPositive();

            var next = gateway.ask(chat(LLAMA, ", \"max_tokens\": 900"));
            assertThat(next.status()).isEqualTo(200);
            long alsoUsed = next.json().path("usage").path("total_tokens").asLong();

            var tooMuch = gateway.ask(chat(LLAMA, ", \"max_tokens\": 990"));
            assertThat(tooMuch.status()).isEqualTo(429);
            assertThat(tooMuch.header("x-should-retry")).isEqualTo("false");
            assertThat(tooMuch.header("x-ratelimit-remaining-tokens"))
                    .isEqualTo(Long.toString(1000 - used - alsoUsed));
        }
    }

    @Test
    void concurrentCallsAreCountedWhileTheyRun() throws InterruptedException {
        try (var gateway = limited("rate_limits: [{limit: 1, unit: concurrent}]").start()) {
            gateway.workspace().next(Behaviour.STALLED.with());
            try (var running = gateway.connect()) {
                running.send(chat(LLAMA, ", \"stream\": true"));
                gateway.workspace().recording().awaitOpenRequests(1, Patience.LONG);

                var refused = gateway.ask(chat());

                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("retry-after")).isEqualTo("1");
            }
            Patience.until(
                    () -> "the place of the call that left",
                    () -> gateway.ask(chat()).status() == 200);
        }
    }

    @Test
    void anExhaustedBudgetIsRefusedBeforeTheModelIsAsked() {
        try (var gateway =
                limited("budget: {limit_usd: 0.05, every: day, time_zone: Europe/Berlin}")
                        .workspace(PRICED)
                        .withClock(new HandClock())
                        .start()) {
            var refused = gateway.ask(chat(LLAMA, ", \"max_tokens\": 100"));

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("x-should-retry")).isEqualTo("false");
            assertThat(refused.header("retry-after")).isEmpty();
            assertThat(refused.error().path("type").asString()).isEqualTo("insufficient_quota");
            assertThat(refused.message())
                    .contains(
                            "'usd-per-day' of the key 'limited'",
                            "0.05 USD of 0.05 USD",
                            "never fits");
            assertThat(
                            gateway.workspace()
                                    .recording()
                                    .requests("/serving-endpoints/chat/completions"))
                    .isEmpty();

            var first = gateway.ask(chat(LLAMA, ", \"max_tokens\": 4"));
            assertThat(first.status()).isEqualTo(200);
            Answer last = first;
            for (int i = 0; i < 20 && last.status() == 200; i++) {
                last = gateway.ask(chat(LLAMA, ", \"max_tokens\": 4"));
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.message()).contains("It fits again at 2026-07-01T22:00:00Z");
        }
    }

    @Test
    void aModelWithoutAPriceIsRefusedWhereDollarsCount() {
        try (var gateway = limited("budget: {limit_usd: 5, every: month}").start()) {
            var refused = gateway.ask(chat("workspace/a-model-of-unknown-price", ""));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.error().path("code").asString()).isEqualTo("model_not_priced");
        }
    }

    @Test
    void aShadowBudgetOnlyTells() {
        try (var gateway =
                limited("budget: {limit_tokens: 0, every: week, mode: shadow}").start()) {
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);
        }
    }

    @Test
    void aTeamsBudgetIsSharedByItsKeys() {
        try (var gateway =
                TestGateway.planned()
                        .key("one", KEY, "team: science")
                        .key("two", "sk-slc-another-key-of-the-same-team", "team: science")
                        .governance(
                                """
                                teams: [{id: science, rate_limits: [{limit: 1, unit: requests, per: day}]}]\
                                """)
                        .start()) {
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);

            var refused = gateway.ask(chat().replace(KEY, "sk-slc-another-key-of-the-same-team"));

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.message()).contains("of the team 'science'");
        }
    }

    @Test
    void rolesCapAndBlock() {
        try (var gateway =
                TestGateway.planned()
                        .key("analyst", KEY, "role: analyst")
                        .key("reader", "sk-slc-a-key-that-may-read-only", "role: read-only")
                        .section(
                                """
                                policies: {chain: [rbac]}
                                policy:
                                  rbac:
                                    roles:
                                      analyst: {allowed_models: [%s], max_tokens_per_request: 20}
                                      read-only: {allowed_models: [], action: block}\
                                """
                                        .formatted(LLAMA))
                        .start()) {
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);

            var tooMany = gateway.ask(chat(LLAMA, ", \"max_tokens\": 21"));
            assertThat(tooMany.status()).isEqualTo(403);
            assertThat(tooMany.message()).contains("the role 'analyst' allows at most 20");

            gateway.workspace().recording().forget();
            assertThat(gateway.ask(chat(LLAMA, "")).status()).isEqualTo(200);
            var sent = gateway.workspace().recording().seen().getLast().request();
            assertThat(sent.text()).contains("\"max_tokens\":20");

            var otherModel = gateway.ask(chat("databricks-claude-sonnet-4-5", ""));
            assertThat(otherModel.status()).isEqualTo(403);
            assertThat(otherModel.message()).contains("by the role 'analyst'");

            var reader = gateway.ask(chat().replace(KEY, "sk-slc-a-key-that-may-read-only"));
            assertThat(reader.status()).isEqualTo(403);
        }
    }

    @Test
    void kindsOfRequestsAndHoursAreKept() {
        try (var gateway =
                limited("request_types: [embeddings]")
                        .key(
                                "office",
                                "sk-slc-a-key-for-office-hours",
                                "allowed_hours: {days: [mon, tue, thu], from: \"08:00\", until:"
                                        + " \"18:00\", time_zone: UTC}")
                        .withClock(new HandClock()) // a Wednesday
                        .start()) {
            var chat = gateway.ask(chat());
            assertThat(chat.status()).isEqualTo(403);
            assertThat(chat.error().path("code").asString()).isEqualTo("request_type_not_allowed");

            var closed = gateway.ask(chat().replace(KEY, "sk-slc-a-key-for-office-hours"));
            assertThat(closed.status()).isEqualTo(403);
            assertThat(closed.error().path("code").asString()).isEqualTo("outside_allowed_hours");
        }
    }

    @Test
    void anExpiredOrDisabledKeyIsAsUnknownAsAnyOther() {
        try (var gateway =
                limited("expires_at: 2026-07-01T12:00:00Z")
                        .key("off", "sk-slc-a-key-that-is-switched-off", "disabled: true")
                        .withClock(new HandClock())
                        .start()) {
            var unknown = gateway.ask(chat().replace(KEY, "sk-slc-nobody-has-this-key"));
            var expired = gateway.ask(chat());
            var off = gateway.ask(chat().replace(KEY, "sk-slc-a-key-that-is-switched-off"));

            assertThat(unknown.status()).isEqualTo(401);
            assertThat(expired.status()).isEqualTo(401);
            assertThat(expired.message()).isEqualTo(unknown.message());
            assertThat(off.message()).isEqualTo(unknown.message());
        }
    }

    /// Whatever the dialect and whatever the door: nothing goes out that nobody pays for.
    @Test
    void everyDoorOfEveryDialectIsHeld() {
        try (var gateway =
                TestGateway.planned()
                        .key("spent", KEY, "budget: {limit_tokens: 0, every: day}")
                        .key(
                                "tired",
                                "sk-slc-a-key-whose-requests-are-used-up",
                                "rate_limits: [{limit: 0, unit: requests, per: minute}]")
                        .start()) {
            gateway.workspace().recording().forget();
            var doors = doors();
            assertThat(doors).hasSizeGreaterThan(30);
            for (var door : doors) {
                var post = TestGateway.post(door.path(), door.body());
                var spent = gateway.ask(post.replace(TestGateway.KEY, KEY));
                boolean free = door.dialect() == Dialect.COUNT_TOKENS;
                assertThat(spent.status())
                        .as(door.path() + "\n" + spent.text())
                        .isEqualTo(free ? 200 : 429);
                var tired =
                        gateway.ask(
                                post.replace(
                                        TestGateway.KEY,
                                        "sk-slc-a-key-whose-requests-are-used-up"));
                assertThat(tired.status()).as(door.path()).isEqualTo(429);
            }
            assertThat(gateway.workspace().recording().seen())
                    .noneMatch(seen ->
                            !seen.request().path().contains("count_tokens")
                                    && seen.request().method().equals("POST"));
        }
    }

    /// What an operator sets for a target goes out in place of what the caller said, so that is what is held.
    @Test
    void whatIsSetForATargetIsHeld() {
        try (var gateway =
                limited("budget: {limit_tokens: 1000, every: day}")
                        .section(
                                """
                                virtual_models:
                                  - name: longer
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: workspace/%1$s, priority: 0}
                                        - {target: workspace/databricks-claude-sonnet-4-5, priority: 1, override_params: {max_tokens: 5000}}
                                  - name: more
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: workspace/%1$s, priority: 0, override_params: {n: 200}}\
                                """
                                        .formatted(LLAMA))
                        .start()) {
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);
            for (var model : List.of("longer", "more")) {
                var refused = gateway.ask(chat(model, ", \"max_tokens\": 10"));
                assertThat(refused.status()).as(refused.text()).isEqualTo(429);
            }
        }
    }

    /// What is invoked may be of any dialect, and each has its own word for how long an answer may get.
    @Test
    void whateverAnInvocationAsksForIsHeld() {
        try (var gateway =
                limited("budget: {limit_tokens: 1000, every: day}, max_tokens_per_request: 900")
                        .start()) {
            var path = "/databricks/workspace/serving-endpoints/" + LLAMA + "/invocations";
            for (var more :
                    List.of(
                            "\"max_completion_tokens\": 901",
                            "\"max_output_tokens\": 901",
                            "\"max_tokens\": 901")) {
                var body = "{\"messages\": [], \"max_tokens\": 1, " + more + "}";
                var twice = more.startsWith("\"max_tokens");
                var refused =
                        gateway.ask(TestGateway.post(path, body).replace(TestGateway.KEY, KEY));
                assertThat(refused.status()).as(refused.text()).isEqualTo(twice ? 400 : 403);
            }
            for (var more :
                    List.of(
                            "\"messages\": [], \"n\": 2",
                            "\"prompt\": \"a\", \"best_of\": 2",
                            "\"prompt\": [\"a\", \"b\"]")) {
                var body = "{\"max_tokens\": 600, " + more + "}";
                var refused =
                        gateway.ask(TestGateway.post(path, body).replace(TestGateway.KEY, KEY));
                assertThat(refused.status()).as(refused.text()).isEqualTo(429);
            }
        }
    }

    /// A model that stands in is asked for no more than it may be asked for by its own name.
    @Test
    void aFallbackKeepsItsOwnCap() {
        try (var gateway =
                TestGateway.planned()
                        .key("both", KEY, "roles: [long, short]")
                        .section(
                                """
                                policies: {chain: [rbac]}
                                policy:
                                  rbac:
                                    roles:
                                      long: {allowed_models: [databricks-claude-sonnet-4-5]}
                                      short: {allowed_models: [%s], max_tokens_per_request: 20}\
                                """
                                        .formatted(LLAMA))
                        .start()) {
            var fallback = ", \"fallbacks\": [\"" + LLAMA + "\"], \"max_tokens\": %d";
            for (int most : List.of(20, 21)) {
                gateway.workspace().next(Behaviour.UNAVAILABLE.with());
                var answer =
                        gateway.ask(chat("databricks-claude-sonnet-4-5", fallback.formatted(most)));
                assertThat(answer.status()).as(answer.text()).isEqualTo(most == 20 ? 200 : 503);
            }
        }
    }

    private record Door(String path, Dialect dialect, String body) {}

    private static List<Door> doors() {
        var doors = new ArrayList<Door>();
        Operation.POSTED.forEach((path, operation) -> {
            if (operation instanceof Operation.Call(var dialect, var _)) {
                var prefixes = new ArrayList<>(Operation.PREFIXES);
                prefixes.add("");
                for (var prefix : prefixes) {
                    doors.add(new Door(prefix + path, dialect, body(dialect)));
                    doors.add(new Door(prefix + "/v1" + path, dialect, body(dialect)));
                }
            }
        });
        doors.add(
                new Door(
                        "/databricks/workspace/serving-endpoints/" + LLAMA + "/invocations",
                        Dialect.INVOCATIONS,
                        body(Dialect.INVOCATIONS)));
        return doors;
    }

    private static String body(Dialect dialect) {
        var messages = "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";
        return switch (dialect) {
            case CHAT -> "{\"model\": \"" + LLAMA + "\", " + messages + "}";
            case MESSAGES, COUNT_TOKENS ->
                    "{\"model\": \"" + LLAMA + "\", \"max_tokens\": 5, " + messages + "}";
            case COMPLETIONS -> "{\"model\": \"" + LLAMA + "\", \"prompt\": \"hi\"}";
            case RESPONSES -> "{\"model\": \"" + LLAMA + "\", \"input\": \"hi\"}";
            case EMBEDDINGS -> "{\"model\": \"databricks-gte-large-en\", \"input\": \"hi\"}";
            case INVOCATIONS -> "{" + messages + "}";
        };
    }

    @Test
    void ofManyCallsAtOnceExactlyTheAffordableOnesPass() throws InterruptedException {
        try (var gateway =
                limited("rate_limits: [{limit: 100, unit: requests, per: day}]").start()) {
            var statuses = new ConcurrentLinkedQueue<Integer>();
            var begin = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 400; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        begin.await();
                                        statuses.add(gateway.ask(chat()).status());
                                    } catch (InterruptedException stop) {
                                        Thread.currentThread().interrupt();
                                    }
                                }));
            }
            begin.countDown();
            for (var thread : threads) {
                thread.join();
            }

            assertThat(statuses).hasSize(400);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(100);
            assertThat(statuses.stream().filter(status -> status == 429)).hasSize(300);
        }
    }

    /// A caller that leaves pays for what was produced.
    @Test
    void aStreamThatIsCutIsBooked() {
        try (var gateway =
                limited("budget: {limit_tokens: 100000, every: day}")
                        .withClock(new HandClock())
                        .start()) {
            gateway.workspace().next(Behaviour.CUT.with("usage=none"));
            var cut = gateway.ask(chat(LLAMA, ", \"stream\": true"));
            assertThat(cut.status()).isEqualTo(200);
            var line = gateway.ledgerOf(cut.id());
            assertThat(line.path("tokens").path("estimated").asBoolean()).isTrue();

            assertThat(gateway.budgets())
                    .containsEntry(
                            "key/limited/tokens-per-day/UTC",
                            line.path("tokens").path("input").asLong()
                                    + line.path("tokens").path("output").asLong());
        }
    }

    /// Whoever has an answer has room for the next, and finds what it cost.
    @ParameterizedTest
    @EnumSource(Carried.class)
    void anAnswerIsBookedBeforeItsCallerSeesItsEnd(Carried carried) {
        try (var gateway =
                        limited(
                                        "rate_limits: [{limit: 1, unit: concurrent}], budget:"
                                                + " {limit_tokens: 1000000, every: month}")
                                .on(carried)
                                .start();
                var caller = gateway.connect()) {
            long before = 0;
            for (int i = 0; i < 300; i++) {
                var more = i % 2 == 0 ? "" : ", \"stream\": true";
                var answer = caller.send(chat(LLAMA, more)).answer();
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                long spent = gateway.budgets().values().stream().mapToLong(each -> each).sum();
                assertThat(spent).isGreaterThan(before);
                before = spent;
            }
        }
    }

    @Test
    void aNameOfAnyLengthIsHeldAndGivenBack() {
        try (var gateway = limited("rate_limits: [{limit: 1, unit: concurrent}]").start()) {
            for (int i = 0; i < 3; i++) {
                var answer = gateway.ask(chat("workspace/" + "m".repeat(70_000), ""));
                assertThat(answer.status()).as(answer.text()).isNotIn(429, 500);
            }
            assertThat(gateway.ask(chat()).status()).isEqualTo(200);
        }
    }

    /// 73 prompts with 218,766,583 answers of 577,545,073 tokens each are as many as a long can count.
    @Test
    void moreTokensThanCanBeCountedAreRefused() {
        try (var gateway =
                limited("rate_limits: [{limit: 1000, unit: tokens, per: day}]").start()) {
            var prompts = String.join(", ", Collections.nCopies(73, "\"hello\""));
            var refused =
                    gateway.ask(
                            TestGateway.post(
                                            "/v1/completions",
                                            """
                                            {"model": "%s", "prompt": [%s], "n": 218766583, "max_tokens": 577545073}\
                                            """
                                                    .formatted(LLAMA, prompts))
                                    .replace(TestGateway.KEY, KEY));
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.message()).contains("more tokens than can be counted");
        }
    }
}
