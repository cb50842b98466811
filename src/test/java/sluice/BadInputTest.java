package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.PARTNER_KEY;
import static sluice.TestGateway.PROMPT;
import static sluice.TestGateway.body;
import static sluice.TestGateway.chat;
import static sluice.TestGateway.get;
import static sluice.TestGateway.post;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.call.Bytes;

/// Everything that can be wrong with a request or with the target's answer to it, as one table: each row is a request,
/// byte by byte, and the refusal that it gets.
class BadInputTest {
    private static final int MAX_BODY = 4096;
    private static final String MODEL = "workspace/databricks-gpt-5-2";
    private static final Pattern OWN_ID = Pattern.compile("req_[0-9a-f]{24}");
    private static final String NO_KEY_SENTENCE =
            "No valid key. Send a virtual key as 'Authorization: Bearer KEY', 'x-api-key: KEY' or"
                    + " 'x-bf-vk: KEY'.";

    /// {@code says} are parts of the message, {@code unsaid} what it must not hold.
    private record Row(
            String name,
            Bytes request,
            int status,
            List<String> says,
            List<String> unsaid,
            String code,
            String param,
            String source,
            boolean closes) {

        Row says(String... parts) {
            return new Row(
                    name, request, status, List.of(parts), unsaid, code, param, source, closes);
        }

        Row keepsQuietOf(String... parts) {
            return new Row(
                    name, request, status, says, List.of(parts), code, param, source, closes);
        }

        Row code(String other) {
            return new Row(name, request, status, says, unsaid, other, param, source, closes);
        }

        Row param(String other) {
            return new Row(name, request, status, says, unsaid, code, other, source, closes);
        }

        Row byTheProvider() {
            return new Row(name, request, status, says, unsaid, code, param, "provider", closes);
        }

        Row closing() {
            return new Row(name, request, status, says, unsaid, code, param, source, true);
        }
    }

    private static Row row(String name, int status, String request) {
        return row(name, status, request.getBytes(StandardCharsets.UTF_8));
    }

    private static Row row(String name, int status, byte[] request) {
        return new Row(
                name, Bytes.of(request), status, List.of(), List.of(), "", "", "client", false);
    }

    private static List<Row> table() {
        var rows = new ArrayList<Row>();
        rows.addAll(bodies());
        rows.addAll(keysAndModels());
        rows.addAll(routes());
        rows.addAll(framing());
        rows.addAll(targets());
        return rows;
    }

    private static List<Row> bodies() {
        var valid = body(MODEL, false);
        return List.of(
                row("not JSON", 400, asked("tell me, " + PROMPT)).says("not valid JSON"),
                row("cut JSON", 400, asked(valid.substring(0, valid.length() - 3))),
                row("JSON and more", 400, asked(valid + "{}")).says("not valid JSON"),
                row("an array", 400, asked("[" + valid + "]")),
                row("a string", 400, asked("\"" + PROMPT + "\"")),
                row("null", 400, asked("null")),
                row("empty", 400, asked("")),
                row("only spaces", 400, asked("   ")),
                row("no model", 400, asked("{\"messages\": [{\"content\": \"" + PROMPT + "\"}]}"))
                        .param("model")
                        .says("model", "missing"),
                row("model twice", 400, asked("{\"model\": \"a\", " + valid.substring(1)))
                        .param("model")
                        .says("model"),
                row(
                                "model twice, once with an escape",
                                400,
                                asked("{\"mod\\u0065l\": \"a\", " + valid.substring(1)))
                        .param("model"),
                row("messages twice", 400, asked("{\"messages\": [], " + valid.substring(1)))
                        .param("messages"),
                row("model is a number", 400, asked(valid.replace("\"" + MODEL + "\"", "5")))
                        .param("model"),
                row("model is null", 400, asked(valid.replace("\"" + MODEL + "\"", "null")))
                        .param("model"),
                row("model is empty", 400, asked(valid.replace(MODEL, ""))).param("model"),
                row("model is long", 400, asked(valid.replace(MODEL, "m".repeat(600))))
                        .param("model"),
                row("stream is a word", 400, asked(valid.replace("false", "\"yes\"")))
                        .param("stream"),
                row(
                                "options are a list",
                                400,
                                asked(valid.replace("false", "true, \"stream_options\": []")))
                        .param("stream_options"),
                row("no messages", 400, asked("{\"model\": \"" + MODEL + "\", \"prompt\": \"hi\"}"))
                        .param("messages"),
                row(
                                "nested 200 deep",
                                400,
                                asked(
                                        "{\"x\": "
                                                + "[".repeat(200)
                                                + "]".repeat(200)
                                                + ", "
                                                + valid.substring(1)))
                        .says("deeper than"),
                row("invalid UTF-8", 400, withByte(asked(valid.replace("Friday", "\u00e9!")), 0xC3))
                        .says("not valid UTF-8"),
                row("too large, told before", 413, asked(large(MAX_BODY + 1)))
                        .code("request_too_large")
                        .says("4096", "server.max_body_bytes"),
                row("very much too large", 413, chatHead("content-length: 999999999999999999"))
                        .code("request_too_large"),
                row(
                                "too large, in chunks",
                                413,
                                chatHead("transfer-encoding: chunked")
                                        + chunk(large(3000))
                                        + chunk(large(3000))
                                        + "0\r\n\r\n")
                        .code("request_too_large"));
    }

    private static List<Row> keysAndModels() {
        var valid = body(MODEL, false);
        var rows = new ArrayList<Row>();
        for (var header :
                List.of(
                        "x-none: 1",
                        "authorization: Bearer sk-slc-nobody-knows-this-key",
                        "authorization: Bearer",
                        "authorization: Bearer ",
                        "authorization: " + KEY,
                        "authorization: Basic " + KEY,
                        "authorization: Bearer " + KEY + " " + KEY,
                        "authorization: Bearer " + KEY.toUpperCase(java.util.Locale.ROOT),
                        "api-key: " + KEY,
                        "x-goog-api-key: " + KEY,
                        "cookie: key=" + KEY,
                        "x-api-key: " + KEY.substring(1),
                        "x-bf-vk: " + "k".repeat(5000))) {
            rows.add(
                    row(
                                    "key as " + header.substring(0, Math.min(30, header.length())),
                                    401,
                                    post("/v1/chat/completions", valid)
                                            .replace("authorization: Bearer " + KEY, header))
                            .code("invalid_api_key")
                            .says(NO_KEY_SENTENCE));
        }
        rows.add(
                row(
                                "no key and a bad body",
                                401,
                                asked("nonsense").replace("authorization", "x-authorization"))
                        .code("invalid_api_key")
                        .says(NO_KEY_SENTENCE));
        rows.add(
                row("no key for models", 401, get("/v1/models").replace("authorization", "x-a"))
                        .code("invalid_api_key")
                        .says(NO_KEY_SENTENCE));
        rows.add(
                row(
                                "key in the query",
                                401,
                                get("/v1/models?key=" + KEY).replace("authorization", "x-a"))
                        .code("invalid_api_key")
                        .says(NO_KEY_SENTENCE));
        rows.add(
                row("a key without that model", 403, chat(MODEL, false).replace(KEY, PARTNER_KEY))
                        .code("model_not_allowed")
                        .param("model")
                        .says("'partners'", MODEL));
        rows.add(
                row(
                                "a key without any model",
                                403,
                                chat(MODEL, true).replace(KEY, TestGateway.IDLE_KEY))
                        .code("model_not_allowed")
                        .param("model")
                        .says("'nothing'"));
        rows.add(
                row("an unknown model", 404, chat("databricks-gpt-5-3", false))
                        .code("model_not_found")
                        .param("model")
                        .says("databricks-gpt-5-3", "workspace/databricks-gpt-5-2"));
        rows.add(
                row(
                                "an unknown model to a key that sees little",
                                404,
                                chat("databricks-gpt-5-3", false).replace(KEY, PARTNER_KEY))
                        .code("model_not_found")
                        .param("model")
                        .keepsQuietOf("workspace"));
        rows.add(
                row("nearest", 404, chat("gpt-5-3", false).replace(KEY, PARTNER_KEY))
                        .code("model_not_found")
                        .param("model")
                        .says("partner/gpt-5-2")
                        .keepsQuietOf("workspace"));
        rows.add(
                row("an unknown target", 404, chat("elsewhere/gpt-5-2", true))
                        .code("model_not_found")
                        .param("model")
                        .says("partner/gpt-5-2"));
        rows.add(
                row("an unknown model in the path", 404, get("/v1/models/gpt-5-3"))
                        .code("model_not_found")
                        .param("model")
                        .says("partner/gpt-5-2"));
        return rows;
    }

    private static List<Row> routes() {
        return List.of(
                row("unknown route", 404, get("/v2/everything"))
                        .code("not_found")
                        .says("/v2/everything"),
                row("unknown route with a body", 404, post("/v1/embedding", body(MODEL, false)))
                        .code("not_found"),
                row("the root", 404, get("/")).code("not_found"),
                row("dots", 404, get("/v1/../v1/models/../../health")).code("not_found"),
                row("broken escape", 400, get("/v1/models/%zz")).says("percent"),
                row("GET to chat", 405, get("/v1/chat/completions")).says("POST"),
                row("PUT to chat", 405, asked(body(MODEL, false)).replace("POST", "PUT")),
                row("POST to models", 405, post("/v1/models", "{}")).says("GET"),
                row("DELETE a model", 405, get("/v1/models/x").replace("GET", "DELETE")),
                row("POST to health", 405, post("/health/live", "{}")).says("GET"),
                row("OPTIONS to chat", 405, get("/v1/chat/completions").replace("GET", "OPTIONS")),
                row("an id with a space in it", 404, get("/v2", "x-request-id: not one id"))
                        .code("not_found"),
                row("an id that is long", 404, get("/v2", "x-request-id: " + "i".repeat(129)))
                        .code("not_found"),
                row("an id of 128", 404, get("/v2", "x-request-id: " + "i".repeat(128)))
                        .code("not_found"));
    }

    /// What two readers of the same bytes could understand differently: refused, and nothing more is read.
    private static List<Row> framing() {
        var rows = new LinkedHashMap<String, String>();
        var body = body(MODEL, false);
        int length = body.length();
        rows.put("both lengths", with("transfer-encoding: chunked", "content-length: 5"));
        rows.put(
                "both lengths, the other way",
                with("content-length: 5", "transfer-encoding: chunked"));
        rows.put("two lengths", with("content-length: " + length, "content-length: 5") + body);
        rows.put("a list of lengths", with("content-length: " + length + ", 5") + body);
        rows.put(
                "the same length as a list",
                with("content-length: " + length + ", " + length) + body);
        rows.put("a length that is no number", with("content-length: many") + body);
        rows.put("a length beyond all numbers", with("content-length: 99999999999999999999"));
        rows.put("a length with a sign", with("content-length: +" + length) + body);
        rows.put("a length below zero", with("content-length: -1") + body);
        rows.put("an empty length", with("content-length: ") + body);
        rows.put("a hexadecimal length", with("content-length: 0x10") + body);
        rows.put("an unknown coding", with("transfer-encoding: gzip") + body);
        rows.put("identity", with("transfer-encoding: identity") + body);
        rows.put("chunked and more", with("transfer-encoding: chunked, gzip") + body);
        rows.put(
                "chunked twice",
                with("transfer-encoding: chunked, chunked") + chunk(body) + "0\r\n\r\n");
        rows.put("nearly chunked", with("transfer-encoding: xchunked") + chunk(body) + "0\r\n\r\n");
        rows.put(
                "two codings",
                with("transfer-encoding: chunked", "transfer-encoding: identity")
                        + chunk(body)
                        + "0\r\n\r\n");
        rows.put(
                "a chunk size that is none",
                with("transfer-encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n");
        rows.put(
                "a chunk size below zero",
                with("transfer-encoding: chunked") + "-2\r\n{}\r\n0\r\n\r\n");
        rows.put(
                "a chunk size too large",
                with("transfer-encoding: chunked") + "fffffffff\r\n{}\r\n");
        rows.put(
                "a chunk without its end",
                with("transfer-encoding: chunked") + "2\r\n{}{}\r\n0\r\n\r\n");
        rows.put("a folded header", with("x-folded: a\r\n b", "content-length: " + length) + body);
        rows.put("a folded length", with("content-length:\r\n " + length) + body);
        rows.put(
                "a first header that is folded",
                "POST /v1/chat/completions HTTP/1.1\r\n x: y\r\nhost: x\r\n\r\n");
        rows.put("a space before a colon", with("content-length : " + length) + body);
        rows.put(
                "the key with a space before its colon",
                "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization : Bearer " + KEY + "\r\n\r\n");
        rows.put(
                "a bare CR",
                with("x-a: b\rtransfer-encoding: chunked", "content-length: 2") + "{}");
        rows.put(
                "a bare CR at the end",
                "GET /v1/models HTTP/1.1\r\nhost: x\rauthorization: Bearer " + KEY + "\r\n\r\n");
        rows.put("a NUL", with("x-a: b\0c", "content-length: 2") + "{}");
        rows.put(
                "a line without a colon", with("no colon here " + KEY, "content-length: 2") + "{}");
        rows.put("a header without a name", with(": " + KEY, "content-length: 2") + "{}");
        rows.put("a name with a space", with("x a: b", "content-length: 2") + "{}");
        rows.put("no host", get("/v1/models").replace("host: gateway\r\n", ""));
        rows.put("no host in front of a body", asked(body).replace("host: gateway\r\n", ""));
        rows.put("no host for health", "GET /health/live HTTP/1.1\r\n\r\n");
        rows.put("no host though the target names one", "GET http://x/v1/models HTTP/1.1\r\n\r\n");
        rows.put("the same host twice", get("/v1/models", "Host: gateway"));
        rows.put("another host", get("/v1/models", "host: elsewhere"));
        rows.put("a list as a host", get("/v1/models").replace("gateway", "gateway, elsewhere"));
        rows.put("a path as a host", get("/v1/models").replace("gateway", "gateway/v2"));
        rows.put("a user at a host", get("/v1/models").replace("gateway", "me@gateway"));
        rows.put("no version", "GET /v1/models\r\nhost: x\r\n\r\n");
        rows.put("a line too long", get("/v1/models?" + "q".repeat(20_000)));
        rows.put("headers too large", get("/v1/models", "x-large: " + "h".repeat(70_000)));
        rows.put("too many headers", get("/v1/models", "x: 1234567890\r\n".repeat(6_000) + "y: z"));
        return rows.entrySet().stream()
                .map(entry -> row(entry.getKey(), statusOf(entry.getKey()), entry.getValue()))
                .map(row -> row.status() == 400 ? row : row.code("request_too_large"))
                .map(row -> row.name().contains("host") ? row.says("one valid Host header") : row)
                .map(Row::closing)
                .toList();
    }

    private static int statusOf(String head) {
        return switch (head) {
            case "a line too long" -> 414;
            case "headers too large", "too many headers" -> 431;
            default -> 400;
        };
    }

    private static List<Row> targets() {
        var rows = new ArrayList<Row>();
        for (boolean stream : new boolean[] {false, true}) {
            var unusable =
                    Map.of(
                            "gone/m", "cannot be reached: the connection was refused",
                            "unknown/m", "host name cannot be resolved",
                            "untrusted/m", "TLS does not hold",
                            "partner/sim-html", "'partner' sent no usable answer",
                            "partner/sim-error-login", "a redirect (status 302)",
                            "partner/sim-cut-before", "closed before any answer",
                            "partner/sim-cut-in-head", "closed before any answer",
                            "partner/sim-garbage", "not HTTP",
                            "partner/sim-huge-headers", "headers are too large",
                            "partner/sim-error-html", "failed with status 502");
            unusable.forEach((model, words) ->
                    rows.add(upstream(model, stream, 502).code("upstream_error").says(words)));
            rows.add(
                    upstream("partner/sim-unauthorized", stream, 502)
                            .code("upstream_error")
                            .says("own credential", "status 401"));
            rows.add(
                    upstream("impostor/m", stream, 502)
                            .code("upstream_error")
                            .says("'impostor'", "own credential"));
            rows.add(
                    upstream("workspace/sim-error-token", stream, 502)
                            .code("upstream_error")
                            .says("own credential", "status 400"));
            rows.add(
                    upstream("partner/sim-fault", stream, 502)
                            .code("upstream_error")
                            .says("status 500"));
            rows.add(upstream("partner/sim-unavailable", stream, 503).code("overloaded"));
            rows.add(
                    upstream("partner/sim-error-limit", stream, 429)
                            .code("rate_limit_exceeded")
                            .says("Rate limit exceeded."));
            rows.add(
                    upstream("partner/sim-forbidden", stream, 403)
                            .code("invalid_api_key")
                            .says("asked for this error"));
            for (int status : new int[] {400, 404, 409, 413, 422}) {
                rows.add(
                        upstream("partner/sim-error;status=" + status, stream, status)
                                .code(status == 404 ? "RESOURCE_DOES_NOT_EXIST" : "BAD_REQUEST")
                                .says("asked for this error"));
            }
            rows.add(
                    upstream("workspace/sim-error-nested", stream, 400)
                            .code("BAD_REQUEST")
                            .says("reasoning_details: Extra inputs"));
            rows.add(
                    upstream("workspace/no-such-endpoint", stream, 404)
                            .code("model_not_found")
                            .param("model")
                            .says("does not exist"));
            rows.add(
                    upstream("silent/sim-silent", stream, 504)
                            .code("timeout")
                            .says("first byte limit of 1000 ms"));
            rows.add(
                    upstream("pausing/sim-silent-stream", stream, 504)
                            .code("timeout")
                            .says("idle limit of 1000 ms"));
            rows.add(
                    upstream("endless/sim-silent-stream;delay=300", stream, 504)
                            .code("timeout")
                            .says("total limit of 2000 ms"));
        }
        rows.add(
                upstream("partner/sim-not-json", true, 502)
                        .code("upstream_error")
                        .says("not JSON"));
        rows.add(upstream("partner/sim-error-first", true, 502).code("upstream_error"));
        rows.add(upstream("partner/sim-cut-after-head", true, 502).code("upstream_error"));
        rows.add(upstream("partner/sim-cut-in-event", false, 502).code("upstream_error"));
        return rows;
    }

    private static Row upstream(String model, boolean stream, int status) {
        return row(model + (stream ? ", streamed" : ""), status, chat(model, stream))
                .byTheProvider()
                .says("'" + model.substring(0, model.indexOf('/')) + "'");
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void everyBadInputIsRefusedOnceAndLeavesNothing(Carried carried) throws Exception {
        try (var leaks = new LeakDetector();
                var gateway = gateway(carried)) {
            int told = 0;
            for (int round = 0; round < 2; round++) {
                var table = table();
                var answers = askAll(gateway, table);
                told += table.size();
                int unanswered = (int) answers.stream().filter(a -> a.status() == 0).count();
                gateway.ledger(told - unanswered);
                assertAll(
                        IntStream.range(0, table.size())
                                .mapToObj(i -> () -> check(table.get(i), answers.get(i), gateway)));
            }
            assertThat(gateway.ledger()).hasSize(told);
            gateway.awaitOpenConnections(0);
            gateway.workspace().recording().awaitOpenRequests(0, Patience.LONG);
            gateway.partner().recording().awaitOpenRequests(0, Patience.LONG);
            assertThat(leaks.reports()).isEmpty();
        }
    }

    private static TestGateway gateway(Carried carried) throws Exception {
        int closed;
        try (var once = new java.net.ServerSocket(0)) {
            closed = once.getLocalPort();
        }
        var custom =
                "provider: custom, base_format: openai, secret_key_ref: {env: PARTNER_TOKEN}, ";
        return TestGateway.planned()
                .on(carried)
                .server("max_body_bytes: " + MAX_BODY)
                .target(
                        "id: gone, models: [m], "
                                + custom
                                + "base_url: \"http://127.0.0.1:"
                                + closed
                                + "\"")
                .target(
                        "id: unknown, models: [m], "
                                + custom
                                + "base_url: \"http://nowhere.invalid\"")
                .target("id: untrusted, models: [m], " + custom + "base_url: \"TLS_PARTNER\"")
                .target(
                        "id: impostor, models: [m], provider: custom, base_format: openai, secret_key_ref: {env: WORKSPACE_TOKEN}, base_url: \"PARTNER\"")
                .target(
                        "id: silent, first_byte_timeout_seconds: 1, "
                                + custom
                                + "base_url: \"PARTNER\"")
                .target("id: pausing, idle_timeout_seconds: 1, " + custom + "base_url: \"PARTNER\"")
                .target("id: endless, timeout_seconds: 2, " + custom + "base_url: \"PARTNER\"")
                .start();
    }

    /// All rows at once, each on a connection of its own.
    private static List<Answer> askAll(TestGateway gateway, List<Row> table) throws Exception {
        var asked = new ArrayList<Callable<Answer>>();
        for (var row : table) {
            asked.add(() -> ask(gateway, row));
        }
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Answer>();
            for (var answer : clients.invokeAll(asked)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        }
    }

    private static Answer ask(TestGateway gateway, Row row) {
        try (var socket = gateway.connect()) {
            var answer = socket.send(row.request().copy()).answer();
            if (row.closes()) {
                assertThat(socket.rest()).as(row.name()).isEmpty();
            }
            return answer;
        } catch (RuntimeException | AssertionError failed) {
            return new Answer(0, Map.of(), "no answer: " + failed);
        }
    }

    private static void check(Row row, Answer answer, TestGateway gateway) {
        var name = row.name() + " -> " + answer;
        assertThat(answer.status()).as(name).isEqualTo(row.status());
        if (answer.status() == 0) {
            return;
        }
        assertThat(answer.header("content-type")).as(name).isEqualTo("application/json");
        assertThat(answer.header("server-timing")).as(name).contains(";dur=");
        assertThat(answer.header("x-sluice-error-source")).as(name).isEqualTo(row.source());
        assertThat(answer.header("allow").isEmpty()).as(name).isEqualTo(row.status() != 405);
        var error = answer.error();
        assertThat(error.propertyNames())
                .as(name)
                .containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.path("type").asString("")).as(name).isNotEmpty();
        assertThat(error.path("code").asString("")).as(name).isEqualTo(row.code());
        assertThat(error.path("param").asString("")).as(name).isEqualTo(row.param());
        assertThat(answer.message()).as(name).isNotEmpty();
        for (var part : row.says()) {
            assertThat(answer.message()).as(name).contains(part);
        }
        for (var part : row.unsaid()) {
            assertThat(answer.message()).as(name).doesNotContain(part);
        }
        checkSecrets(answer.whole(), name);
        checkLedger(row, answer, gateway, name);
    }

    private static void checkLedger(Row row, Answer answer, TestGateway gateway, String name) {
        var sent = row.request().utf8();
        boolean brought = row.name().equals("an id of 128");
        if (brought) {
            assertThat(sent).contains(answer.id());
        } else {
            assertThat(answer.id()).as(name).matches(OWN_ID);
        }
        var lines =
                gateway.ledger().stream()
                        .filter(line -> line.path("id").asString("").equals(answer.id()))
                        .toList();
        assertThat(lines).as(name).hasSizeBetween(1, brought ? 2 : 1);
        for (var line : lines) {
            assertThat(line.path("status").asInt()).as(name).isEqualTo(answer.status());
            assertThat(line.path("failure").asString("")).as(name).isNotEmpty();
            checkSecrets(line.toString(), name);
        }
    }

    /// Nobody learns from a refusal what only others may know.
    private static void checkSecrets(String text, String name) {
        assertThat(text)
                .as(name)
                .doesNotContain(
                        PROMPT,
                        KEY,
                        PARTNER_KEY,
                        TestGateway.IDLE_KEY,
                        TestGateway.WORKSPACE_TOKEN,
                        TestGateway.PARTNER_TOKEN,
                        "127.0.0.1",
                        "localhost",
                        "nowhere.invalid",
                        "Exception",
                        "io.netty");
    }

    private static String asked(String body) {
        return post("/v1/chat/completions", body);
    }

    /// A chat request's head, up to the empty line, with these headers in place of the usual length.
    private static String with(String... headers) {
        return chatHead(headers);
    }

    private static String chatHead(String... headers) {
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
                + KEY
                + "\r\n"
                + TestGateway.lines(headers)
                + "\r\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static String large(int size) {
        return " ".repeat(size);
    }

    /// The request with its last two-byte character cut to the first byte, which no UTF-8 text holds alone.
    private static byte[] withByte(String request, int lead) {
        var bytes = request.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & 0xff) == lead) {
                bytes[i + 1] = '!';
            }
        }
        return bytes;
    }
}
