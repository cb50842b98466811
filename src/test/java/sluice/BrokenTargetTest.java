package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A target that fails after it has begun to answer.
@ParameterizedClass
@EnumSource(Carried.class)
@SuppressWarnings("NullAway.Init") // set before each round
class BrokenTargetTest {
    private static TestGateway gateway;

    @Parameter Carried carried;

    @BeforeParameterizedClassInvocation
    static void start(Carried carried) {
        gateway =
                TestGateway.planned()
                        .on(carried)
                        .workspace("idle_timeout_seconds: 1, max_response_bytes: 1024")
                        .server("keep_alive_comment_seconds: 1")
                        .start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @RepeatedTest(20)
    void aRefusalCountsThoughItsConnectionBreaksAtOnce() {
        var answer = gateway.ask(chat("partner/sim-rate-limited;end=reset;at=mid-event", false));

        assertThat(answer.status()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({
        "partner/sim-error-mid, failed on the way",
        "partner/sim-cut, in the middle",
        "partner/sim-cut-in-event, in the middle",
        "partner/sim-reset, in the middle",
        "workspace/sim-stalled, idle limit of 1000 ms",
    })
    void aStreamThatBreaksEndsWithAnErrorAndWithoutDone(String model, String words) {
        try (var socket = gateway.connect()) {
            var answer = socket.send(chat(model, true)).answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.data()).hasSizeGreaterThan(1).doesNotContain("[DONE]");
            var last = Answer.JSON.readTree(answer.data().getLast()).path("error");
            assertThat(last.propertyNames())
                    .containsExactlyInAnyOrder("message", "type", "param", "code");
            assertThat(last.path("message").asString("")).contains(words);
            assertThat(socket.send(chat("partner/gpt-5-2", false)).answer().status())
                    .as("the connection serves again")
                    .isEqualTo(200);
            var line = gateway.ledgerOf(answer.id());
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("failure").asString("")).isNotEmpty();
            assertThat(line.path("tokens").path("output").asInt()).isPositive();
        }
    }

    @Test
    void anAnswerLargerThanItsLimitIsNotPassedOn() {
        var answer = gateway.ask(chat("workspace/sim-normal;size=5000", false));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.message()).contains("'workspace'", "1024 bytes", "max_response_bytes");
        assertThat(gateway.ask(chat("workspace/sim-normal;size=5000", true)).data())
                .as("a stream has no such limit")
                .endsWith("[DONE]");
    }

    @Test
    void aSilentStreamIsKeptOpenByComments() {
        var answer = gateway.ask(chat("partner/sim-paced;frames=1;interval=1200", true));

        assertThat(answer.text()).containsSubsequence("data: ", ": keep-alive\n\n", "[DONE]");
    }

    @Test
    void aCallerThatLeavesIsNoLongerPaidFor() {
        int aborted = gateway.partner().recording().abortedRequests();
        String id;
        try (var socket = gateway.connect()) {
            id = socket.send(chat("partner/sim-stalled", true)).head().id();
            socket.lineStarting("data: ");
        }

        gateway.partner().recording().awaitAborted(aborted + 1, Patience.LONG);
        var line = gateway.ledgerOf(id);
        assertThat(line.path("status").asInt()).isEqualTo(499);
        assertThat(line.path("failure").asString("")).isEqualTo("caller_gone");
    }

    @Test
    void aCallerThatLeavesBeforeAnyAnswerIsNoLongerPaidForEither() {
        var recording = gateway.partner().recording();
        int aborted = recording.abortedRequests();
        try (var socket = gateway.connect()) {
            socket.send(chat("partner/sim-silent", false, "x-request-id: left-early"));
            recording.awaitOpenRequests(1, Patience.LONG);
        }

        recording.awaitAborted(aborted + 1, Patience.LONG);
        assertThat(gateway.ledgerOf("left-early").path("status").asInt()).isEqualTo(499);
    }
}
