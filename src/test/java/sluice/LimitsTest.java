package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.body;
import static sluice.TestGateway.chat;
import static sluice.TestGateway.get;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What one caller can take of the listener, and how long.
@ParameterizedClass
@EnumSource(Carried.class)
@SuppressWarnings("NullAway.Init") // set before each round
class LimitsTest {
    private static final String MODEL = "partner/gpt-5-2";
    private static final String CHAT_HEAD =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
                    + KEY
                    + "\r\n";

    private static TestGateway gateway;

    @Parameter Carried carried;

    @BeforeParameterizedClassInvocation
    static void start(Carried carried) {
        gateway =
                TestGateway.planned()
                        .on(carried)
                        .server(
                                "head_timeout_seconds: 1, body_timeout_seconds: 2, idle_timeout_seconds: 1,"
                                        + " max_connections: 4, max_body_bytes: 4096")
                        .start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /v1/models HTTP/1.1\r\nhost: x\r\nx-slow: "})
    void aConnectionWithoutAWholeHeadIsClosed(String beginning) {
        try (var socket = gateway.connect()) {
            assertThat(socket.send(beginning).rest()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsIdleAfterItsAnswerIsClosed() {
        try (var socket = gateway.connect()) {
            assertThat(socket.send(get("/v1/models")).answer().status()).isEqualTo(200);
            assertThat(socket.rest()).isEmpty();
        }
    }

    @Test
    void aCallThatRunsIsNotIdle() {
        var answer = gateway.ask(chat("partner/sim-slow;delay=1600", false));

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aBodyThatStopsHalfwayIsNotWaitedFor() {
        try (var socket = gateway.connect()) {
            var answer = socket.send(CHAT_HEAD + "content-length: 100\r\n\r\n{").answer();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.message()).contains("1000 ms", "server.idle_timeout_seconds");
            assertThat(gateway.ledgerOf(answer.id()).path("status").asInt()).isEqualTo(408);
            assertThat(socket.rest()).isEmpty();
        }
    }

    @Test
    void aBodyThatTricklesIsNotWaitedForEither() {
        try (var socket = gateway.connect()) {
            socket.send(CHAT_HEAD + "content-length: 4096\r\n\r\n{");
            Patience.until(() -> "an answer", () -> socket.send(" ").hasAnswer());
            var answer = socket.answer();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.message()).contains("2000 ms", "server.body_timeout_seconds");
            assertThat(gateway.ledgerOf(answer.id()).path("failure").asString(""))
                    .isEqualTo("body_too_slow");
            assertThat(socket.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.0\r\n", "HTTP/1.1\r\nhost:\r\n", "HTTP/1.1\r\nHost: [::1]:80\r\n"})
    void whatNamesNoHostWhereNoneIsNeededIsServed(String version) {
        assertThat(gateway.ask("GET /health/live " + version + "\r\n").status()).isEqualTo(200);
    }

    @Test
    void oneConnectionTooManyIsClosedAndTheNextOneIsNot() {
        gateway.awaitOpenConnections(0);
        try (var a = gateway.connect();
                var b = gateway.connect()) {
            try (var c = gateway.connect();
                    var d = gateway.connect()) {
                gateway.awaitOpenConnections(4);
                try (var tooMany = gateway.connect()) {
                    assertThat(tooMany.send(get("/v1/models")).rest()).isEmpty();
                }
                assertThat(c.send(get("/v1/models")).answer().status()).isEqualTo(200);
                assertThat(d.send(get("/v1/models")).answer().status()).isEqualTo(200);
            }
            gateway.awaitOpenConnections(2);
            assertThat(gateway.ask(get("/v1/models")).status()).isEqualTo(200);
            assertThat(a.send(get("/v1/models")).answer().status()).isEqualTo(200);
            assertThat(b.send(get("/v1/models")).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatAsksFirstIsToldToContinue() {
        var body = body(MODEL, false);
        try (var socket = gateway.connect()) {
            socket.send(
                    CHAT_HEAD
                            + "expect: 100-continue\r\ncontent-length: "
                            + body.length()
                            + "\r\n\r\n");
            assertThat(socket.answer().status()).isEqualTo(100);
            assertThat(socket.send(body).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatAsksFirstIsRefusedFirst() {
        var asking = CHAT_HEAD + "expect: 100-continue\r\ncontent-length: ";
        var stranger = asking.replace(KEY, "sk-slc-nobody-knows-this-key");

        assertThat(gateway.ask(stranger + "10\r\n\r\n").status()).isEqualTo(401);
        assertThat(gateway.ask(asking + "4097\r\n\r\n").status()).isEqualTo(413);
    }

    @Test
    void anotherExpectationIsStillAnswered() {
        var answer = gateway.ask(chat(MODEL, false, "expect: the-unexpected"));

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void requestsSentTogetherAreAnsweredInTurn() {
        try (var socket = gateway.connect()) {
            socket.send(
                    chat("partner/sim-normal;say=first", false)
                            + chat("no-such-model", false)
                            + chat("partner/sim-normal;say=third", true)
                            + get("/v1/models"));

            assertThat(socket.answer().text()).contains("first");
            assertThat(socket.answer().status()).isEqualTo(404);
            assertThat(socket.answer().text()).contains("third", "[DONE]");
            assertThat(socket.answer().text()).contains("partner/gpt-5-2");
        }
    }

    @Test
    void nothingBehindARefusedBodyIsRun() {
        var refused =
                CHAT_HEAD.replace(KEY, "sk-slc-nobody-knows-this-key")
                        + "content-length: 3000000\r\n\r\n"
                        + "x".repeat(200_000);
        try (var socket = gateway.connect()) {
            socket.send(refused + get("/v1/models"));

            assertThat(socket.answer().status()).isEqualTo(401);
            assertThat(socket.rest()).isEmpty();
        }
    }
}
