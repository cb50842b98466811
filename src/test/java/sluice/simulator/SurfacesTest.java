package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Chat on the gateway, embeddings, completions and custom models, and surfaces that are not there.
class SurfacesTest {
    private static final String CHAT = "/ai-gateway/mlflow/v1/chat/completions";

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, "/mlflow/v1/chat/completions"})
    void theGatewayKnowsNamesOfUnityCatalogAndOldOnes(String path) {
        for (var name :
                new String[] {
                    "system.ai.meta-llama-3-3-70b-instruct",
                    "databricks-meta-llama-3-3-70b-instruct",
                    "main.services.external-gpt-4o"
                }) {
            assertThat(caller.post(path, Caller.body(name, "Hi", false)).statusCode())
                    .as(name)
                    .isEqualTo(200);
        }
        var custom = caller.post(path, Caller.body("custom-finetuned-llama-3", "Hi", false));
        assertThat(custom.statusCode()).isEqualTo(404);
        assertThat(Caller.json(custom).at("/error_code").asString())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    databricks-gpt-5-2           | "parallel_tool_calls": true | 400
                    databricks-gpt-5-2           | "reasoning_effort": "low" | 200
                    databricks-gpt-5-2           | "thinking": {"type": "adaptive"} | 400
                    databricks-gpt-5-2           | "store": false | 200
                    databricks-claude-sonnet-4-5 | "store": false | 400
                    databricks-claude-sonnet-4-5 | "reasoning_effort": "low" | 400
                    databricks-claude-sonnet-4-5 | "temperature": 0.5 | 200
                    databricks-claude-opus-4-8   | "temperature": 0.5 | 400
                    databricks-claude-opus-4-8   | "thinking": {"type": "enabled", "budget_tokens": 1024} | 400
                    databricks-claude-opus-4-8   | "thinking": {"type": "adaptive"} | 200
                    databricks-claude-sonnet-4-5 | "max_tokens": 9, "thinking": {"type": "enabled", "budget_tokens": 1024} | 400
                    databricks-gemini-2-5-pro    | "google_search": {} | 200
                    databricks-gpt-5-2           | "google_search": {} | 400
                    databricks-gemini-2-5-pro    | "stream_options": {"include_usage": true} | 400
                    databricks-gpt-5-2           | "seed": 1 | 400
                    databricks-gpt-5-2           | "client_request_id": "a" | 400
                    """)
    void everyFamilyTakesItsOwnFields(String model, String field, int status) {
        var reply =
                caller.post(
                        CHAT,
                        "{\"model\": \"%s\", %s, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"
                                .formatted(model.strip(), field.strip()));

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    }

    @Test
    void theTwoSurfacesNameAnUnknownFieldInTheirOwnWords() {
        var body =
                """
                {"model": "databricks-gpt-5-2", "seed": 1, "messages": [{"role": "user", "content": "Hi"}]}\
                """;

        assertThat(caller.post(CHAT, body).body()).contains("unknown field");
        assertThat(caller.post("/serving-endpoints/chat/completions", body).body())
                .contains("seed: Extra inputs are not permitted");
    }

    @Test
    void aClaudeThatThinksAnswersWithAListAndTakesNoEmptyText() {
        var body =
                """
                {"model": "databricks-claude-sonnet-4-5", "thinking": {"type": "enabled", "budget_tokens": 1024},
                 "messages": [{"role": "user", "content": %s}]}\
                """;
        var thought = Caller.json(caller.post(CHAT, body.formatted("\"Hi\"")));

        assertThat(thought.at("/choices/0/message/content/0/type").asString())
                .isEqualTo("reasoning");
        assertThat(
                        caller.post(CHAT, body.formatted("[{\"type\": \"text\", \"text\": \" \"}]"))
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void theCacheOfAClaudeIsCountedBesideThePromptAndOfOthersInside() {
        simulator.always("cached");
        var claude = usage("databricks-claude-sonnet-4-5");
        var gpt = usage("databricks-gpt-5-2");

        assertThat(claude.at("/prompt_tokens").asInt()).isZero();
        assertThat(claude.at("/cache_read_input_tokens").asInt()).isEqualTo(1024);
        assertThat(gpt.at("/prompt_tokens").asInt()).isEqualTo(1280);
        assertThat(gpt.at("/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(1024);
    }

    @Test
    void aSurfaceCanBeAbsentAndOldNamesRefused() {
        try (var bare =
                        Simulator.start(
                                0,
                                Settings.standard()
                                        .withAbsent("/ai-gateway", "/api/2.1")
                                        .withLegacyRefused());
                var asker = new Caller(bare)) {
            var gateway = asker.post(CHAT, Caller.body("databricks-gpt-5-2", "Hi", false));
            var legacy = asker.chat("databricks-gpt-5-2", "Hi", false);

            assertThat(gateway.statusCode()).isEqualTo(404);
            assertThat(Caller.json(gateway).at("/error_code").asString())
                    .isEqualTo("ENDPOINT_NOT_FOUND");
            assertThat(asker.get("/api/2.1/unity-catalog/model-services?page_size=1").statusCode())
                    .isEqualTo(404);
            assertThat(legacy.statusCode()).isEqualTo(501);
            assertThat(legacy.body()).contains("Unity Catalog", "system.ai.gpt-5-2");
            assertThat(asker.chat("external-gpt-4o", "Hi", false).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WORKSPACE, 400, Invalid Token",
        "GATEWAY, 400, Invalid Token",
        "UNAUTHENTICATED, 401, UNAUTHENTICATED"
    })
    void aWrongTokenIsRefusedByTheGatewayInItsOwnWay(
            Settings.TokenRefusal refusal, int status, String words) {
        try (var gateway = Simulator.start(0, Settings.standard().withTokenRefusal(refusal))) {
            var wrong = withAuthorization(gateway, "Bearer wrong");

            assertThat(wrong.statusCode()).isEqualTo(status);
            assertThat(wrong.body()).contains(words);
        }
    }

    @Test
    void aPersonalTokenIsTakenByBasicToo() {
        var pair = "token:" + simulator.settings().token();
        var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));

        assertThat(withAuthorization(simulator, "Basic " + basic).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/embeddings, databricks-gte-large-en",
        "/serving-endpoints/embeddings, databricks-gte-large-en",
        "/ai-gateway/mlflow/v1/embeddings, system.ai.gte-large-en",
        "/serving-endpoints/databricks-gte-large-en/invocations, ''",
    })
    void textsBecomeVectors(String path, String model) {
        var body = "{\"model\": \"" + model + "\", \"input\": [\"one\", \"two\", \"one\"]%s}";
        var plain = Caller.json(caller.post(path, body.formatted("")));
        var packed =
                Caller.json(caller.post(path, body.formatted(", \"encoding_format\": \"base64\"")));

        assertThat(plain.at("/data")).hasSize(3);
        assertThat(plain.at("/data/0/embedding")).hasSize(1024);
        assertThat(plain.at("/data/0/embedding")).isEqualTo(plain.at("/data/2/embedding"));
        assertThat(plain.at("/data/0/embedding")).isNotEqualTo(plain.at("/data/1/embedding"));
        assertThat(plain.at("/usage/total_tokens").asInt()).isEqualTo(2);
        assertThat(plain.at("/usage").has("completion_tokens")).isEqualTo(!path.startsWith("/v1"));
        var bytes = Base64.getDecoder().decode(packed.at("/data/1/embedding").asString());
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat())
                .isEqualTo(plain.at("/data/1/embedding/0").floatValue());
    }

    @Test
    void anInstructionChangesTheVectorAndNullIsNoFormat() {
        var path = "/serving-endpoints/embeddings";
        var body = "{\"model\": \"databricks-gte-large-en\", \"input\": \"one\"%s}";
        var plain = Caller.json(caller.post(path, body.formatted("")));
        var told = Caller.json(caller.post(path, body.formatted(", \"instruction\": \"Find\"")));

        assertThat(told.at("/data/0/embedding")).isNotEqualTo(plain.at("/data/0/embedding"));
        assertThat(caller.post(path, body.formatted(", \"encoding_format\": null")).statusCode())
                .isEqualTo(400);
        assertThat(caller.post(path, body.formatted(", \"messages\": []")).statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/completions, databricks-meta-llama-3-3-70b-instruct",
        "/serving-endpoints/completions, code-completion",
        "/serving-endpoints/code-completion/invocations, ''",
    })
    void promptsAreCompletedPlainAndStreamed(String path, String model) {
        var body = "{\"model\": \"" + model + "\", \"prompt\": [\"Hi\", \"Ho\"], \"stream\": %s}";
        var plain = Caller.json(caller.post(path, body.formatted(false)));
        var stream = caller.post(path, body.formatted(true));

        assertThat(plain.at("/object").asString()).isEqualTo("text_completion");
        assertThat(plain.at("/choices/1/text").asString()).startsWith("You said: Ho ");
        var first = new StringBuilder();
        for (var chunk : Caller.chunks(stream)) {
            if (chunk.at("/choices/0/index").asInt(-1) == 0) {
                first.append(chunk.at("/choices/0/text").asString());
            }
        }
        assertThat(first.toString()).isEqualTo(plain.at("/choices/0/text").asString());
        assertThat(stream.body()).endsWith("data: [DONE]\n\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"dataframe_records": [{"a": 1}, {"a": 2}]} | 2
                    {"dataframe_split": {"columns": ["a"], "data": [[1], [2], [3]]}} | 3
                    {"inputs": [[1, 2], [3, 4]]} | 2
                    {"inputs": {"a": [1, 2, 3]}} | 3
                    {"instances": [{"a": 1}]} | 1
                    """)
    void aCustomModelForetellsANumberForEveryRow(String body, int rows) {
        var reply =
                Caller.json(
                        caller.post(
                                "/serving-endpoints/churn-classifier/invocations", body.strip()));

        assertThat(reply.at("/predictions")).hasSize(rows);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\": []}",
                "{\"inputs\": [1], \"instances\": [1]}",
                "{\"dataframe_split\": {}}"
            })
    void aCustomModelTakesNothingElse(String body) {
        assertThat(
                        caller.post("/serving-endpoints/churn-classifier/invocations", body)
                                .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /ai-gateway/mlflow/v1/chat/completions | "messages": [{"role": "user", "content": "Hi"}]
                    /ai-gateway/anthropic/v1/messages | "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]
                    /ai-gateway/openai/v1/responses | "input": "Hi"
                    /v1/completions | "prompt": "Hi"
                    """)
    void aStreamInAnyDialectCanBeCut(String path, String rest) {
        for (var behaviour : new String[] {"cut", "cut-in-event", "cut-before-done", "reset"}) {
            var body = "{\"model\": \"sim-" + behaviour + "\", \"stream\": true, " + rest + "}";

            assertThatThrownBy(() -> caller.post(path.strip(), body))
                    .as(behaviour)
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void whatIsNotReadyAnswersNobody() {
        for (var name : new String[] {"staging-assistant", "feature-lookup", "migrated-lookup"}) {
            assertThat(
                            caller.post("/serving-endpoints/" + name + "/invocations", "{}")
                                    .statusCode())
                    .as(name)
                    .isIn(404, 503);
        }
    }

    private HttpResponse<String> withAuthorization(Simulator at, String authorization) {
        return caller.send(
                HttpRequest.newBuilder(URI.create(at.host() + CHAT))
                        .header("authorization", authorization)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Caller.body("databricks-gpt-5-2", "Hi", false)))
                        .build());
    }

    private JsonNode usage(String model) {
        return Caller.json(caller.post(CHAT, Caller.body(model, "Hi", false))).at("/usage");
    }
}
