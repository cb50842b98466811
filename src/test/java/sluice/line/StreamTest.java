package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.simulator.Behaviour;
import sluice.simulator.Simulator;
import sluice.translate.ChatGrammar;

/// Whatever the provider's stream looks like, the caller's is one of chat completions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_120);

    private static final List<String> GOOD =
            List.of(
                    Behaviour.NORMAL.model(),
                    Behaviour.CONTENT_LIST.model(),
                    Behaviour.CONTENT_NULL.model(),
                    Behaviour.DATA_IN_TEXT.model(),
                    Behaviour.TOOLS.model(),
                    Behaviour.TOOLS_INTERLEAVED.model(),
                    Behaviour.TOOLS_BRACES.model(),
                    Behaviour.TOOLS_BRACES_FIRST.model(),
                    Behaviour.HUGE_EVENT.model(),
                    Behaviour.HUGE_REPLY.model("size=2000000"),
                    Behaviour.USAGE_EVERY_CHUNK.model(),
                    Behaviour.USAGE_EVERY_CHUNK.model("lines=2", "newline=crlf"),
                    Behaviour.USAGE_EVERY_CHUNK.model("writes=byte", "space=no"),
                    Behaviour.USAGE_ON_FINISH.model(),
                    Behaviour.USAGE_ON_FINISH.model("done=no"),
                    Behaviour.USAGE_EXTRA.model(),
                    Behaviour.USAGE_EXTRA.model("done=no"),
                    Behaviour.USAGE_DELTA.model(),
                    Behaviour.USAGE_DELTA.model("done=no"),
                    Behaviour.USAGE_AFTER.model(),
                    Behaviour.USAGE_AFTER.model("done=no"),
                    Behaviour.USAGE_NONE.model(),
                    Behaviour.CRLF.model(),
                    Behaviour.NO_SPACE.model(),
                    Behaviour.COMMENTS.model(),
                    Behaviour.COMMENTS.model("usage=every", "newline=crlf"),
                    Behaviour.TWO_LINES.model(),
                    Behaviour.BYTE_BY_BYTE.model(),
                    Behaviour.ONE_WRITE.model(),
                    Behaviour.SPLIT_UTF8.model(),
                    Behaviour.CLOSE_DELIMITED.model(),
                    Behaviour.CLOSE_DELIMITED.model("done=no"),
                    Behaviour.PACED.model("frames=8", "interval=1"),
                    Behaviour.NO_DONE.model());

    private static final List<String> BROKEN =
            List.of(
                    Behaviour.CUT_IN_EVENT.model(),
                    Behaviour.CUT.model(),
                    Behaviour.CUT.model("usage=every", "length=close"),
                    Behaviour.CUT_BEFORE_DONE.model(),
                    Behaviour.RESET.model("interval=40"),
                    Behaviour.ERROR_MID.model(),
                    Behaviour.ERROR_MID.model("writes=whole"),
                    Behaviour.ERROR_MID.model("newline=crlf", "writes=byte"));

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

    static Stream<Arguments> good() {
        return GOOD.stream().flatMap(StreamTest::atBothTargets);
    }

    static Stream<Arguments> broken() {
        return BROKEN.stream().flatMap(StreamTest::atBothTargets);
    }

    private static Stream<Arguments> atBothTargets(String model) {
        return Stream.of("openai", "workspace")
                .flatMap(target ->
                        Stream.of(true, false)
                                .map(usage -> Arguments.of(target + "/" + model, usage)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "workspace"})
    void aStreamThatIsCompressedUnaskedIsRefused(String target) {
        try (var client = gateway.client()) {
            var answer = client.chat(asked(target + "/" + Behaviour.GZIP.model(), false));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("compressed").contains("'" + target + "'");
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodStreamKeepsTheGrammar(String model, boolean usage) {
        try (var client = gateway.client()) {
            var answer = client.chat(asked(model, usage));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
            assertThat(answer.header("cache-control")).isEqualTo("no-cache");
            assertThat(answer.header("x-accel-buffering")).isEqualTo("no");
            assertThat(answer.headers()).doesNotContainKeys("content-length", "content-encoding");
            var grammar = ChatGrammar.good(answer.body(), usage);
            boolean told = usage && !model.contains("usage-none");
            assertThat(grammar.usage() != null).as("usage is told").isEqualTo(told);
            var line = gateway.ledgerOf(answer.id());
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("failure").isNull()).isTrue();
            assertThat(line.at("/bytes/out").asInt())
                    .isEqualTo(answer.body().getBytes(StandardCharsets.UTF_8).length);
            assertThat(line.at("/tokens/estimated").asBoolean())
                    .isEqualTo(model.contains("usage-none"));

            assertThat(client.chat(asked("openai/sim-normal", false)).status())
                    .as("the connection serves again")
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenStreamEndsWithAnErrorAndItsConnectionServesAgain(String model, boolean usage)
            throws Exception {
        try (var client = gateway.client()) {
            var answer = client.chat(asked(model, usage));

            assertThat(answer.status()).isEqualTo(200);
            ChatGrammar.broken(answer.body());
            assertThat(client.chat(asked("openai/sim-normal", false)).status())
                    .as("the connection serves again")
                    .isEqualTo(200);
            var line = gateway.ledgerOf(answer.id());
            assertThat(line.path("failure").asString("")).isNotEmpty();
            assertThat(line.at("/tokens/output").asInt()).isPositive();
        }
    }

    private static String asked(String model, boolean usage) {
        return usage ? Client.streamWithUsage(model) : Client.stream(model);
    }

    @Test
    void textThatLooksLikeAnEventSurvives() {
        try (var client = gateway.client()) {
            var stream = client.chat(Client.stream("openai/" + Behaviour.DATA_IN_TEXT.model()));

            assertThat(ChatGrammar.good(stream.body(), false).text())
                    .isEqualTo("The line data: {\"a\":1} and data: [DONE] are text here.");
        }
    }

    // --- a provider whose bytes fall by chance

    private static final List<String> CANNED =
            List.of(
                    events("\n", "data: "),
                    events("\r\n", "data:"),
                    events("\r", "data: "),
                    events("\n", ": ping\ndata: "));

    private static String events(String lineEnd, String name) {
        return Stream.of(
                        chunk(
                                "{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null",
                                ""),
                        chunk("{\"content\":\"Grüße 你好 🌍 data: x\"}", ""),
                        chunk("{\"content\":\"b\"}", ",\"usage\":{\"completion_tokens\":2}"),
                        chunk("{},\"finish_reason\":\"stop\"", ""),
                        chunk("{}", ",\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":3}"),
                        "[DONE]")
                .map(data -> name + data + lineEnd + lineEnd)
                .reduce("", String::concat);
    }

    private static String chunk(String delta, String more) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + "}]"
                + more
                + "}";
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void theCallersStreamIsTheSameHoweverTheProvidersBytesFall(boolean usage) {
        var turn = new int[1];
        try (var upstream =
                        RawUpstream.answering(wire -> {
                            int round = turn[0]++;
                            deliver(CANNED.get(round % CANNED.size()), round, wire);
                        });
                var cut =
                        StreamingGateway.plan(folder.resolve("cut" + usage))
                                .with(upstream)
                                .start();
                var client = cut.client()) {
            var expected = new String[CANNED.size()];
            for (int round = 0; round < 300; round++) {
                var answer = client.chat(asked("raw/m", usage));
                var grammar = ChatGrammar.good(answer.body(), usage);
                assertThat(grammar.text()).isEqualTo("Grüße 你好 🌍 data: xb");
                int kind = round % CANNED.size();
                if (round < CANNED.size()) {
                    expected[kind] = answer.body();
                }
                assertThat(answer.body()).as("seed %d", SEED + round).isEqualTo(expected[kind]);
            }
        }
    }

    /// The first of each kind in one write, the others in chunks and writes of any length.
    private static void deliver(String events, int round, RawUpstream.Wire wire)
            throws java.io.IOException {
        var bytes = events.getBytes(StandardCharsets.UTF_8);
        var random = new Random(SEED + round);
        int longest = round < CANNED.size() ? bytes.length : 1 << random.nextInt(10);
        wire.write(RawUpstream.STREAM_HEAD);
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(longest));
            wire.writeChunk(
                    Arrays.copyOfRange(bytes, at, round < CANNED.size() ? bytes.length : to));
            at = round < CANNED.size() ? bytes.length : to;
        }
        wire.end();
    }
}
