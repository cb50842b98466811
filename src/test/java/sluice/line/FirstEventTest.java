package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.simulator.Simulator;
import sluice.translate.ChatGrammar;
import tools.jackson.databind.json.JsonMapper;

/// Nothing is written to a caller before the provider's status and first event are known to be good, and a stream that
/// falls silent is kept open, then ended.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstEventTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String GOOD_CHUNK =
            "data:"
                    + " {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"a\"}}]}\n\n";
    private static final String FINISH =
            "data:"
                    + " {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                    + "data: [DONE]\n\n";

    private final Simulator simulator = Simulator.start(0);
    @TempDir private static Path folder = Path.of("");
    private StreamingGateway gateway;

    @BeforeAll
    void start() {
        gateway =
                StreamingGateway.plan(folder)
                        .keepAlive(Duration.ofMillis(300))
                        .deadlines(
                                Duration.ofSeconds(4), Duration.ofSeconds(2), Duration.ofSeconds(2))
                        .with(simulator)
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        // what the provider does, the status the caller sees
        "error-first, 502",
        "error-first;comments=yes, 502",
        "error-first;writes=byte;newline=crlf, 502",
        "error-first;encoding=gzip, 502",
        "error-code-first, 502",
        "json-error, 502",
        "html, 502",
        "not-json, 502",
        "garbage, 502",
        "cut-before, 502",
        "cut-in-head, 502",
        "cut-after-head, 502",
        "close-delimited;end=close;at=head, 502",
        "huge-headers, 502",
        "error-html, 502",
        "error-login, 502",
        "unauthorized, 502",
        "error, 400",
        "error-nested, 400",
        "error-validator, 400",
        "error-limit, 429",
        "rate-limited, 429",
        "forbidden, 403",
        "fault, 502",
        "not-implemented, 502",
        "unavailable, 503",
        "timeout, 504",
        "cancelled, 502",
    })
    void aStreamThatBeginsBadlyNeverBegins(String behaviour, int status) {
        for (var target : new String[] {"openai", "workspace"}) {
            try (var client = gateway.client()) {
                var answer = client.chat(Client.stream(target + "/sim-" + behaviour));

                assertThat(answer.status()).as(target).isEqualTo(status);
                assertThat(answer.header("content-type")).isEqualTo("application/json");
                assertThat(JSON.readTree(answer.body()).at("/error/message").asString(""))
                        .isNotBlank();
                var line = gateway.ledgerOf(answer.id());
                assertThat(line.path("status").asInt()).isEqualTo(status);
                assertThat(line.path("failed_target").asString("")).isEqualTo(target);
                assertThat(line.has("tokens")).as("nothing is charged").isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"silent, first byte", "silent-stream, idle"})
    void aProviderThatNeverBeginsIsATimeout(String behaviour, String phase) {
        try (var client = gateway.client()) {
            var answer = client.chat(Client.stream("openai/sim-" + behaviour));

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).contains("the " + phase + " limit of 2000 ms passed");
        }
    }

    @Test
    void commentsBeforeTheFirstEventAreNoBeginning() {
        try (var upstream =
                        RawUpstream.answering(wire -> {
                            wire.write(RawUpstream.STREAM_HEAD);
                            wire.writeChunk(": one\n\n");
                            wire.writeChunk(": two\n\n: three\n\n");
                            wire.writeChunk(
                                    "data: {\"error\":{\"message\":\"busy\",\"code\":429}}\n\n");
                            wire.end();
                        });
                var raw = StreamingGateway.plan(folder.resolve("comments")).with(upstream).start();
                var client = raw.client()) {
            assertThat(client.chat(Client.stream("m")).status()).isEqualTo(429);
        }
    }

    @Test
    void aSilentProviderIsBridgedWithComments() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream =
                        RawUpstream.answering(wire -> {
                            wire.write(RawUpstream.STREAM_HEAD);
                            wire.writeChunk(GOOD_CHUNK);
                            wait(goOn);
                            wire.writeChunk(FINISH);
                            wire.end();
                        });
                var raw =
                        StreamingGateway.plan(folder.resolve("bridged"))
                                .keepAlive(Duration.ofMillis(100))
                                .with(upstream)
                                .start();
                var client = raw.client()) {
            client.ask(Client.stream("m"));
            var reply = client.readHead();

            assertThat(reply.nextEvents()).isEqualTo(GOOD_CHUNK);
            for (int i = 0; i < 3; i++) {
                assertThat(reply.nextEvents()).isEqualTo(": keep-alive\n\n");
            }
            goOn.countDown();
            ChatGrammar.good(GOOD_CHUNK + reply.readRest(), false);
        }
    }

    private static void wait(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IOException(stop);
        }
    }

    @Test
    void aStreamThatFallsSilentEndsWithAnError() {
        try (var client = gateway.client()) {
            var answer = client.chat(Client.stream("openai/sim-stalled"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .contains(": keep-alive\n\n")
                    .contains("the idle limit of 2000 ms passed");
            ChatGrammar.broken(answer.body());
            assertThat(gateway.ledgerOf(answer.id()).path("failure").asString(""))
                    .isEqualTo("timed_out");
        }
        simulator.recording().awaitOpenRequests(0, Duration.ofSeconds(5));
    }

    @Test
    void aStreamThatGoesOnForeverEndsAtTheTotalLimit() {
        try (var client = gateway.client()) {
            var answer = client.chat(Client.stream("openai/sim-paced;frames=100000;interval=20"));

            assertThat(answer.body()).contains("the total limit of 4000 ms passed");
            ChatGrammar.broken(answer.body());
        }
    }

    @Test
    void aProviderThatNeverPausesEndsAtTheTotalLimitToo() throws Exception {
        try (var upstream =
                        RawUpstream.answering(wire -> {
                            wire.write(RawUpstream.STREAM_HEAD);
                            while (true) {
                                wire.writeChunk(GOOD_CHUNK.repeat(300));
                            }
                        });
                var raw =
                        StreamingGateway.plan(folder.resolve("flood"))
                                .deadlines(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1))
                                .with(upstream)
                                .start();
                var client = raw.client()) {
            var id = client.ask(Client.stream("m"));
            var reply = client.readHead();
            long end = System.nanoTime() + 5_000_000_000L;
            boolean ended = false;
            while (!ended && System.nanoTime() < end) {
                ended = reply.next() == null;
            }

            assertThat(ended).as("the stream ended").isTrue();
            assertThat(raw.ledgerOf(id).path("failure").asString("")).isEqualTo("timed_out");
            assertThat(upstream.awaitRefusedWrite()).isTrue();
        }
    }
}
