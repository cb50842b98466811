package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.chat;
import static sluice.TestGateway.get;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
