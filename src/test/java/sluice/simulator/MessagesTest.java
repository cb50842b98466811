package sluice.simulator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class MessagesTest {
    private static final String CLAUDE = "databricks-claude-sonnet-4-5";
    private static final String GATEWAY = "/ai-gateway/anthropic/v1/messages";

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/serving-endpoints/anthropic/v1/messages, databricks-claude-sonnet-4-5",
        "/ai-gateway/anthropic/v1/messages, system.ai.claude-sonnet-4-5",
        "/ai-gateway/anthropic/v1/messages, databricks-claude-sonnet-4-5",
        "/anthropic/v1/messages, system.ai.claude-sonnet-4-5",
        "/v1/messages?beta=true, claude-sonnet-4-5",
    })
    void everySurfaceAnswers(String path, String model) {
        var reply = ask(path, model, "\"max_tokens\": 1000", "Hi");

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        var json = Caller.json(reply);
        assertThat(json.at("/type").asString()).isEqualTo("message");
        assertThat(json.at("/content/0/text").asString()).startsWith("You said: Hi ");
        assertThat(json.at("/stop_reason").asString()).isEqualTo("end_turn");
        assertThat(json.at("/usage/input_tokens").asInt()).isEqualTo(0);
        assertThat(json.at("/usage/output_tokens").asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "normal",
                "thinking",
                "thinking-redacted",
                "thinking-omitted",
                "tools",
                "tools-parallel",
                "tools-empty",
                "tools-bare",
                "tools-after-text;reasoning=yes",
                "tools-interleaved",
                "cached",
                "normal;pings=3",
                "refusal",
                "paused"
            })
    void aStreamKeepsTheGrammarAndSaysWhatTheWholeSays(String behaviour) {
        var whole = Caller.json(ask(GATEWAY, "sim-" + behaviour, "\"max_tokens\": 1000", "Hi"));
        var stream = stream("sim-" + behaviour);

        var message = Grammar.message(stream.body());
        assertThat(message.content()).isEqualTo(whole.at("/content").toString());
        assertThat(message.stopReason()).isEqualTo(whole.at("/stop_reason").asString());
        assertThat(message.usage()).isEqualTo(whole.at("/usage").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "normal, end_turn",
        "max-tokens, max_tokens",
        "stop-sequence, stop_sequence",
        "refusal, refusal",
        "paused, pause_turn",
        "tools, tool_use",
        "context-full, model_context_window_exceeded"
    })
    void everyStopReasonCanBeHad(String behaviour, String reason) {
        var json = Caller.json(ask(GATEWAY, "sim-" + behaviour, "\"max_tokens\": 1000", "Hi"));

        assertThat(json.at("/stop_reason").asString()).isEqualTo(reason);
        assertThat(json.has("stop_details")).isEqualTo(reason.equals("refusal"));
    }

    @Test
    void aStopSequenceOfTheCallerStops() {
        var json =
                Caller.json(
                        ask(
                                GATEWAY,
                                CLAUDE,
                                "\"max_tokens\": 9, \"stop_sequences\": [\"said:\"]",
                                "Hi"));

        assertThat(json.at("/content/0/text").asString()).isEqualTo("You ");
        assertThat(json.at("/stop_sequence").asString()).isEqualTo("said:");
    }

    @Test
    void theCacheIsCountedBesideTheInput() {
        var usage =
                Caller.json(ask(GATEWAY, "sim-cached", "\"max_tokens\": 1000", "Hello there"))
                        .at("/usage");

        assertThat(usage.at("/input_tokens").asInt()).isEqualTo(3);
        assertThat(usage.at("/cache_read_input_tokens").asInt()).isEqualTo(1024);
        assertThat(usage.at("/cache_creation_input_tokens").asInt()).isEqualTo(256);
    }

    @Test
    void thinkingThatIsAskedForIsSignedAndMayComeBackUnchanged() {
        var json =
                Caller.json(
                        ask(
                                GATEWAY,
                                CLAUDE,
                                "\"max_tokens\": 4000, \"thinking\": {\"type\": \"enabled\","
                                        + " \"budget_tokens\": 1024}",
                                "Hi"));
        var turn = json.at("/content").toString();

        assertThat(json.at("/content/0/type").asString()).isEqualTo("thinking");
        assertThat(back(turn).statusCode()).isEqualTo(200);
        assertThat(back(turn.replace("answer in kind", "lie")).body())
                .contains("Invalid `signature`");
    }

    static List<String[]> faults() {
        return List.of(
                new String[] {"error-first", "overloaded_error"},
                new String[] {"error-mid", "overloaded_error"});
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aStreamCanEndInAnErrorEvent(String behaviour, String type) {
        var stream = stream("sim-" + behaviour);

        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.body()).contains("event: error\ndata: {").doesNotContain("message_stop");
        var last = Caller.json(Caller.data(stream.body()).getLast());
        assertThat(last.at("/error/type").asString()).isEqualTo(type);
    }

    @Test
    void aStreamCanForgetItsLastEvent() {
        assertThat(stream("sim-no-done").body())
                .contains("message_delta")
                .doesNotContain("_stop\"}");
    }

    @Test
    void aStreamCanConsistOfPings() throws IOException {
        var body =
                "{\"model\": \"sim-pings;interval=0;end=close;after=5\", \"stream\": true,"
                        + " \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\":"
                        + " \"Hi\"}]}";
        try (var socket =
                caller.raw(
                        "POST "
                                + GATEWAY
                                + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                                + simulator.settings().token()
                                + "\r\ncontent-length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body)) {
            var stream = Caller.rest(socket.getInputStream());

            assertThat(stream.split("event: ", -1)).hasSize(6);
            assertThat(stream.lines().filter(line -> line.startsWith("event: ")))
                    .containsOnly("event: ping");
        }
    }

    @Test
    void troubleComesInAnthropicsShape() {
        var reply = ask(GATEWAY, "sim-overloaded", "\"max_tokens\": 1000", "Hi");

        assertThat(reply.statusCode()).isEqualTo(529);
        assertThat(reply.headers().firstValue("request-id")).isPresent();
        var json = Caller.json(reply);
        assertThat(json.at("/type").asString()).isEqualTo("error");
        assertThat(json.at("/error/type").asString()).isEqualTo("overloaded_error");
        assertThat(json.at("/request_id").asString()).isNotEmpty();
    }

    @Test
    void theWorkspaceRefusesInItsOwnShape() {
        var unknown = ask(GATEWAY, "nobody", "\"max_tokens\": 1", "Hi");
        var llama =
                ask(GATEWAY, "databricks-meta-llama-3-3-70b-instruct", "\"max_tokens\": 1", "Hi");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Caller.json(unknown).has("error_code")).isTrue();
        assertThat(llama.statusCode()).isEqualTo(400);
        assertThat(Caller.json(llama).has("error_code")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"messages": [{"role": "user", "content": "Hi"}]} | max_tokens: Field required
                    {"max_tokens": 1} | messages
                    {"max_tokens": 1, "messages": [{"role": "assistant", "content": "Hi"}]} | first message
                    {"max_tokens": 1, "messages": [{"role": "user", "content": ""}]} | non-empty content
                    {"max_tokens": 1, "messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]} | must be non-empty
                    {"max_tokens": 1, "store": true, "messages": [{"role": "user", "content": "Hi"}]} | Extra inputs
                    {"max_tokens": 1, "temperature": 2, "messages": [{"role": "user", "content": "Hi"}]} | temperature
                    {"max_tokens": 1, "thinking": {"type": "enabled", "budget_tokens": 9}, "messages": [{"role": "user", "content": "Hi"}]} | 1024
                    {"max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "x"}]}, {"role": "user", "content": "Go"}]} | signature: Field required
                    {"max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "f", "input": {}}]}, {"role": "user", "content": "Go"}]} | without `tool_result`
                    {"max_tokens": 1, "messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a"}]}]} | unexpected `tool_use_id`
                    {"max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "f", "input": {}}]}, {"role": "user", "content": [{"type": "text", "text": "so"}, {"type": "tool_result", "tool_use_id": "a"}]}]} | come before
                    {"max_tokens": 1, "tools": [{"name": "f"}], "messages": [{"role": "user", "content": "Hi"}]} | input_schema
                    """)
    void whatTheRealOneRefusesIsRefused(String body, String why) {
        var reply = post(GATEWAY, "{\"model\": \"" + CLAUDE + "\", " + body.strip().substring(1));

        assertThat(reply.statusCode()).as(body).isEqualTo(400);
        assertThat(Caller.json(reply).at("/error/type").asString())
                .isEqualTo("invalid_request_error");
        assertThat(Caller.json(reply).at("/error/message").asString()).contains(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"temperature\": 1",
                "\"top_k\": 1",
                "\"thinking\": {\"type\": \"enabled\", \"budget_tokens\": 1024}"
            })
    void theNewestClaudeDecidesForItself(String field) {
        var refused =
                ask(GATEWAY, "databricks-claude-opus-4-8", "\"max_tokens\": 4000, " + field, "Hi");
        var adaptive =
                ask(
                        GATEWAY,
                        "databricks-claude-opus-4-8",
                        "\"max_tokens\": 4000, \"thinking\": {\"type\": \"adaptive\"},"
                                + " \"output_config\": {\"effort\": \"high\"}",
                        "Hi");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(adaptive.statusCode()).isEqualTo(200);
    }

    @Test
    void databricksRefusesMoreThanAnthropic() {
        var tool =
                "\"max_tokens\": 9, \"tools\": [{\"name\": \"f\", \"input_schema\": {\"type\":"
                        + " \"object\"}, \"eager_input_streaming\": true}]";
        var gateway = ask(GATEWAY, CLAUDE, tool, "Hi");
        var serving = ask("/serving-endpoints/anthropic/v1/messages", CLAUDE, tool, "Hi");

        assertThat(gateway.statusCode()).isEqualTo(400);
        assertThat(Caller.json(gateway).propertyNames()).containsExactly("message");
        assertThat(Caller.json(serving).at("/message").asString()).startsWith("{\"message\":");
        assertThat(ask("/v1/messages", CLAUDE, tool, "Hi").statusCode()).isEqualTo(200);
    }

    @Test
    void tokensAreCountedWithoutAnAnswer() {
        var reply =
                post(
                        GATEWAY + "/count_tokens",
                        """
                        {"model": "%s", "system": "Be brief.",
                         "messages": [{"role": "user", "content": "Hello there"}]}\
                        """
                                .formatted(CLAUDE));

        assertThat(reply.body()).isEqualTo("{\"input_tokens\":5}");
    }

    @Test
    void aKeyGoesOnlyWhereItIsTaken() {
        var body =
                """
                {"model": "sim-normal", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}\
                """;

        assertThat(withKey("/v1/messages", body, "anthropic-version", "2023-06-01")).isEqualTo(200);
        assertThat(withKey("/v1/messages", body)).isEqualTo(400);
        assertThat(withKey(GATEWAY, body, "anthropic-version", "2023-06-01")).isEqualTo(401);
    }

    private int withKey(String path, String body, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create(simulator.host() + path))
                        .header("x-api-key", simulator.settings().openAiToken())
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return caller.send(request.build()).statusCode();
    }

    private HttpResponse<String> back(String turn) {
        return post(
                GATEWAY,
                """
                {"model": "%s", "max_tokens": 9, "messages": [
                 {"role": "user", "content": "Hi"}, {"role": "assistant", "content": %s},
                 {"role": "user", "content": "And?"}]}\
                """
                        .formatted(CLAUDE, turn));
    }

    private HttpResponse<String> stream(String model) {
        return ask(GATEWAY, model, "\"max_tokens\": 1000, \"stream\": true", "Hi");
    }

    private HttpResponse<String> ask(String path, String model, String more, String text) {
        return post(
                path,
                """
                {"model": "%s", %s, "messages": [{"role": "user", "content": "%s"}]}\
                """
                        .formatted(model, more, text));
    }

    private HttpResponse<String> post(String path, String body) {
        return caller.post(path, body, "anthropic-version", "2023-06-01");
    }

    /// A stream read as strictly as its grammar is.
    private record Grammar(String content, String stopReason, String usage) {
        static Grammar message(String stream) {
            var names = stream.lines().filter(line -> line.startsWith("event: ")).toList();
            var data = Caller.data(stream).stream().map(Caller::json).toList();
            assertThat(names)
                    .hasSameSizeAs(data)
                    .containsExactlyElementsOf(
                            data.stream()
                                    .map(event -> "event: " + event.at("/type").asString())
                                    .toList());
            var content = new ArrayList<String>();
            JsonNode end = null;
            Block open = null;
            for (int at = 0; at < data.size(); at++) {
                var event = data.get(at);
                switch (event.at("/type").asString()) {
                    case "message_start" -> assertThat(at).isZero();
                    case "ping" -> assertThat(open).isNull();
                    case "content_block_start" -> {
                        assertThat(open).isNull();
                        assertThat(event.at("/index").asInt()).isEqualTo(content.size());
                        open = new Block(event.at("/content_block"));
                    }
                    case "content_block_delta" -> {
                        assertThat(event.at("/index").asInt()).isEqualTo(content.size());
                        requireNonNull(open).add(event.at("/delta"));
                    }
                    case "content_block_stop" -> {
                        content.add(requireNonNull(open).json());
                        open = null;
                    }
                    case "message_delta" -> end = event;
                    case "message_stop" -> assertThat(at).isEqualTo(data.size() - 1);
                    default -> throw new AssertionError(event);
                }
            }
            return new Grammar(
                    "[" + String.join(",", content) + "]",
                    requireNonNull(end).at("/delta/stop_reason").asString(),
                    end.at("/usage").toString());
        }
    }

    private static final class Block {
        private final JsonNode shell;
        private final StringBuilder text = new StringBuilder();
        private String signature = "";

        Block(JsonNode shell) {
            this.shell = shell;
        }

        void add(JsonNode delta) {
            switch (delta.at("/type").asString()) {
                case "text_delta" -> text.append(delta.at("/text").asString());
                case "thinking_delta" -> text.append(delta.at("/thinking").asString());
                case "input_json_delta" -> text.append(delta.at("/partial_json").asString());
                case "signature_delta" -> signature = delta.at("/signature").asString();
                default -> throw new AssertionError(delta);
            }
        }

        String json() {
            var whole = (ObjectNode) shell.deepCopy();
            switch (shell.at("/type").asString()) {
                case "text" -> whole.put("text", text.toString());
                case "thinking" ->
                        whole.put("thinking", text.toString()).put("signature", signature);
                case "tool_use" ->
                        whole.set("input", Caller.json(text.isEmpty() ? "{}" : text.toString()));
                default -> assertThat(text).isEmpty();
            }
            return whole.toString();
        }
    }
}
