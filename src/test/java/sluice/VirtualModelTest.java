package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;
import static sluice.TestGateway.get;
import static sluice.TestGateway.post;

import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A virtual model as its callers and operators see it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
class VirtualModelTest {
    private static final String GPT = "workspace/databricks-gpt-5-2";
    private static final String CLAUDE = "workspace/databricks-claude-sonnet-4-5";
    private static final String PARTNER = "partner/gpt-5-2";
    private static final String OPERATOR = "the-operators-own-key";

    private final AtomicLong age = new AtomicLong();
    private TestGateway gateway;

    @BeforeAll
    void start() {
        gateway =
                TestGateway.planned()
                        .ageingBy(age::get)
                        .retrying()
                        .variable("OPERATOR", OPERATOR)
                        .variable("KEY_A", "first-of-the-pool-and-nobodys")
                        .variable("KEY_B", TestGateway.PARTNER_TOKEN)
                        .variable("VIRTUAL_KEY", "a-key-for-one-virtual-model")
                        .target(
                                """
                                id: pooled, provider: custom, base_format: openai, base_url: "PARTNER", \
                                models: [gpt-5-2], credentials: [{id: first, secret_key_ref: {env: KEY_A}, \
                                weight: 1000000}, {id: second, secret_key_ref: {env: KEY_B}}]\
                                """)
                        .governance(
                                """
                                  - {id: only-virtual, key: {env: VIRTUAL_KEY}, models: [assistant]}\
                                """)
                        .section(
                                """
                                compatibility: [tfy]
                                admin: {key: {env: OPERATOR}}
                                virtual_models:
                                  - name: assistant
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: "%1$s", priority: 0, retry_config: {delay_ms: 1}}
                                        - {target: "%2$s", priority: 1}
                                  - name: thinker
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: "%3$s", priority: 0, retry_config: {attempts: 0}}
                                        - {target: "%2$s", priority: 1}
                                  - name: sessions
                                    routing_config:
                                      type: weight-based-routing
                                      sticky_routing:
                                        ttl_seconds: 600
                                        session_identifiers: [{source: headers, key: X-Session},
                                                              {source: metadata, key: user}]
                                      load_balance_targets:
                                        - {target: "%1$s", weight: 50}
                                        - {target: "%2$s", weight: 50}
                                  - name: changed
                                    routing_config:
                                      type: weight-based-routing
                                      load_balance_targets:
                                        - target: "%2$s"
                                          weight: 1
                                          override_params: {temperature: 0.25, metadata: {team: [a, 1, true, null]}}
                                          headers_override: {remove: [Traceparent], set: {X-Route: "by sluice"}}
                                  - name: cold
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: workspace/staging-assistant, priority: 0}
                                        - {target: "%2$s", priority: 1}
                                  - name: shared
                                    routing_config:
                                      type: weight-based-routing
                                      fallback_on: {content_policy: true}
                                      load_balance_targets:
                                        - {target: "%1$s", weight: 1, retry_config: {attempts: 0}}
                                        - {target: "%2$s", weight: 1}
                                  - name: tiers
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: "%1$s", priority: 0, metadata_match: {tier: gold}}
                                        - {target: "%2$s", priority: 1, metadata_match: {tier: iron}}\
                                """
                                        .formatted(GPT, PARTNER, CLAUDE))
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forgive() {
        age.addAndGet(Duration.ofHours(1).toNanos());
        gateway.workspace().always("normal");
        gateway.partner().always("normal");
        gateway.workspace().recording().forget();
        gateway.partner().recording().forget();
    }

    @Test
    void itIsListedAndGrantedByItsName() {
        var names = gateway.ask(get("/v1/models")).json().path("data");
        assertThat(names.findValuesAsString("id")).contains("assistant", "thinker", GPT);

        var one = gateway.ask(get("/v1/models/assistant"));
        assertThat(one.json().path("id").asString("")).isEqualTo("assistant");

        var key = "authorization: Bearer a-key-for-one-virtual-model";
        var allowed = gateway.ask(chat("assistant", false).replaceFirst("authorization: .*", key));
        assertThat(allowed.status()).isEqualTo(200);
        for (var other : new String[] {"thinker", GPT, PARTNER}) {
            var refused = gateway.ask(chat(other, false).replaceFirst("authorization: .*", key));
            assertThat(refused.status()).as(other).isEqualTo(403);
        }
        var misspelt = gateway.ask(chat("asistant", false));
        assertThat(misspelt.status()).isEqualTo(404);
        assertThat(misspelt.message()).contains("assistant");
    }

    @Test
    void everyTargetIsAskedInItsOwnDialect() {
        var body =
                """
                {"model": "thinker", "max_tokens": 50, "messages": [{"role": "user", "content": "hi"}]}\
                """;
        var answer = gateway.ask(post("/v1/messages", body));
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(CLAUDE);
        assertThat(answer.json().path("type").asString("")).isEqualTo("message");

        gateway.workspace().always("fault");
        var other = gateway.ask(post("/v1/messages", body));
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.header("x-sluice-resolved-model")).isEqualTo(PARTNER);
        assertThat(other.json().path("type").asString("")).isEqualTo("message");
        assertThat(gateway.partner().recording().requests("/v1/chat/completions")).hasSize(1);
    }

    @Test
    void theCallerMayGiveItLessTime() {
        gateway.workspace().always("silent");
        gateway.partner().always("silent");

        var answer = gateway.ask(chat("assistant", false, "x-sluice-timeout-ms: 300"));

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.message()).contains("call limit of 300 ms");
        assertThat(answer.header("x-sluice-attempts")).isEqualTo("1");
        assertThat(gateway.ask(chat("assistant", false, "x-sluice-timeout-ms: soon")).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"x-sluice-ttft-timeout-ms", "x-tfy-ttft-timeout-ms"})
    void aStreamWithoutATokenIsGivenUp(String header) {
        gateway.workspace().always("slow-first-event;first=30000");

        var answer = gateway.ask(chat("assistant", true, header + ": 200"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(PARTNER);
        assertThat(answer.header("x-tfy-resolved-model")).isEqualTo(PARTNER);
        var attempt = gateway.ledgerLinesOf(answer.id(), 2).getFirst();
        assertThat(attempt.path("why").asString("")).isEqualTo("timed out: first token");
    }

    /// Signs of life are no tokens.
    @Test
    void aRoleIsNoToken() {
        gateway.workspace().always("stalled;after=1");
        var answer = gateway.ask(chat("assistant", true, "x-sluice-ttft-timeout-ms: 300"));
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(PARTNER);
        assertThat(answer.data()).endsWith("[DONE]");
    }

    @Test
    void aStreamWithATokenInTimeIsWhole() {
        var slow = gateway.ask(chat("assistant", true, "x-sluice-ttft-timeout-ms: 5000"));
        var usual = gateway.ask(chat("assistant", true));
        assertThat(slow.header("x-sluice-resolved-model")).isEqualTo(GPT);
        assertThat(slow.data()).hasSameSizeAs(usual.data()).endsWith("[DONE]");
    }

    @ParameterizedTest
    @CsvSource({
        "'x-sluice-retry-config: {\"attempts\": 0}', 2",
        "'x-tfy-retry-config: {\"attempts\": 1, \"delay\": 1}', 3",
        "'x-sluice-retry-config: {\"attempts\": 2, \"delay_ms\": 1, \"on_status_codes\": [503]}', 2",
    })
    void theCallerMayTryInItsOwnWay(String header, int attempts) {
        gateway.workspace().always("fault");
        var answer = gateway.ask(chat("assistant", false, header));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-sluice-attempts")).isEqualTo(Integer.toString(attempts));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-sluice-retry-config: {",
                "x-sluice-retry-config: {\"attempts\": 11}",
                "x-sluice-retry-config: {\"on_status_codes\": [200]}",
                "x-sluice-ttft-timeout-ms: 0",
            })
    void nonsenseIsRefusedByItsName(String header) {
        gateway.workspace().always("fault");
        var answer = gateway.ask(chat("assistant", false, header));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains(header.substring(0, header.indexOf(':')));
    }

    @Test
    void aSessionStaysWhereItIs() {
        var seen = new HashSet<String>();
        for (int session = 0; session < 12; session++) {
            var places = new HashSet<String>();
            for (int turn = 0; turn < 3; turn++) {
                places.add(
                        gateway.ask(chat("sessions", false, "x-session: s" + session))
                                .header("x-sluice-resolved-model"));
                places.add(
                        gateway.ask(chat("sessions", false, "X-SESSION: s" + session))
                                .header("x-sluice-resolved-model"));
            }
            assertThat(places).as("session " + session).hasSize(1);
            seen.addAll(places);
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void theOperatorChangesWhatIsSent() {
        var answer =
                gateway.ask(
                        chat(
                                "changed",
                                false,
                                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        assertThat(answer.status()).isEqualTo(200);
        var sent = gateway.partner().recording().requests("/v1/chat/completions").getFirst();
        var body = Answer.JSON.readTree(sent.text());
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.25);
        assertThat(body.path("metadata").toString()).isEqualTo("{\"team\":[\"a\",1,true,null]}");
        assertThat(body.path("model").asString("")).isEqualTo("gpt-5-2");
        assertThat(sent.header("x-route")).isEqualTo("by sluice");
        assertThat(sent.header("traceparent")).isEmpty();
        assertThat(sent.header("authorization")).isEqualTo("Bearer " + TestGateway.PARTNER_TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "x-sluice-metadata, gold, workspace/databricks-gpt-5-2",
        "x-tfy-metadata, iron, partner/gpt-5-2",
    })
    void metadataChoosesTheTargets(String header, String tier, String target) {
        var answer = gateway.ask(chat("tiers", false, header + ": {\"tier\": \"" + tier + "\"}"));
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(target);
    }

    @Test
    void withoutMatchingMetadataNobodyIsAsked() {
        for (var header : new String[] {"x-none: 1", "x-sluice-metadata: {\"tier\": 1}"}) {
            var answer = gateway.ask(chat("tiers", false, header));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.message()).contains("'tiers'", "metadata_match");
        }
        for (var broken : new String[] {"[1]", "{", "{\"tier\": {}}"}) {
            var answer = gateway.ask(chat("tiers", false, "x-sluice-metadata: " + broken));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.message()).contains("x-sluice-metadata");
        }
    }

    @Test
    void anotherCredentialIsTriedBeforeAnotherTarget() {
        var answer = gateway.ask(chat("pooled/gpt-5-2", false));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-sluice-attempts")).isEqualTo("2");
        var attempt = gateway.ledgerLinesOf(answer.id(), 2).getFirst();
        assertThat(attempt.path("next").asString("")).isEqualTo("other credential");
        assertThat(attempt.path("why").asString("")).contains("first");
        assertThat(attempt.path("failure").asString("")).isEqualTo("credential_refused");
        assertThat(gateway.ledgerText()).doesNotContain("nobodys");

        var next = gateway.ask(chat("pooled/gpt-5-2", false));
        assertThat(next.header("x-sluice-attempts")).as("the first one rests").isEqualTo("1");
    }

    @Test
    void aModelAskedByItsOwnNameIsTriedAgainToo() {
        gateway.partner().next("unavailable", "fault");
        var answer = gateway.ask(chat(PARTNER, false));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-sluice-attempts")).isEqualTo("3");
    }

    @Test
    void aFallbackOfTheCallersMayBeVirtual() {
        gateway.partner().always("fault");
        var body =
                """
                {"model": "%s", "fallbacks": ["assistant"], "messages": [{"role": "user", "content": "hi"}]}\
                """
                        .formatted(PARTNER);
        var answer = gateway.ask(post("/v1/chat/completions", body));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(GPT);
        var lines = gateway.ledgerLinesOf(answer.id(), 4);
        assertThat(lines.get(2).path("next").asString("")).isEqualTo("other model");
    }

    @Test
    void tokensAreCountedForTheFirstTarget() {
        var answer =
                gateway.ask(
                        post(
                                "/v1/messages/count_tokens",
                                """
                                {"model": "assistant", "messages": [{"role": "user", "content": "hi"}]}\
                                """));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("input_tokens").asInt()).isPositive();
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(GPT);
    }

    @Test
    void operatorsSeeWhereCallsGo() {
        gateway.workspace().always("fault");
        gateway.ask(chat("assistant", false));
        gateway.ask(chat("assistant", false));

        var operator = "authorization: Bearer " + OPERATOR;
        var page =
                gateway.ask(
                        get("/admin/v1/routing?model=assistant&key=everything")
                                .replaceFirst("authorization: .*", operator));

        assertThat(page.status()).as(page.whole()).isEqualTo(200);
        var model = page.json().path("models").get(0);
        assertThat(model.path("strategy").asString("")).isEqualTo("priority-based-routing");
        assertThat(model.path("allowed").asBoolean()).isTrue();
        var first = model.path("candidates").get(0);
        var second = model.path("candidates").get(1);
        assertThat(first.path("target").asString("")).isEqualTo(PARTNER);
        assertThat(first.path("health").asString("")).isEqualTo("fit");
        assertThat(first.path("samples").asInt()).isPositive();
        assertThat(second.path("target").asString("")).isEqualTo(GPT);
        assertThat(second.path("health").asString("")).isEqualTo("unhealthy");
        assertThat(second.path("why").asString("")).contains("2 recent failures of the model");

        var all = gateway.ask(get("/admin/v1/routing").replaceFirst("authorization: .*", operator));
        assertThat(all.json().path("models")).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {TestGateway.KEY, "", "the-operators-own-ke", "the-operators-own-key1"})
    void nobodyElseDoes(String key) {
        var refused =
                gateway.ask(
                        get("/admin/v1/routing")
                                .replaceFirst("authorization: .*", "authorization: Bearer " + key));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.error().path("code").asString("")).isEqualTo("invalid_admin_key");
        assertThat(gateway.ledgerOf(refused.id()).path("failure").asString(""))
                .isEqualTo("not_an_operator");
    }

    /// The workspace lists it as NOT_READY.
    @Test
    void anEndpointThatIsNotReadyIsNotAskedFirst() {
        var answer = gateway.ask(chat("cold", false));
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(PARTNER);
        assertThat(answer.header("x-sluice-attempts")).isEqualTo("1");
        var routing = gateway.ledgerOf(answer.id()).path("routing").get(0).path("considered");
        assertThat(routing.get(0).path("health").asString("")).isEqualTo("not_ready");
        assertThat(routing.get(1).path("chosen").asBoolean()).isTrue();
    }

    /// One call finds out that it is being started; the next ones do not wait for it.
    @Test
    void anEndpointThatIsBeingStartedGoesLast() {
        gateway.workspace().always("starting");
        var first =
                gateway.ask(chat("assistant", false, "x-sluice-retry-config: {\"attempts\": 0}"));
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("x-sluice-attempts")).isEqualTo("2");

        gateway.workspace().always("normal");
        var next = gateway.ask(chat("assistant", false));
        assertThat(next.header("x-sluice-resolved-model")).isEqualTo(PARTNER);
        var considered = gateway.ledgerOf(next.id()).path("routing").get(0).path("considered");
        assertThat(considered.get(0).path("health").asString("")).isEqualTo("not_ready");

        var alone = gateway.ask(chat(GPT, false));
        assertThat(alone.status()).as("asked by its own name it answers").isEqualTo(200);
        age.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(gateway.ask(chat("assistant", false)).header("x-sluice-resolved-model"))
                .as("and is ready again")
                .isEqualTo(GPT);
    }

    @Test
    void whatIsTooLongOrUnwantedHereMayBeTakenThere() {
        gateway.workspace().always("too-long");
        var answer = gateway.ask(chat("thinker", false));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(PARTNER);
        assertThat(gateway.ask(chat("assistant", false)).status())
                .as("a window of the same size does not help")
                .isEqualTo(400);
        gateway.workspace().always("unwanted");
        for (int i = 0; i < 8; i++) {
            assertThat(gateway.ask(chat("shared", false)).status()).isEqualTo(200);
        }
        gateway.workspace().always("unwanted");
        assertThat(gateway.ask(chat("assistant", false)).status())
                .as("where the operator did not say so")
                .isEqualTo(400);
    }

    /// A target that says that only a twentieth is left gets a fourth of its share.
    @Test
    void aQuotaIsHeeded() {
        gateway.workspace().always("normal;quota=5");
        int first = 0;
        for (int i = 0; i < 200; i++) {
            var answer = gateway.ask(chat("shared", i % 2 == 0));
            first += answer.header("x-sluice-resolved-model").equals(GPT) ? 1 : 0;
        }
        assertThat(first).isBetween(15, 75); // 40 of 200 are meant
    }

    @Test
    void aChangedFileChangesTheRoutes() {
        try (var own = TestGateway.planned().section(spread(PARTNER)).start()) {
            assertThat(own.ask(chat("spread", false)).header("x-sluice-resolved-model"))
                    .isEqualTo(PARTNER);
            own.reload(plan -> plan.section(spread(GPT)));
            assertThat(own.ask(chat("spread", false)).header("x-sluice-resolved-model"))
                    .isEqualTo(GPT);
            own.reload(plan -> plan.section(""));
            assertThat(own.ask(chat("spread", false)).status()).isEqualTo(404);
        }
    }

    /// A target that is asked when the call's time is nearly over is late for the call, not by itself.
    @Test
    void whoGotTheRestOfTheTimeIsNotToBlame() {
        try (var own =
                TestGateway.planned()
                        .workspace("timeout_seconds: 3, first_byte_timeout_seconds: 2")
                        .partner("timeout_seconds: 3")
                        .section(
                                """
                                virtual_models:
                                  - name: slow
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: "%s", priority: 0}
                                        - {target: "%s", priority: 1}\
                                """
                                        .formatted(GPT, PARTNER))
                        .start()) {
            own.workspace().always("silent");
            own.partner().always("silent");
            for (int i = 0; i < 2; i++) {
                var late = own.ask(chat("slow", false));
                assertThat(late.status()).isEqualTo(504);
                assertThat(late.message()).contains("'partner'", "the call limit of 3000 ms");
            }
            own.partner().always("normal");
            var next = own.ask(chat("slow", false));
            assertThat(next.header("x-sluice-attempts")).isEqualTo("1");
            var considered = own.ledgerOf(next.id()).path("routing").get(0).path("considered");
            assertThat(considered.get(0).path("health").asString("")).isEqualTo("unhealthy");
            assertThat(considered.get(1).path("health").asString("")).isEqualTo("fit");
        }
    }

    private static String spread(String target) {
        return """
        virtual_models:
          - name: spread
            routing_config: {type: weight-based-routing, load_balance_targets: [{target: "%s", weight: 1}]}\
        """
                .formatted(target);
    }

    /// A probe that fails sends calls elsewhere before any of them has failed.
    @Test
    void aProbeIsHeeded() {
        try (var own =
                TestGateway.planned()
                        .workspace("health_probe: {path: /no/such/path, interval_seconds: 1}")
                        .section(
                                """
                                virtual_models:
                                  - name: probed
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: "%s", priority: 0}
                                        - {target: "%s", priority: 1}\
                                """
                                        .formatted(GPT, PARTNER))
                        .start()) {
            Patience.until(
                    () -> "the probe to be noticed",
                    () ->
                            own.ask(chat("probed", false))
                                    .header("x-sluice-resolved-model")
                                    .equals(PARTNER));
            own.reload(plan ->
                    plan.workspace(
                            "health_probe: {path: /api/2.0/serving-endpoints,"
                                    + " interval_seconds: 1}"));
            Patience.until(
                    () -> "the probe to succeed",
                    () ->
                            own.ask(chat("probed", false))
                                    .header("x-sluice-resolved-model")
                                    .equals(GPT));
        }
    }
}
