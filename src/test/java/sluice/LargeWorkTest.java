package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ModelRequest;
import sluice.translate.Pairs;
import tools.jackson.databind.node.ObjectNode;

/// A gateway of one loop and one worker: what is done to large bodies does not hold up the other calls.
class LargeWorkTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_130);

    /// Enough that a translation is done aside, and the reading is not.
    private static final int LARGE = 200_000;

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aSmallCallIsAnsweredWhileALargeOneIsWorkedAt(Carried carried) throws Exception {
        try (var gateway = start(carried);
                var busy = new Busy(gateway);
                var large = gateway.connect()) {
            large.send(message("a".repeat(LARGE)));
            awaitWaiting(gateway, 1);

            assertThat(gateway.ask(message("small")).status()).isEqualTo(200);
            assertThat(gateway.ask(chat("small")).status()).isEqualTo(200);
            assertThat(large.hasAnswer()).isFalse();

            busy.end();
            assertThat(large.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aCallerThatLeavesWhileItsWorkWaitsIsNotWorkedFor(Carried carried) throws Exception {
        try (var gateway = start(carried);
                var busy = new Busy(gateway)) {
            try (var large = gateway.connect()) {
                large.send(message("a".repeat(LARGE), "x-request-id: left-in-the-line"));
                awaitWaiting(gateway, 1);
            }

            awaitWaiting(gateway, 0);
            var line = gateway.ledgerOf("left-in-the-line");
            assertThat(line.path("status").asInt()).isEqualTo(499);
            assertThat(line.path("failure").asString("")).isEqualTo("caller_gone");
            assertThat(gateway.partner().recording().requests("/v1/chat/completions")).isEmpty();

            busy.end();
            assertThat(gateway.ask(message("b".repeat(LARGE))).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aCallThatWaitsInVainIsToldWhatToDo(Carried carried) throws Exception {
        try (var gateway = start(carried);
                var busy = new Busy(gateway)) {

            var answer =
                    gateway.ask(
                            message(
                                    "a".repeat(LARGE),
                                    "x-sluice-timeout-ms: 50",
                                    "x-request-id: in-vain"));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("server.workers");
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(gateway.ledgerOf("in-vain").path("failure").asString("")).isEqualTo("busy");
            busy.end();
        }
    }

    /// Whatever the thread, the target gets the same bytes.
    @ParameterizedTest
    @EnumSource(Carried.class)
    void aTargetIsSentTheSameBytesAsFromTheLoop(Carried carried) throws Exception {
        var random = new Random(SEED);
        try (var gateway = start(carried);
                var socket = gateway.connect()) {
            for (int call = 0; call < 6; call++) {
                var text = text(random, 20_000 << random.nextInt(8));
                var translated = messageBody(text);
                var asItCame = chatBody(text);

                assertThat(socket.send(message(text)).answer().status()).isEqualTo(200);
                assertThat(socket.send(chat(text)).answer().status()).isEqualTo(200);

                var sent = gateway.partner().recording().requests("/v1/chat/completions");
                assertThat(sent.get(2 * call).text())
                        .as("seed " + SEED + ", call " + call)
                        .isEqualTo(onTheLoop(translated));
                assertThat(sent.get(2 * call + 1).text())
                        .as("seed " + SEED + ", call " + call)
                        .isEqualTo(asItCame.replace("partner/", ""));
            }
        }
    }

    private static String onTheLoop(String body) throws NotJson {
        var pair =
                Objects.requireNonNull(
                        Pairs.create(() -> Instant.EPOCH, () -> "id")
                                .between(Dialect.MESSAGES, Dialect.CHAT));
        var translation =
                pair.begin(Bytes.utf8(body), "sim-normal", ModelTraits.UNKNOWN, new Dropped());
        return ModelRequest.read(Dialect.CHAT, translation.request(), Limits.DEFAULT)
                .forTarget("sim-normal", true)
                .joined()
                .utf8();
    }

    /// An answer of three megabytes, in one piece and in one event, as it came and translated.
    @ParameterizedTest
    @EnumSource(Carried.class)
    void aLargeAnswerComesWhole(Carried carried) {
        try (var gateway = start(carried);
                var socket = gateway.connect()) {
            var model = "sim-normal;size=3000000";
            for (var target : List.of("partner/", "workspace/")) {
                var chat = chatBody("hi").replace("partner/sim-normal", target + model);
                var message = messageBody("hi").replace("partner/sim-normal", target + model);
                var asItCame = socket.send(TestGateway.post("/v1/chat/completions", chat)).answer();
                var translated = socket.send(TestGateway.post("/v1/messages", message)).answer();

                var said = asItCame.json().at("/choices/0/message/content").asString("");
                assertThat(said.length()).as(target).isGreaterThan(2_900_000);
                assertThat(translated.json().at("/content/0/text").asString("")).isEqualTo(said);
            }
            var event =
                    socket.send(
                                    TestGateway.post(
                                            "/v1/messages",
                                            messageBody("hi")
                                                    .replace(
                                                            "sim-normal",
                                                            "sim-huge-event;arguments=3000000")
                                                    .replace(
                                                            "{\"model",
                                                            "{\"stream\": true, \"model")))
                            .answer();
            assertThat(event.text()).contains("input_json_delta").contains("message_stop");
            assertThat(event.text().length()).isGreaterThan(2_900_000);
            assertThat(gateway.gateway().loops().waiting()).isZero();
        }
    }

    /// A search of it is little enough for the loop.
    @Test
    void anAnswerOfAWorkspaceInWhichNothingIsToBeFoldedNeedsNoWorker() throws Exception {
        try (var gateway = start(Carried.BY_ITS_LOOP);
                var busy = new Busy(gateway)) {
            var answer =
                    gateway.ask(
                            TestGateway.chat(
                                    "workspace/sim-normal;size=200000",
                                    false,
                                    "x-sluice-timeout-ms: 1000"));

            assertThat(answer.text().length()).isGreaterThan(200_000);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(gateway.gateway().loops().waiting()).isZero();
            busy.end();
        }
    }

    /// What came before is the caller's, the target has worked for it, and the stream says why it ends.
    @ParameterizedTest
    @EnumSource(Carried.class)
    void aStreamWhoseNextEventIsTooLargeEndsWithWords(Carried carried) throws Exception {
        try (var gateway = start(carried);
                var busy = new Busy(gateway)) {
            for (var path : List.of("/v1/chat/completions", "/v1/messages")) {
                var body =
                        messageBody("hi")
                                .replace("sim-normal", "sim-huge-event;tools=after-text")
                                .replace("{\"model", "{\"stream\": true, \"model");
                var id = "x-request-id: cut" + path.replace('/', '-');

                var answer =
                        gateway.ask(TestGateway.post(path, body, "x-sluice-timeout-ms: 1000", id));

                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.text())
                        .contains("look ")
                        .contains("at work on other large calls")
                        .doesNotContain("[DONE]")
                        .doesNotContain("message_stop");
                var line = gateway.ledgerOf(id.substring(id.indexOf(' ') + 1));
                assertThat(line.path("failure").asString("")).isEqualTo("busy");
                assertThat(line.path("tokens").path("estimated").asBoolean(false)).isTrue();
                assertThat(line.path("tokens").path("output").asInt(0)).isPositive();
            }
            busy.end();
            assertThat(gateway.ask(message("b".repeat(LARGE))).status()).isEqualTo(200);
        }
    }

    /// A refusal of many words is searched for credentials by a worker.
    @ParameterizedTest
    @EnumSource(Carried.class)
    void aLongRefusalIsReadBesideTheLoop(Carried carried) throws Exception {
        try (var gateway = start(carried);
                var busy = new Busy(gateway);
                var socket = gateway.connect()) {
            socket.send(chatWith("sim-error;status=400;error-bytes=40000", false));
            awaitWaiting(gateway, 1);

            var small = gateway.ask(chatWith("sim-error;status=400", false));
            assertThat(small.status()).isEqualTo(400);
            assertThat(socket.hasAnswer()).isFalse();

            busy.end();
            var large = socket.answer();
            assertThat(large.status()).isEqualTo(400);
            var error = (ObjectNode) large.json().path("error");
            var words = small.json().path("error").path("message").asString("");
            assertThat(error.path("message").asString(""))
                    .startsWith(words + " And more.")
                    .hasSizeBetween(1_000, 2_100);
            error.put("message", words);
            assertThat(error).isEqualTo(small.json().path("error"));
        }
    }

    /// The target said no and charges nothing, whoever has time to read why.
    @ParameterizedTest
    @CsvSource({
        "BY_ITS_LOOP, sim-error;status=400, false, 400",
        "BY_ITS_LOOP, sim-json-error, false, 502",
        "BY_ITS_LOOP, sim-json-error, true, 502",
        "BY_THE_JDK, sim-error;status=429, true, 429",
    })
    void aRefusalCountsThoughNobodyHasTimeForItsWords(
            Carried carried, String model, boolean stream, int status) throws Exception {
        try (var gateway = start(carried);
                var busy = new Busy(gateway)) {

            var answer =
                    gateway.ask(
                            chatWith(
                                    model + ";error-bytes=40000",
                                    stream,
                                    "x-sluice-timeout-ms: 1000",
                                    "x-request-id: wordless"));

            assertThat(answer.status()).isEqualTo(status);
            var line = gateway.ledgerOf("wordless");
            assertThat(line.path("failure").asString("")).isNotEqualTo("busy");
            assertThat(line.has("tokens")).as(line.toString()).isFalse();
            busy.end();
        }
    }

    /// What a large body is refused for, in the words in which a small one is.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": 5, \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": \"TEXT\"}]}",
                "{\"model\": \"partner/sim-normal\", \"max_tokens\": 9, \"messages\": \"TEXT\"}",
                "{\"model\": \"partner/sim-normal\", \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\"}, {\"type\": \"container_upload\", \"file_id\": \"TEXT\"}]}]}",
                "{\"model\": \"partner/nobody-knows\", \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": \"TEXT\"}]}",
            })
    void aLargeBodyIsRefusedInTheSameWords(String body) {
        try (var gateway = start(Carried.BY_ITS_LOOP)) {
            var small =
                    gateway.ask(TestGateway.post("/v1/messages", body.replace("TEXT", "small")));
            var large =
                    gateway.ask(
                            TestGateway.post(
                                    "/v1/messages", body.replace("TEXT", "a".repeat(3_000_000))));

            assertThat(small.status()).isBetween(400, 404);
            assertThat(large.status()).isEqualTo(small.status());
            assertThat(large.json().path("error")).isEqualTo(small.json().path("error"));
        }
    }

    private static TestGateway start(Carried carried) {
        return TestGateway.planned().on(carried).loops(1).server("workers: 1").start();
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder(length + 8);
        while (text.length() < length) {
            switch (random.nextInt(20)) {
                case 0 -> text.append("\\n");
                case 1 -> text.append("\\u00e9");
                case 2 -> text.append("é€\uD83D\uDE00");
                case 3 -> text.append("\\\"");
                default -> text.append("word ");
            }
        }
        return text.toString();
    }

    private static String message(String content, String... headers) {
        return TestGateway.post("/v1/messages", messageBody(content), headers);
    }

    private static String messageBody(String content) {
        return """
        {"model": "partner/sim-normal", "max_tokens": 9, "messages": [{"role": "user", "content": "%s"}]}\
        """
                .formatted(content);
    }

    private static String chat(String content) {
        return TestGateway.post("/v1/chat/completions", chatBody(content));
    }

    private static String chatWith(String model, boolean stream, String... headers) {
        return TestGateway.chat("partner/" + model, stream, headers);
    }

    private static String chatBody(String content) {
        return """
        {"model": "partner/sim-normal", "messages": [{"role": "user", "content": "%s"}]}\
        """
                .formatted(content);
    }

    private static void awaitWaiting(TestGateway gateway, int calls) {
        var loops = gateway.gateway().loops();
        Patience.until(() -> calls + " calls in the line", () -> loops.waiting() == calls);
    }

    /// Keeps the gateway's worker as a large translation would: without a stop. It ends with its test, whatever comes of
    /// that, because the next one needs the processor.
    private static final class Busy implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Busy(TestGateway gateway) throws InterruptedException {
            var loop = gateway.gateway().loops().all().getFirst();
            var there = new CountDownLatch(1);
            loop.execute(() ->
                    loop.strand(
                                    strand -> {
                                        try (var _ =
                                                strand.aside(
                                                        Work.SCAN, Long.MAX_VALUE, Strand.NEVER)) {
                                            there.countDown();
                                            while (!over.get()) {
                                                Thread.onSpinWait();
                                            }
                                        }
                                        ended.complete(null);
                                    })
                            .start());
            assertThat(there.await(20, TimeUnit.SECONDS)).isTrue();
        }

        void end() throws Exception {
            over.set(true);
            ended.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
