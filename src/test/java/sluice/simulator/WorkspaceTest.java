package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";

    private final Simulator simulator =
            Simulator.start(
                    0,
                    Settings.standard()
                            .withClock(Clock.fixed(Instant.ofEpochSecond(1_700), ZoneOffset.UTC)));
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aPlainReplyCarriesTheServedModelNotTheEndpoint() {
        var reply = caller.chat(LLAMA, "What is a sluice?", false);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type")).contains("application/json");
        var json = Caller.json(reply);
        assertThat(json.at("/object").asString()).isEqualTo("chat.completion");
        assertThat(json.at("/model").asString()).isEqualTo("meta-llama-3.3-70b-instruct-121024");
        assertThat(json.at("/created").asLong()).isEqualTo(1_700);
        assertThat(json.at("/choices/0/message/content").asString())
                .startsWith("You asked: What is a sluice? ");
        assertThat(json.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void tokensAreAQuarterOfTheText() {
        var json = Caller.json(caller.chat(LLAMA, "What is a sluice?", false));

        int said = json.at("/choices/0/message/content").asString().length();
        assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo((17 + 1) / 4);
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo((said + 1) / 4);
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(4 + (said + 1) / 4);
    }

    @Test
    void aStreamSaysTheSameWithGrowingUsageOnEveryChunk() {
        var plain = Caller.json(caller.chat(LLAMA, "Hello there", false));
        var stream = caller.chat(LLAMA, "Hello there", true);

        assertThat(stream.headers().firstValue("content-type"))
                .contains("text/event-stream; charset=utf-8");
        assertThat(stream.body()).startsWith("data: {").endsWith("}\n\ndata: [DONE]\n\n");
        assertThat(Caller.said(stream))
                .isEqualTo(plain.at("/choices/0/message/content").asString());
        var chunks = Caller.chunks(stream);
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(chunks).allMatch(chunk -> chunk.at("/usage/prompt_tokens").asInt() == 3);
        assertThat(chunks)
                .extracting(chunk -> chunk.at("/usage/completion_tokens").asInt())
                .isSorted();
        var last = chunks.getLast();
        assertThat(last.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(last.at("/choices/0/delta").isEmpty()).isTrue();
        assertThat(last.at("/usage")).isEqualTo(plain.at("/usage"));
    }

    @Test
    void theSameRequestGetsTheSameAnswerAndAnotherSeedAnother() {
        var first = caller.chat(LLAMA, "Hello", false).body();

        assertThat(caller.chat(LLAMA, "Hello", false).body()).isEqualTo(first);
        try (var other = Simulator.start(0, simulator.settings().withSeed(2));
                var stranger = new Caller(other)) {
            assertThat(stranger.chat(LLAMA, "Hello", false).body()).isNotEqualTo(first);
        }
    }

    @Test
    void anEndpointIsAlsoAskedByItsPath() {
        var reply =
                caller.post(
                        "/serving-endpoints/custom-finetuned-llama-3/invocations",
                        """
                        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}
                        """);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(Caller.json(reply).at("/choices/0/message/content").asString())
                .startsWith("You said: Hi ");
    }

    @Test
    void aReplyStopsAtMaxTokens() {
        var reply =
                caller.post(
                        "/serving-endpoints/chat/completions",
                        """
                        {"model": "databricks-gpt-5-2", "max_tokens": 5,
                         "messages": [{"role": "user", "content": "Tell me everything"}]}\
                        """);

        var json = Caller.json(reply);
        assertThat(json.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void endpointsAreListedWithEveryStateAndTask() {
        var rows = Caller.json(caller.get("/api/2.0/serving-endpoints")).at("/endpoints");

        assertThat(rows).hasSize(Endpoint.STANDARD.size());
        assertThat(rows.valueStream().map(row -> row.at("/state/ready").asString("")))
                .contains("READY", "NOT_READY", "");
        assertThat(rows.valueStream().map(row -> row.at("/task").asString("")))
                .contains("llm/v1/chat", "llm/v1/embeddings", "agent/v1/responses", "");
        assertThat(rows.valueStream().filter(row -> !row.has("config") && !row.has("state")))
                .hasSize(1);
        assertThat(rows.get(0).at("/config/served_entities/0/foundation_model/name").asString())
                .isEqualTo("system.ai.llama_v3_3_70b_instruct");
    }

    @Test
    void oneEndpointIsShownAndAnUnknownOneIsNot() {
        var one = caller.get("/api/2.0/serving-endpoints/" + LLAMA);
        var none = caller.get("/api/2.0/serving-endpoints/nobody");

        assertThat(Caller.json(one).at("/name").asString()).isEqualTo(LLAMA);
        assertThat(Caller.json(one).at("/permission_level").asString()).isEqualTo("CAN_QUERY");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(Caller.json(none).at("/error_code").asString())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void anUnknownModelAndAnUnknownPathAreToldApart() {
        var model = caller.chat("nobody", "Hi", false);
        var path = caller.get("/ai-gateway/mlflow/v1/chat/completions");

        assertThat(model.statusCode()).isEqualTo(404);
        assertThat(Caller.json(model).at("/error_code").asString())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(Caller.json(path).at("/error_code").asString()).isEqualTo("ENDPOINT_NOT_FOUND");
        assertThat(Caller.json(path).at("/message").asString()).contains("Invalid path");
    }

    @Test
    void onlyAReadyChatEndpointChats() {
        assertThat(caller.chat("staging-assistant", "Hi", false).statusCode()).isEqualTo(503);
        assertThat(caller.chat("feature-lookup", "Hi", false).statusCode()).isEqualTo(503);
        assertThat(caller.chat("databricks-gte-large-en", "Hi", false).statusCode()).isEqualTo(400);
        assertThat(caller.chat("churn-classifier", "Hi", false).statusCode()).isEqualTo(400);
    }

    @Test
    void fieldsTheWorkspaceDoesNotKnowAreRefused() {
        var top =
                caller.post(
                        "/serving-endpoints/chat/completions",
                        """
                        {"model": "databricks-gpt-5-2", "parallel_tool_calls": true,
                         "messages": [{"role": "user", "content": "Hi"}]}\
                        """);
        var inMessage =
                caller.post(
                        "/serving-endpoints/chat/completions",
                        """
                        {"model": "databricks-gpt-5-2",
                         "messages": [{"role": "user", "name": "ada", "content": "Hi"}]}\
                        """);

        assertThat(top.statusCode()).isEqualTo(400);
        assertThat(Caller.json(top).at("/error_code").asString()).isEqualTo("BAD_REQUEST");
        assertThat(Caller.json(top).at("/message").asString())
                .isEqualTo("parallel_tool_calls: Extra inputs are not permitted");
        assertThat(Caller.json(inMessage).at("/message").asString())
                .isEqualTo("messages.0.name: Extra inputs are not permitted");
    }

    @Test
    void geminiTakesNoStreamOptions() {
        var body =
                """
                {"model": "%s", "stream": true, "stream_options": {"include_usage": true},
                 "messages": [{"role": "user", "content": "Hi"}]}\
                """;

        assertThat(
                        caller.post(
                                        "/serving-endpoints/chat/completions",
                                        body.formatted("databricks-gemini-2-5-pro"))
                                .statusCode())
                .isEqualTo(400);
        assertThat(
                        caller.post(
                                        "/serving-endpoints/chat/completions",
                                        body.formatted("databricks-gpt-5-2"))
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsNoRequestIsRefused() {
        for (var body : new String[] {"", "{", "[]", "{}", "{\"model\":\"databricks-gpt-5-2\"}"}) {
            var reply = caller.post("/serving-endpoints/chat/completions", body);
            assertThat(reply.statusCode()).as(body).isEqualTo(400);
            assertThat(Caller.json(reply).at("/error_code").asString()).isEqualTo("BAD_REQUEST");
        }
    }

    @Test
    void aBodyOverFourMegabytesIsRefused() {
        var fits = caller.chat(LLAMA, "x".repeat((4 << 20) - 200), false);
        var over = caller.chat(LLAMA, "x".repeat(4 << 20), false);

        assertThat(fits.statusCode()).isEqualTo(200);
        assertThat(over.statusCode()).isEqualTo(400);
        assertThat(Caller.json(over).at("/message").asString()).contains("4194304");
    }

    @Test
    void aWorkspaceAndAGatewayRefuseTokensInTheirOwnWays() {
        var missing = withToken(simulator, null);
        var wrong = withToken(simulator, "Bearer wrong");

        assertThat(missing).isEqualTo(401);
        assertThat(wrong).isEqualTo(403);
        try (var gateway =
                Simulator.start(
                        0, Settings.standard().withTokenRefusal(Settings.TokenRefusal.GATEWAY))) {
            assertThat(withToken(gateway, "Bearer wrong")).isEqualTo(400);
        }
    }

    private int withToken(Simulator at, @Nullable String token) {
        var request = HttpRequest.newBuilder(URI.create(at.host() + "/api/2.0/serving-endpoints"));
        if (token != null) {
            request.header("authorization", token);
        }
        return caller.send(request.build()).statusCode();
    }
}
