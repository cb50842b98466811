package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every fault of a first target, in every phase, under every strategy, over real sockets: what the caller saw and what
/// the ledger says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
class FaultTableTest {
    private static final String FIRST = "workspace/databricks-gpt-5-2";
    private static final String SECOND = "partner/gpt-5-2";
    private final AtomicLong age = new AtomicLong();
    private TestGateway gateway;

    @BeforeAll
    void start() {
        gateway =
                TestGateway.planned()
                        .ageingBy(age::get)
                        .workspace(
                                "first_byte_timeout_seconds: 1, idle_timeout_seconds: 1,"
                                        + " retry_config: {attempts: 1, delay_ms: 1}")
                        .section(
                                """
                                virtual_models:
                                  - name: by-weight
                                    routing_config:
                                      type: weight-based-routing
                                      load_balance_targets:
                                        - {target: "%1$s", weight: 1}
                                        - {target: "%2$s", weight: 0}
                                  - name: by-priority
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: "%2$s", priority: 1}
                                        - {target: "%1$s", priority: 0}
                                  - name: by-latency
                                    routing_config:
                                      type: latency-based-routing
                                      load_balance_targets:
                                        - {target: "%1$s", weight: 1}
                                        - {target: "%2$s", weight: 0}\
                                """
                                        .formatted(FIRST, SECOND))
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    /// @param attempts how often the call is sent in all
    /// @param failure of each attempt before the last
    record Fault(String behaviour, int attempts, String failure) {}

    /// Before the caller has seen a byte: each ends at the second target.
    private static final List<Fault> BEFORE =
            List.of(
                    new Fault("fault", 3, "faulted"),
                    new Fault("unavailable", 3, "faulted"),
                    new Fault("overloaded", 3, "faulted"),
                    new Fault("cancelled", 3, "faulted"),
                    new Fault("timeout", 2, "faulted"),
                    new Fault("rate-limited-bare", 3, "rate_limited"),
                    new Fault("rate-limited", 2, "rate_limited"),
                    new Fault("unauthorized", 2, "credential_refused"),
                    new Fault("forbidden", 2, "rejected"),
                    new Fault("silent", 2, "timed_out"),
                    new Fault("cut-before", 3, "broken_answer"),
                    new Fault("cut-in-head", 3, "broken_answer"),
                    new Fault("cut-after-head", 3, "broken_answer"),
                    new Fault("garbage", 3, "broken_answer"),
                    new Fault("html", 3, "broken_answer"),
                    new Fault("error-html", 3, "faulted"),
                    new Fault("error-login", 3, "broken_answer"));

    private static final List<Fault> PLAIN =
            List.of(
                    new Fault("cut-in-event", 3, "broken_answer"),
                    new Fault("stalled", 2, "timed_out"));

    private static final List<Fault> STREAMED =
            List.of(
                    new Fault("error-first", 3, "faulted"),
                    new Fault("not-json", 3, "broken_answer"),
                    new Fault("silent-stream", 2, "timed_out"));

    List<Arguments> faultsBeforeTheAnswer() {
        var rows = new ArrayList<Arguments>();
        for (var strategy : List.of("by-weight", "by-priority", "by-latency")) {
            for (var fault : BEFORE) {
                rows.add(Arguments.of(strategy, fault, false));
                rows.add(Arguments.of(strategy, fault, true));
            }
            PLAIN.forEach(fault -> rows.add(Arguments.of(strategy, fault, false)));
            STREAMED.forEach(fault -> rows.add(Arguments.of(strategy, fault, true)));
        }
        return rows;
    }

    @ParameterizedTest(name = "{0} {1} stream={2}")
    @MethodSource("faultsBeforeTheAnswer")
    void theCallerNeverNotices(String model, Fault fault, boolean stream) {
        forgive();
        gateway.workspace().always(fault.behaviour());

        var answer = gateway.ask(chat(model, stream));

        assertThat(answer.status()).as(answer.whole()).isEqualTo(200);
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(SECOND);
        assertThat(answer.header("x-sluice-attempts"))
                .isEqualTo(Integer.toString(fault.attempts()));
        if (stream) {
            assertThat(answer.data()).endsWith("[DONE]");
        }
        var lines = gateway.ledgerLinesOf(answer.id(), fault.attempts());
        for (int i = 0; i < fault.attempts() - 1; i++) {
            var attempt = lines.get(i);
            assertThat(attempt.path("line").asString("")).isEqualTo("attempt");
            assertThat(attempt.path("attempt").asInt()).isEqualTo(i + 1);
            assertThat(attempt.path("resolved").asString("")).isEqualTo(FIRST);
            assertThat(attempt.path("failure").asString("")).isEqualTo(fault.failure());
            assertThat(attempt.path("next").asString(""))
                    .isEqualTo(i == fault.attempts() - 2 ? "fallback" : "retry");
            assertThat(attempt.path("why").asString("")).isNotEmpty();
        }
        var last = lines.getLast();
        assertThat(last.path("asked").asString("")).isEqualTo(model);
        assertThat(last.path("resolved").asString("")).isEqualTo(SECOND);
        assertThat(last.path("status").asInt()).isEqualTo(200);
        assertThat(last.path("attempt").asInt()).isEqualTo(fault.attempts());
        assertThat(last.path("failure").isNull()).isTrue();
        assertThat(last.path("routing").get(0).path("considered")).hasSize(2);
    }

    /// After the first byte nothing is sent again: the caller is told, and the next call goes elsewhere.
    @ParameterizedTest
    @MethodSource("strategies")
    void whatBreaksOnTheWayIsToldAndRemembered(String model) {
        forgive();
        gateway.workspace().always("error-mid");

        for (int i = 0; i < 2; i++) {
            var answer = gateway.ask(chat(model, true));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.data()).doesNotContain("[DONE]");
            assertThat(Answer.JSON.readTree(answer.data().getLast()).has("error")).isTrue();
            assertThat(answer.header("x-sluice-attempts")).isEqualTo("1");
            assertThat(gateway.ledgerOf(answer.id()).path("failure").asString("")).isNotEmpty();
        }

        var next = gateway.ask(chat(model, true));
        assertThat(next.header("x-sluice-resolved-model")).isEqualTo(SECOND);
        assertThat(next.header("x-sluice-attempts")).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void whatTheCallerDidWrongGoesNowhereElse(String model) {
        forgive();
        gateway.workspace().always("error;status=422");
        gateway.partner().recording().forget();

        var answer = gateway.ask(chat(model, false));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("x-sluice-attempts")).isEqualTo("1");
        assertThat(gateway.partner().recording().seen()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void whenAllFailTheLastErrorIsTold(String model) {
        forgive();
        gateway.workspace().always("fault");
        gateway.partner().always("unavailable");
        try {
            var answer = gateway.ask(chat(model, false));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.message()).contains("'partner'", "503");
            assertThat(answer.error().path("code").asString("")).isEqualTo("overloaded");
            var lines = gateway.ledgerLinesOf(answer.id(), 3);
            assertThat(lines.getLast().path("failed_target").asString("")).isEqualTo("partner");
        } finally {
            gateway.partner().always("normal");
        }
    }

    static List<String> strategies() {
        return List.of("by-weight", "by-priority", "by-latency");
    }

    /// Thirty minutes by the clock of the targets' health: two targets fail by turns, for a minute or more at a time
    /// and each time in another way, and one of them is always well.
    @Test
    void halfAnHourOfOutagesIsNotNoticed() {
        forgive();
        var chance = new Random(20_261_127);
        var ways = List.of("fault", "unavailable", "rate-limited-bare", "cut-before", "html");
        boolean firstIsWell = true;
        for (int second = 0; second < 1_800; second += 3) {
            if (second % 60 == 0) {
                firstIsWell = chance.nextBoolean();
                var way = ways.get(chance.nextInt(ways.size()));
                gateway.workspace().always(firstIsWell ? "normal" : way);
                gateway.partner().always(firstIsWell ? way : "normal");
            }
            var answer = gateway.ask(chat(strategies().get(second % 9 / 3), second % 2 == 0));

            assertThat(answer.status()).as("after " + second + " s").isEqualTo(200);
            assertThat(answer.header("x-sluice-resolved-model"))
                    .isEqualTo(firstIsWell ? FIRST : SECOND);
            age.addAndGet(Duration.ofSeconds(3).toNanos());
        }
        gateway.partner().always("normal");
    }

    /// Long enough for every failure to be forgotten.
    private void forgive() {
        age.addAndGet(Duration.ofMinutes(30).toNanos());
        gateway.workspace().always("normal");
        gateway.partner().always("normal");
    }
}
