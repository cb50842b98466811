package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.simulator.Recording;
import sluice.simulator.Simulator;

/// A caller that leaves ends the call at the provider too, and pays for what was made until then.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallerGoneTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Simulator simulator = Simulator.start(0);
    @TempDir private static Path folder = Path.of("");
    private StreamingGateway gateway;

    @BeforeAll
    void start() {
        gateway = StreamingGateway.plan(folder).with(simulator).start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "true, sim-silent",
        "true, sim-silent-stream",
        "true, sim-slow;delay=60000",
        "false, sim-silent",
        "false, sim-slow-first-event;first=60000",
        "false, sim-stalled",
    })
    void beforeTheFirstByte(boolean stream, String model) {
        int requests = simulator.recording().requestCount();
        int aborted = simulator.recording().abortedRequests();
        String id;
        try (var client = gateway.client()) {
            id =
                    client.ask(
                            stream
                                    ? Client.stream("openai/" + model)
                                    : Client.plain("openai/" + model));
            simulator.recording().awaitRequests(requests + 1, PATIENCE);
        }

        simulator.recording().awaitAborted(aborted + 1, PATIENCE);
        var line = gateway.ledgerOf(id);
        assertThat(line.path("status").asInt()).isEqualTo(499);
        assertThat(line.path("failure").asString("")).isEqualTo("caller_gone");
        assertThat(line.at("/tokens/input").asInt()).as("the prompt was read there").isPositive();
        assertThat(line.at("/tokens/estimated").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "openai/sim-stalled, true",
        "openai/sim-stalled;usage=every, false",
        "workspace/sim-stalled, false",
        "workspace/sim-paced;frames=10000;interval=250, false",
    })
    void inTheMiddleOfAStream(String model, boolean estimated) throws Exception {
        int aborted = simulator.recording().abortedRequests();
        String id;
        try (var client = gateway.client()) {
            id = client.ask(Client.stream(model));
            client.readHead().nextEvents();
        }

        simulator.recording().awaitAborted(aborted + 1, PATIENCE);
        var line = gateway.ledgerOf(id);
        assertThat(line.path("status").asInt()).isEqualTo(499);
        assertThat(line.path("failure").asString("")).isEqualTo("caller_gone");
        assertThat(line.at("/tokens/input").isNumber()).isTrue();
        assertThat(line.at("/tokens/estimated").asBoolean()).isEqualTo(estimated);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void afterTheLastByte(boolean stream) {
        int aborted = simulator.recording().abortedRequests();
        String id;
        try (var client = gateway.client()) {
            var body =
                    stream ? Client.stream("openai/sim-normal") : Client.plain("openai/sim-normal");
            id = client.chat(body).id();
        }

        var line = gateway.ledgerOf(id);
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("failure").isNull()).isTrue();
        simulator.recording().awaitOpenRequests(0, PATIENCE);
        assertThat(simulator.recording().abortedRequests()).isEqualTo(aborted);
    }

    @Test
    void aRefusedCallCostsNothing() {
        try (var client = gateway.client()) {
            var refused = client.chat(Client.plain("openai/sim-unavailable"));

            assertThat(gateway.ledgerOf(refused.id()).has("tokens")).isFalse();
        }
        assertThat(simulator.recording().seen())
                .last()
                .extracting(Recording.Seen::request)
                .isNotNull();
    }
}
