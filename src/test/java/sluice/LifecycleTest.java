package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.PROMPT;
import static sluice.TestGateway.body;
import static sluice.TestGateway.chat;
import static sluice.TestGateway.get;
import static sluice.TestGateway.post;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Stopping, and taking over a new configuration, while calls run.
class LifecycleTest {
    private static final String OTHER_KEY = "sk-slc-a-key-that-came-later-42";

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aStopLetsTheRunningCallFinishAndTakesNoOther(Carried carried) throws Exception {
        try (var gateway = TestGateway.planned().on(carried).start();
                var running = gateway.connect();
                var idle = gateway.connect()) {
            int port = gateway.port();
            assertThat(idle.send(get("/v1/models")).answer().status()).isEqualTo(200);
            running.send(chat("partner/sim-paced;frames=10;interval=100", true)).head();
            running.lineStarting("data: ");

            var stopping = stop(gateway, Duration.ofSeconds(20));
            Patience.until(() -> "the port to be closed", () -> isClosed(port));

            assertThat(idle.send(get("/v1/models")).rest())
                    .matches(rest -> rest.isEmpty() || rest.contains(" 503 "));
            assertThat(running.lineStarting("data: [DONE]")).isNotEmpty();
            stopping.join();
            assertThat(gateway.ledger().getLast().path("status").asInt()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aStopCutsWhatOutlastsItsPatience(Carried carried) throws Exception {
        try (var gateway = TestGateway.planned().on(carried).start();
                var running = gateway.connect()) {
            running.send(chat("partner/sim-stalled", true)).head();
            running.lineStarting("data: ");

            var stopping = stop(gateway, Duration.ofSeconds(1));

            assertThat(running.rest()).doesNotContain("[DONE]");
            stopping.join();
            gateway.partner().recording().awaitOpenConnections(0, Patience.LONG);
            assertThat(gateway.ledger()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void whatAStopCutsIsToldSoBeforeItsConnectionCloses(Carried carried) throws Exception {
        try (var gateway = TestGateway.planned().on(carried).start();
                var streamed = gateway.connect();
                var waiting = gateway.connect()) {
            streamed.send(chat("partner/sim-stalled", true)).head();
            streamed.lineStarting("data: ");
            waiting.send(chat("partner/sim-silent", false));
            gateway.partner().recording().awaitOpenRequests(2, Patience.LONG);

            var stopping = stop(gateway, Duration.ofMillis(100));

            var error = streamed.lineStarting("data: {\"error\"").substring("data: ".length());
            assertThat(Answer.JSON.readTree(error).at("/error/code").asString(""))
                    .isEqualTo("draining");
            assertThat(streamed.rest()).doesNotContain("data: ");
            var refused = waiting.answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.error().path("code").asString("")).isEqualTo("draining");
            assertThat(waiting.rest()).isEmpty();
            stopping.join();
            assertThat(gateway.ledger())
                    .hasSize(2)
                    .allMatch(line -> line.path("failure").asString("").equals("draining"));
        }
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void anUploadThatAReloadOvertakesGoesWhereTheNewConfigurationSays(Carried carried) {
        var moved =
                "id: moved, models: [gpt-5-2], provider: custom, base_format: openai,"
                        + " secret_key_ref: {env: PARTNER_TOKEN}, base_url: ";
        var body = body("moved/gpt-5-2", false).replace(PROMPT, "a".repeat(1_000_000));
        int half = body.length() / 2;
        try (var gateway =
                        TestGateway.planned()
                                .on(carried)
                                .target(moved + "\"http://nowhere.invalid\"")
                                .start();
                var socket = gateway.connect()) {
            var request = post("/v1/chat/completions", body, "expect: 100-continue");
            socket.send(request.substring(0, request.length() - body.length()));
            assertThat(socket.answer().status()).as("the body is asked for").isEqualTo(100);
            socket.send(body.substring(0, half));

            gateway.reload(plan -> plan.onlyTarget(moved + "\"PARTNER\""));
            var answer = socket.send(body.substring(half)).answer();

            assertThat(answer.status()).as(answer.whole()).isEqualTo(200);
            assertThat(answer.header("x-sluice-resolved-model")).isEqualTo("moved/gpt-5-2");
        }
    }

    @Test
    void aSilentTargetHoldsBackNoOther() {
        try (var gateway = TestGateway.planned().listing("silent").start()) {
            Patience.until(
                    () -> "the models of the other target",
                    () -> gateway.ask(get("/v1/models")).text().contains("\"partner/gpt-5-2\""));

            assertThat(gateway.workspace().recording().openRequests()).isEqualTo(1);
            assertThat(gateway.ask(chat("gpt-5-2", false)).status()).isEqualTo(200);
        }
    }

    @Test
    void aTargetThatNeverListsItsModelsKeepsNobodyFromBeingReady() {
        try (var gateway =
                TestGateway.planned()
                        .listing("silent")
                        .workspace("first_byte_timeout_seconds: 1")
                        .start()) {
            Patience.until(
                    () -> "the gateway to be ready",
                    () -> gateway.ask(get("/health/ready")).status() == 200);

            assertThat(gateway.ask(chat("gpt-5-2", false)).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aReloadChangesKeysAndLeavesRunningCallsAlone(Carried carried) {
        try (var gateway = TestGateway.planned().on(carried).start();
                var running = gateway.connect()) {
            running.send(chat("partner/sim-paced;frames=8;interval=100", true)).head();
            running.lineStarting("data: ");

            gateway.reload(plan -> plan.onlyKey("later", OTHER_KEY));

            var models = get("/v1/models");
            assertThat(gateway.ask(models).status()).isEqualTo(401);
            assertThat(gateway.ask(models.replace(KEY, OTHER_KEY)).status()).isEqualTo(200);
            assertThat(gateway.ask(chat("partner/gpt-5-2", true).replace(KEY, OTHER_KEY)).status())
                    .isEqualTo(200);
            assertThat(running.lineStarting("data: [DONE]")).isNotEmpty();
        }
    }

    @Test
    void aFileWithFaultsIsRefusedAndToldAndTheNextGoodOneClearsIt() {
        try (var gateway = TestGateway.start()) {
            gateway.reload("governence: {}");

            assertThat(gateway.ask(get("/v1/models")).status()).isEqualTo(200);
            assertThat(gateway.ask(chat("partner/gpt-5-2", false)).status()).isEqualTo(200);
            var ready = gateway.ask(get("/health/ready"));
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.json().path("reasons").path(0).asString(""))
                    .contains("policy-config.yaml:1", "governence", "governance");

            gateway.reload(plan -> {});

            assertThat(gateway.ask(get("/health/ready")).json().path("reasons")).isEmpty();
        }
    }

    @Test
    void aReloadForgetsNoModelWhileTheTargetsAreAskedAgain() {
        try (var gateway = TestGateway.start()) {
            gateway.workspace().listing("silent");

            gateway.reload(plan -> {});

            assertThat(gateway.ask(chat("databricks-gpt-5-2", false)).status()).isEqualTo(200);
            assertThat(gateway.ask(get("/v1/models")).text())
                    .contains("workspace/databricks-gpt-5-2");
            assertThat(gateway.ask(get("/health/ready")).status()).isEqualTo(200);
        }
    }

    @Test
    void closingTwiceIsClosingOnce() {
        var gateway = TestGateway.start();
        try (gateway) {
            gateway.gateway().close();
        }
        assertThat(isClosed(gateway.port())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/health/live, 100000",
        "/health/live, 3000000",
        "/health/ready, 100000",
        "/health/ready, 3000000",
    })
    void aBodySentToHealthIsDroppedAndTheConnectionServesAgain(String path, int size) {
        var head = "GET " + path + " HTTP/1.1\r\nhost: x\r\n";
        var body = "x".repeat(size);
        try (var leaks = new LeakDetector();
                var gateway = TestGateway.planned().server("max_body_bytes: 200000").start()) {
            try (var socket = gateway.connect()) {
                socket.send(head + "content-length: " + size + "\r\n\r\n" + body);
                assertThat(socket.answer().status()).isEqualTo(200);
                socket.send(head + "transfer-encoding: chunked\r\n\r\n");
                assertThat(socket.answer().status()).isEqualTo(200);
                socket.send(Integer.toHexString(size) + "\r\n" + body + "\r\n0\r\n\r\n");
                assertThat(socket.send(get("/v1/models")).answer().status()).isEqualTo(200);
            }
            gateway.awaitOpenConnections(0);
            assertThat(leaks.reports()).isEmpty();
        }
    }

    @Test
    void healthNeedsNoKeyAndLeavesNoLine() {
        try (var gateway = TestGateway.start()) {
            for (var path : new String[] {"/health/live", "/health/ready"}) {
                var answer = gateway.ask("GET " + path + " HTTP/1.1\r\nhost: x\r\n\r\n");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.json().path("status").asString("")).isEqualTo("ok");
            }
            gateway.ask(get("/v1/models"));
            assertThat(gateway.ledger(1)).hasSize(1);
        }
    }

    private static Thread stop(TestGateway gateway, Duration patience) {
        return Thread.ofPlatform().start(() -> gateway.gateway().stop(patience));
    }

    private static boolean isClosed(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException refused) {
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
