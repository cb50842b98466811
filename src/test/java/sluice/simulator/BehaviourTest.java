package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BehaviourTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Simulator simulator =
            Simulator.start(
                    0, Settings.standard().withClock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)));
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @ParameterizedTest
    @EnumSource(Behaviour.class)
    void everyBehaviourReadsItsOwnOptions(Behaviour behaviour) {
        assertThat(Script.read(behaviour.with())).isNotNull();
        assertThat(behaviour.model()).startsWith("sim-").isLowerCase();
        assertThat(behaviour.sentence()).isNotBlank();
    }

    @Test
    void everyOptionInAPresetIsDocumented() {
        for (var behaviour : Behaviour.values()) {
            for (var pair : behaviour.preset().split(";", -1)) {
                if (!pair.isEmpty()) {
                    assertThat("\n" + Behaviour.OPTIONS)
                            .contains("\n" + pair.substring(0, pair.indexOf('=') + 1));
                }
            }
        }
    }

    @Test
    void aBehaviourIsChosenByHeaderByModelByQueueAndByDefault() {
        simulator.always("forbidden");
        simulator.next("unavailable", "normal");

        assertThat(caller.chat("databricks-gpt-5-2", "Hi", false, Behaviour.HEADER, "timeout"))
                .returns(504, HttpResponse::statusCode);
        assertThat(caller.chat("sim-fault", "Hi", false)).returns(500, HttpResponse::statusCode);
        assertThat(caller.chat("databricks-gpt-5-2", "Hi", false).statusCode()).isEqualTo(503);
        assertThat(caller.chat("databricks-gpt-5-2", "Hi", false).statusCode()).isEqualTo(200);
        assertThat(caller.chat("databricks-gpt-5-2", "Hi", false).statusCode()).isEqualTo(403);
    }

    @Test
    void listsCanFailToo() {
        simulator.listing("rate-limited");

        assertThat(caller.get("/api/2.0/serving-endpoints").statusCode()).isEqualTo(429);
        assertThat(caller.get("/v1/models").statusCode()).isEqualTo(429);
        assertThat(caller.chat("databricks-gpt-5-2", "Hi", false).statusCode()).isEqualTo(200);
    }

    @Test
    void aBehaviourCanEndAfterAFewTimes() {
        var model = Behaviour.UNAVAILABLE.model("times=2");

        assertThat(caller.chat(model, "Hi", false).statusCode()).isEqualTo(503);
        assertThat(caller.chat(model, "Hi", false).statusCode()).isEqualTo(503);
        assertThat(caller.chat(model, "Hi", false).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "normal;colour=red", "normal;delay=soon", "cut;at=noon"})
    void aBehaviourThatDoesNotExistIsSaidSo(String spec) {
        var reply = caller.chat("sim-" + spec, "Hi", false);

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(Caller.json(reply).at("/message").asString()).startsWith("simulator: ");
    }

    // --- what is said

    @Test
    void contentCanBeAListOfItems() {
        var plain = Caller.json(caller.chat("sim-content-list", "Hi", false));
        var chunks = Caller.chunks(caller.chat("sim-content-list", "Hi", true));

        var content = plain.at("/choices/0/message/content");
        assertThat(content.at("/0/type").asString()).isEqualTo("reasoning");
        assertThat(content.at("/0/summary/0/type").asString()).isEqualTo("summary_text");
        assertThat(content.at("/0/summary/0/signature").asString()).isNotEmpty();
        assertThat(content.at("/1/type").asString()).isEqualTo("text");
        assertThat(content.at("/1/text").asString()).startsWith("You said: Hi");
        var types =
                chunks.stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content/0/type").asString(""))
                        .filter(type -> !type.isEmpty())
                        .distinct();
        assertThat(types).containsExactly("reasoning", "text");
        assertThat(chunks.getLast().at("/usage")).isEqualTo(plain.at("/usage"));
    }

    @Test
    void gptOssReasonsOfItsOwn() {
        var reply = Caller.json(caller.chat("databricks-gpt-oss-120b", "Hi", false));

        assertThat(reply.at("/choices/0/message/content").isArray()).isTrue();
    }

    @Test
    void contentCanBeNull() {
        var reply = Caller.json(caller.chat("sim-content-null", "Hi", false));

        assertThat(reply.at("/choices/0/message/content").isNull()).isTrue();
    }

    @Test
    void theReplyCanBeGivenWordForWord() {
        var model = Behaviour.NORMAL.model("say=Mail%20ada@example.com%3B 100%25+1");

        assertThat(Caller.said(caller.chat(model, "Hi", true)))
                .isEqualTo("Mail ada@example.com; 100%+1");
    }

    @Test
    void textCanHoldTheFieldNameOfTheFraming() {
        var stream = caller.chat("sim-data-in-text", "Hi", true);

        assertThat(Caller.said(stream))
                .isEqualTo("The line data: {\"a\":1} and data: [DONE] are text here.");
    }

    @Test
    void aReplyCanBeHuge() {
        var model = Behaviour.HUGE_REPLY.model("size=3000000");

        var plain = caller.chat(model, "Hi", false);
        var stream = caller.chat(model, "Hi", true);

        assertThat(plain.body().length()).isBetween(3_000_000, 3_001_000);
        assertThat(Caller.said(stream).length()).isGreaterThanOrEqualTo(3_000_000);
    }

    @Test
    void anEventCanHoldAMegabyte() {
        var stream = caller.chat("sim-huge-event", "Hi", true).body();

        assertThat(stream.lines().mapToInt(String::length).max().orElse(0)).isGreaterThan(1 << 20);
    }

    @Test
    void framesAreCounted() {
        var chunks = Caller.chunks(caller.chat("sim-paced;frames=7;interval=0", "Hi", true));

        assertThat(
                        chunks.stream()
                                .map(c -> c.at("/choices/0/delta/content").asString(""))
                                .filter(text -> !text.isEmpty()))
                .hasSize(7);
    }

    // --- tools

    @Test
    void aToolIsCalledWhenTheLastMessageNamesIt() {
        var asked = withTools("Please use get_weather for Paris", "\"auto\"", false);
        var call = Caller.json(asked).at("/choices/0/message/tool_calls/0");

        assertThat(Caller.json(asked).at("/choices/0/finish_reason").asString())
                .isEqualTo("tool_calls");
        assertThat(Caller.json(asked).at("/choices/0/message/content").isNull()).isTrue();
        assertThat(call.at("/function/name").asString()).isEqualTo("get_weather");
        assertThat(Caller.json(call.at("/function/arguments").asString()))
                .isEqualTo(Caller.json("{\"city\":\"some city\",\"days\":1}"));
    }

    @Test
    void theChoiceDecidesOverTheWords() {
        assertThat(calledBy(withTools("Hi", "\"auto\"", false))).isEmpty();
        assertThat(calledBy(withTools("Hi", "\"required\"", false))).containsExactly("get_weather");
        assertThat(
                        calledBy(
                                withTools(
                                        "Hi",
                                        "{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}",
                                        false)))
                .containsExactly("get_time");
        assertThat(calledBy(withTools("get_weather", "\"none\"", false))).isEmpty();
        assertThat(calledBy(withTools("get_weather and get_time", "\"auto\"", false)))
                .containsExactly("get_weather", "get_time");
    }

    @Test
    void aResultOfAToolIsAnsweredInWords() {
        var reply =
                caller.post(
                        "/serving-endpoints/chat/completions",
                        """
                        {"model": "databricks-gpt-5-2",
                         "tools": [{"type": "function", "function": {"name": "get_time"}}],
                         "messages": [
                           {"role": "user", "content": "get_time please"},
                           {"role": "assistant", "content": null, "tool_calls": [
                             {"id": "call_1", "type": "function",
                              "function": {"name": "get_time", "arguments": "{}"}}]},
                           {"role": "tool", "tool_call_id": "call_1", "content": "noon, get_time"}]}\
                        """);

        assertThat(Caller.json(reply).at("/choices/0/message/content").asString())
                .startsWith("The tool answered: noon");
    }

    @Test
    void aStreamedCallNamesItselfOnlyOnce() {
        var deltas = deltas(withTools("get_weather", "\"auto\"", true));

        assertThat(deltas.getFirst().at("/id").asString()).isNotEmpty();
        assertThat(deltas.getFirst().at("/function/name").asString()).isEqualTo("get_weather");
        assertThat(deltas.subList(1, deltas.size()))
                .hasSizeGreaterThan(1)
                .noneMatch(delta -> delta.has("id") || delta.at("/function").has("name"));
        assertThat(Caller.json(arguments(deltas, 0)))
                .isEqualTo(Caller.json("{\"city\":\"some city\",\"days\":1}"));
    }

    @Test
    void parallelCallsCanTakeTurns() {
        var deltas = deltas(caller.chat("sim-tools-interleaved", "Hi", true));

        assertThat(deltas.stream().limit(6).map(delta -> delta.at("/index").asInt()))
                .containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(Caller.json(arguments(deltas, 0)).isObject()).isTrue();
        assertThat(Caller.json(arguments(deltas, 1)).isObject()).isTrue();
    }

    @Test
    void bracesCanStandAloneOrBeforeTheArguments() {
        var alone = deltas(caller.chat("sim-tools-braces", "Hi", true));
        var before = deltas(caller.chat("sim-tools-braces-first", "Hi", true));

        assertThat(arguments(alone, 0)).isEqualTo("{}");
        assertThat(before.getFirst().at("/function/arguments").asString()).isEqualTo("{}");
        assertThat(arguments(before, 0)).startsWith("{}{\"");
    }

    // --- usage

    @Test
    void usageComesWhereItIsAskedFor() {
        assertThat(usageOf("sim-usage-every-chunk")).doesNotContain("-");
        assertThat(usageOf("sim-usage-on-finish")).containsOnlyOnce("u").endsWith("u");
        assertThat(usageOf("sim-usage-extra")).containsOnlyOnce("u").endsWith("-u");
        assertThat(usageOf("sim-usage-delta")).containsOnlyOnce("u").endsWith("-u");
        assertThat(usageOf("sim-usage-after")).containsOnlyOnce("u").endsWith("---u");
        assertThat(usageOf("sim-usage-none")).doesNotContain("u");
    }

    @Test
    void theExtraChunkHasNoChoicesOrAnEmptyDelta() {
        var extra = Caller.chunks(caller.chat("sim-usage-extra", "Hi", true)).getLast();
        var delta = Caller.chunks(caller.chat("sim-usage-delta", "Hi", true)).getLast();

        assertThat(extra.at("/choices").isEmpty()).isTrue();
        assertThat(delta.at("/choices/0/delta").isEmpty()).isTrue();
        assertThat(delta.at("/choices/0/finish_reason").isNull()).isTrue();
    }

    @Test
    void aPlainReplyCanKeepItsUsageToItself() {
        assertThat(Caller.json(caller.chat("sim-usage-none", "Hi", false)).has("usage")).isFalse();
    }

    // --- framing

    @Test
    void linesCanEndWithCarriageReturns() {
        var body = caller.chat("sim-crlf", "Hi", true).body();

        assertThat(body).endsWith("}\r\n\r\ndata: [DONE]\r\n\r\n");
        assertThat(body.replace("\r\n", "")).doesNotContain("\n");
    }

    @Test
    void theSpaceAfterTheFieldNameCanBeLeftOut() {
        assertThat(caller.chat("sim-no-space", "Hi", true).body())
                .startsWith("data:{")
                .endsWith("\n\ndata:[DONE]\n\n");
    }

    @Test
    void commentsCanStandBetweenEvents() {
        assertThat(caller.chat("sim-comments", "Hi", true).body())
                .startsWith(": keep-alive\n\ndata: {")
                .endsWith("\n\n: keep-alive\n\ndata: [DONE]\n\n");
    }

    @Test
    void anEventCanHaveTwoDataLines() {
        var body = caller.chat("sim-two-lines", "Hi", true).body();

        assertThat(body).startsWith("data: {\ndata: \"id\":").endsWith("\n\ndata: [DONE]\n\n");
    }

    @Test
    void everyByteCanTravelAlone() throws IOException {
        try (var socket =
                caller.raw(caller.rawChat("sim-byte-by-byte", true, "connection: close"))) {
            var answer = Caller.rest(socket.getInputStream());

            assertThat(answer)
                    .contains("\r\n\r\n1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n1\r\n:\r\n");
        }
        assertThat(caller.chat("sim-byte-by-byte", "Hi", true).body()).endsWith("data: [DONE]\n\n");
        assertThat(caller.chat("sim-byte-by-byte", "Hi", false).statusCode()).isEqualTo(200);
    }

    @Test
    void allEventsCanTravelTogether() throws IOException {
        try (var socket = caller.raw(caller.rawChat("sim-one-write", true, "connection: close"))) {
            var body = Caller.rest(socket.getInputStream()).split("\r\n\r\n", 2)[1];

            int size = Integer.parseInt(body.substring(0, body.indexOf('\r')), 16);
            assertThat(size).isGreaterThan(1000);
            assertThat(body).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
        }
    }

    @Test
    void aWriteCanEndInsideACharacter() throws IOException {
        try (var socket = caller.raw(caller.rawChat("sim-split-utf8", true, "connection: close"))) {
            var raw =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(raw).contains("Gr\u00c3\r\n"); // the first half of "ü", then the chunk ends
        }
        assertThat(Caller.said(caller.chat("sim-split-utf8", "Hi", true)))
                .isEqualTo("Grüße 你好 🌍!");
    }

    @Test
    void aReplyCanBeCompressed() throws IOException {
        for (boolean stream : List.of(true, false)) {
            var request =
                    caller.request("/serving-endpoints/chat/completions")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            Caller.body("sim-gzip", "Hi", stream)))
                            .build();
            var reply = bytes(request);

            assertThat(reply.headers().firstValue("content-encoding")).contains("gzip");
            try (var plain = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
                assertThat(Caller.rest(plain)).contains("choices");
            }
        }
    }

    @Test
    void aBodyCanEndWithTheConnection() throws IOException {
        try (var socket = caller.raw(caller.rawChat("sim-close-delimited", true))) {
            var answer = Caller.rest(socket.getInputStream());

            assertThat(answer)
                    .contains("connection: close\r\n\r\ndata: {")
                    .doesNotContain("transfer-encoding")
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void headersCanBeHuge() throws IOException {
        try (var socket =
                caller.raw(caller.rawChat("sim-huge-headers", false, "connection: close"))) {
            var answer = Caller.rest(socket.getInputStream());

            assertThat(answer.indexOf("\r\n\r\n")).isGreaterThan(128 << 10);
        }
    }

    // --- time

    @ParameterizedTest
    @ValueSource(
            strings = {"slow;delay=80", "slow-first-event;first=80", "paced;frames=8;interval=10"})
    void aReplyTakesItsTime(String spec) {
        long start = System.nanoTime();

        assertThat(caller.chat("sim-" + spec, "Hi", true).body()).endsWith("data: [DONE]\n\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(80));
    }

    @ParameterizedTest
    @CsvSource({"silent, 0, false", "silent-stream, 0, true", "stalled, 2, true"})
    void silenceLastsUntilTheCallerLeaves(String behaviour, int events, boolean head)
            throws IOException {
        try (var socket = caller.raw(caller.rawChat("sim-" + behaviour, true))) {
            simulator.recording().awaitRequests(1, PATIENCE);
            if (head) {
                readUntil(socket.getInputStream(), "\r\n\r\n");
            }
            for (int i = 0; i < events; i++) {
                readUntil(socket.getInputStream(), "\n\n");
            }
            assertThat(simulator.recording().openRequests()).isEqualTo(1);
        }
        simulator.recording().awaitAborted(1, PATIENCE);
        simulator.recording().awaitOpenConnections(0, PATIENCE);
    }

    // --- endings

    @Test
    void aConnectionIsCutWhereverTheScriptSays() throws IOException {
        assertThat(rawAnswer("cut-before")).isEmpty();
        assertThat(rawAnswer("cut-in-head")).startsWith("HTTP/1.1 200").doesNotContain("\r\n\r\n");
        assertThat(rawAnswer("cut-after-head")).endsWith("\r\n\r\n").doesNotContain("data:");
        assertThat(rawAnswer("cut-in-event")).endsWith("\r\n").doesNotEndWith("\n\n\r\n");
        assertThat(rawAnswer("cut")).endsWith("}\n\n\r\n").doesNotContain("\"stop\"");
        assertThat(rawAnswer("cut-before-done"))
                .endsWith("}\n\n\r\n")
                .contains("\"stop\"")
                .doesNotContain("[DONE]");
        assertThat(rawAnswer("no-done")).contains("\"stop\"").endsWith("\n\n\r\n0\r\n\r\n");
        assertThat(simulator.recording().seen().getLast().outcome())
                .isEqualTo(Recording.Outcome.COMPLETE);
        assertThat(simulator.recording().seen().getFirst().outcome())
                .isEqualTo(Recording.Outcome.CUT);
    }

    @Test
    void whatIsHeldForOneWriteIsSentBeforeTheCut() throws IOException {
        assertThat(rawAnswer("cut;writes=whole;after=3"))
                .containsOnlyOnce("\r\n\r\n")
                .endsWith("}\n\n\r\n");
    }

    @Test
    void aPlainReplyIsCutHalfWay() {
        assertThatThrownBy(() -> caller.chat("sim-cut-in-event", "Hi", false))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aConnectionCanBeReset() throws IOException {
        try (var socket = caller.raw(caller.rawChat("sim-reset", true))) {
            assertThatThrownBy(() -> Caller.rest(socket.getInputStream()))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    // --- nonsense

    @Test
    void anAnswerCanBeNoHttpAtAll() throws IOException {
        assertThat(rawAnswer("garbage")).isEqualTo("SSH-2.0-OpenSSH_9.6\r\n");
    }

    @Test
    void aSuccessCanBeAWebPage() {
        var reply = caller.chat("sim-html", "Hi", true);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(reply.body()).startsWith("<!doctype html>");
    }

    @Test
    void aStreamCanBeAnsweredWithAnErrorAsASuccess() {
        var reply = caller.chat("sim-json-error", "Hi", true);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type")).contains("application/json");
        assertThat(Caller.json(reply).has("error_code")).isTrue();
    }

    @Test
    void eventsCanHoldAnythingButChunks() {
        var notJson = Caller.data(caller.chat("sim-not-json", "Hi", true).body());
        var first = Caller.data(caller.chat("sim-error-first", "Hi", true).body());
        var code = Caller.data(caller.chat("sim-error-code-first", "Hi", true).body());
        var mid = Caller.data(caller.chat("sim-error-mid", "Hi", true).body());

        assertThat(notJson.getFirst()).isEqualTo("this is not JSON");
        assertThat(Caller.json(first.getFirst()).at("/error/message").asString()).isNotEmpty();
        assertThat(Caller.json(code.getFirst()).has("error_code")).isTrue();
        assertThat(Caller.json(mid.getFirst()).has("choices")).isTrue();
        assertThat(Caller.json(mid.getLast()).has("error")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "error, 400, '{\"error_code\":\"BAD_REQUEST\",\"message\":', '\"details\":[{\"@type\":'",
        "error-nested, 400, '{\"error_code\":\"BAD_REQUEST\",', '{\\\"message\\\":\\\"messages.1.'",
        "error-validator, 400, '{\"message\":\"system.2.', 'Extra inputs are not permitted\"}'",
        "error-limit, 429, '{\"error\":{\"message\":', '\"limit_type\":\"input_tokens_per_minute\"'",
        "error-token, 400, Invalid Token, Invalid Token",
        "error-html, 502, <!doctype html>, </html>",
        "error-login, 302, <!doctype html>, </html>",
        "unauthorized, 401, '{\"error_code\":\"UNAUTHENTICATED\"', message",
        "forbidden, 403, '{\"error_code\":\"PERMISSION_DENIED\"', message",
        "rate-limited, 429, '{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\"', message",
        "rate-limited-date, 429, '{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\"', message",
        "rate-limited-bare, 429, '{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\"', message",
        "fault, 500, '{\"error_code\":\"INTERNAL_ERROR\"', message",
        "not-implemented, 501, '{\"error_code\":\"FEATURE_DISABLED\"', message",
        "unavailable, 503, '{\"error_code\":\"TEMPORARILY_UNAVAILABLE\"', message",
        "timeout, 504, '{\"error_code\":\"DEADLINE_EXCEEDED\"', message",
    })
    void everyErrorHasItsShapeAndStatus(String name, int status, String start, String within) {
        for (boolean stream : List.of(true, false)) {
            var reply = caller.chat("sim-" + name, "Hi", stream);

            assertThat(reply.statusCode()).isEqualTo(status);
            assertThat(reply.body()).startsWith(start).contains(within);
        }
    }

    @Test
    void aNestedErrorHoldsAnotherInItsMessage() {
        var outer = Caller.json(caller.chat("sim-error-nested", "Hi", false));

        assertThat(Caller.json(outer.at("/message").asString()).at("/message").asString())
                .isEqualTo("messages.1.reasoning_details: Extra inputs are not permitted");
    }

    @Test
    void aLoginIsElsewhere() {
        assertThat(caller.chat("sim-error-login", "Hi", false).headers().firstValue("location"))
                .hasValueSatisfying(where -> assertThat(where).startsWith("/login.html"));
    }

    @Test
    void retryAfterIsSecondsOrADateOrMissing() {
        assertThat(retryAfter("sim-rate-limited")).isEqualTo("1");
        assertThat(retryAfter("sim-rate-limited-date;retry-after=90"))
                .isEqualTo("Thu, 01 Jan 1970 00:01:30 GMT");
        assertThat(retryAfter("sim-rate-limited-bare")).isEmpty();
    }

    @Test
    void aProviderSaysItsErrorsInItsOwnShape() {
        var reply =
                caller.post("/v1/chat/completions", Caller.body("sim-rate-limited", "Hi", false));

        assertThat(reply.statusCode()).isEqualTo(429);
        assertThat(Caller.json(reply).at("/error/type").asString()).isEqualTo("rate_limit_error");
    }

    private String retryAfter(String model) {
        return caller.chat(model, "Hi", false).headers().firstValue("retry-after").orElse("");
    }

    /// One letter for each chunk: u with usage, - without.
    private String usageOf(String model) {
        var letters = new StringBuilder();
        for (var chunk : Caller.chunks(caller.chat(model, "Hi", true))) {
            letters.append(chunk.at("/usage").isObject() ? 'u' : '-');
        }
        return letters.toString();
    }

    private String rawAnswer(String behaviour) throws IOException {
        try (var socket =
                caller.raw(caller.rawChat("sim-" + behaviour, true, "connection: close"))) {
            return Caller.rest(socket.getInputStream());
        }
    }

    private static void readUntil(InputStream in, String end) throws IOException {
        var seen = new StringBuilder();
        while (!seen.toString().endsWith(end)) {
            int next = in.read();
            assertThat(next).as("the stream ended after %s", seen).isNotNegative();
            seen.append((char) next);
        }
    }

    private HttpResponse<byte[]> bytes(HttpRequest request) {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private HttpResponse<String> withTools(String message, String choice, boolean stream) {
        return caller.post(
                "/serving-endpoints/chat/completions",
                """
                {"model": "databricks-claude-sonnet-4-5", "stream": %s, "tool_choice": %s,
                 "tools": [
                   {"type": "function", "function": {"name": "get_weather", "parameters": {
                     "type": "object",
                     "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}},
                   {"type": "function", "function": {"name": "get_time"}}],
                 "messages": [{"role": "user", "content": "%s"}]}\
                """
                        .formatted(stream, choice, message));
    }

    private static List<String> calledBy(HttpResponse<String> reply) {
        return Caller.json(reply)
                .at("/choices/0/message/tool_calls")
                .valueStream()
                .map(call -> call.at("/function/name").asString())
                .toList();
    }

    private static List<JsonNode> deltas(HttpResponse<String> stream) {
        return Caller.chunks(stream).stream()
                .flatMap(chunk -> chunk.at("/choices/0/delta/tool_calls").valueStream())
                .toList();
    }

    private static String arguments(List<JsonNode> deltas, int index) {
        var joined = new HashMap<Integer, String>();
        for (var delta : deltas) {
            joined.merge(
                    delta.at("/index").asInt(),
                    delta.at("/function/arguments").asString(""),
                    String::concat);
        }
        return joined.getOrDefault(index, "");
    }
}
