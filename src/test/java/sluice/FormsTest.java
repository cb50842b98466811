package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.PARTNER_KEY;
import static sluice.TestGateway.post;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Dialect;
import sluice.simulator.Recording;
import sluice.simulator.Request;
import sluice.simulator.Simulator;
import sluice.speaker.Speaker;
import sluice.speaker.Wish;

/// The forms that people bring and must find working, one of each (facts/forms.md sections 1, 5 and
/// 6).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormsTest {
    private static final String GPT = "databricks-gpt-5-2";
    private static final String BEARER =
            "keyless: true, extra_headers: {Authorization: {template: \"Bearer ${WORKSPACE_TOKEN}\"}}";

    private TestGateway gateway;

    @BeforeAll
    void start() {
        gateway =
                TestGateway.planned()
                        .target(
                                """
                                id: chatty, provider: custom, base_format: openai, base_url: "WORKSPACE",
                                secret_key_ref: {env: WORKSPACE_TOKEN}, allowed_requests: [chat], models: [gpt-5-2]\
                                """)
                        .target(
                                """
                                id: moved, provider: custom, base_format: openai, base_url: "WORKSPACE/nowhere",
                                secret_key_ref: {env: WORKSPACE_TOKEN},
                                request_paths: {chat: "WORKSPACE/v1/chat/completions", embeddings: "WORKSPACE/serving-endpoints/embeddings"}\
                                """)
                        .target(
                                """
                                id: beside, provider: custom, base_format: openai, base_url: "WORKSPACE/serving-endpoints",
                                secret_key_ref: {env: WORKSPACE_TOKEN}, models: [databricks-meta-llama-3-3-70b-instruct],
                                request_paths: {chat: /chat/completions, chat_stream: /chat/completions}\
                                """)
                        .target(
                                """
                                id: mlflow, provider: custom, base_format: openai, base_url: "WORKSPACE/ai-gateway/mlflow",
                                %s, allowed_requests: [chat, chat_stream, list_models],
                                request_paths: {list_models: "WORKSPACE/api/2.1/unity-catalog/models"}\
                                """
                                        .formatted(BEARER))
                        .target(
                                """
                                id: claudes, provider: custom, base_format: anthropic, base_url: "WORKSPACE/ai-gateway/anthropic",
                                %s, models: [system.ai.claude-sonnet-4-5],
                                allowed_requests: [chat, chat_stream, messages, messages_stream, responses, responses_stream, completions]\
                                """
                                        .formatted(BEARER))
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    // ---- 1. clients ----

    @ParameterizedTest
    @ValueSource(strings = {"/openai", "/openai/v1", "/v1", "/api/llm", ""})
    void theClientOfOpenAiWorksWithEveryBaseUrl(String base) {
        try (var closing = new Closing(openAi(base, KEY))) {
            var client = closing.client();
            var plain = client.chat().completions().create(hello(GPT));
            var accumulator = ChatCompletionAccumulator.create();
            var heard = new StringBuilder();
            try (var chunks = client.chat().completions().createStreaming(hello(GPT))) {
                chunks.stream()
                        .map(accumulator::accumulate)
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .forEach(heard::append);
            }
            var vector =
                    client.embeddings()
                            .create(
                                    EmbeddingCreateParams.builder()
                                            .model("databricks-gte-large-en")
                                            .input("Hello there")
                                            .build());

            assertThat(said(plain)).contains("Hello there").isEqualTo(heard.toString());
            assertThat(said(accumulator.chatCompletion())).isEqualTo(said(plain));
            assertThat(vector.data().getFirst().embedding()).hasSize(1_024);
            assertThat(client.models().list().items())
                    .extracting(Model::id)
                    .contains("workspace/" + GPT, "partner/gpt-5-2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/anthropic"})
    void theClientOfAnthropicWorksWithBothBaseUrls(String base) {
        var model = "workspace/databricks-claude-sonnet-4-5";
        var client =
                AnthropicOkHttpClient.builder()
                        .baseUrl(gateway.url(base))
                        .apiKey(KEY)
                        .maxRetries(0)
                        .build();
        try {
            var asked =
                    MessageCreateParams.builder()
                            .model(model)
                            .maxTokens(1_000)
                            .addUserMessage("Hello there")
                            .build();
            var plain = client.messages().create(asked);
            var accumulator = MessageAccumulator.create();
            try (var events = client.messages().createStreaming(asked)) {
                events.stream().forEach(accumulator::accumulate);
            }
            var count =
                    client.messages()
                            .countTokens(
                                    MessageCountTokensParams.builder()
                                            .model(model)
                                            .addUserMessage("Hello there")
                                            .build());

            assertThat(plain.content().getFirst().asText().text()).contains("Hello there");
            assertThat(accumulator.message().content()).isEqualTo(plain.content());
            assertThat(count.inputTokens()).isPositive();
        } finally {
            client.close();
        }
    }

    @Test
    void theThreeSpellingsOfANameGetTheSameAnswer() {
        var answers =
                Stream.of("workspace/" + GPT, "databricks/" + GPT, GPT)
                        .map(model -> gateway.ask(TestGateway.chat(model, false)))
                        .toList();

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(answers)
                .extracting(answer -> answer.header("x-sluice-resolved-model"))
                .containsOnly("workspace/" + GPT);
        assertThat(answers)
                .extracting(answer -> answer.json().at("/choices/0/message/content").asString())
                .allMatch(text -> text.contains(TestGateway.PROMPT));
    }

    static Stream<Arguments> headersAndKeys() {
        return Stream.of("authorization: Bearer ", "x-api-key: ", "x-bf-vk: ")
                .flatMap(header ->
                        Stream.of(KEY, PARTNER_KEY).map(key -> Arguments.of(header, key)));
    }

    @ParameterizedTest
    @MethodSource("headersAndKeys")
    void anyStringIsAKeyInEachOfThreeHeaders(String header, String key) {
        for (var path : List.of("/v1/chat/completions", "/v1/responses", "/v1/messages")) {
            var body =
                    """
                    {"model": "partner/gpt-5-2", "max_tokens": 100, "input": "Hi", "messages": [{"role": "user", "content": "Hi"}]}\
                    """;
            var asked =
                    post(path, body)
                            .replaceFirst(
                                    "authorization: Bearer [^\r]*", header.strip() + " " + key);

            assertThat(gateway.ask(asked).status()).as(path).isEqualTo(200);
            assertThat(gateway.ask(asked.replace(key, "not-a-key")).status())
                    .as(path)
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions", "/v1/messages", "/v1/responses"})
    void fallbacksOfAnotherGatewayAreHonoured(String path) {
        gateway.partner().next("unavailable", "unavailable");

        for (boolean stream : new boolean[] {false, true}) {
            var answer =
                    gateway.ask(
                            post(
                                    path,
                                    """
                                    {"model": "partner/gpt-5-2", "stream": %s, "max_tokens": 100, "input": "Hi",
                                     "messages": [{"role": "user", "content": "Hi"}],
                                     "fallbacks": ["nobody/at-all", "workspace/%s"]}\
                                    """
                                            .formatted(stream, GPT)
                                            .replace(
                                                    path.endsWith("responses")
                                                            ? "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
                                                            : "\"input\": \"Hi\",",
                                                    "")));

            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.header("x-sluice-resolved-model")).isEqualTo("workspace/" + GPT);
            assertThat(last(gateway.workspace()).text()).doesNotContain("fallbacks");
        }
    }

    @Test
    void aFallbackThatTheKeyMayNotUseIsNotUsed() {
        gateway.partner().next("unavailable");

        var answer =
                gateway.ask(
                        post(
                                        "/v1/chat/completions",
                                        """
                                        {"model": "partner/gpt-5-2", "messages": [{"role": "user", "content": "Hi"}],
                                         "fallbacks": ["workspace/databricks-gpt-5-2"]}\
                                        """)
                                .replace(KEY, PARTNER_KEY));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("x-sluice-resolved-model")).isEqualTo("partner/gpt-5-2");
    }

    // ---- 5. custom providers ----

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, true, chat_stream",
        "/v1/responses, false, responses",
        "/v1/responses, true, responses_stream",
        "/v1/messages, false, messages",
        "/v1/messages, true, messages_stream",
        "/v1/completions, false, completions",
        "/v1/embeddings, false, embeddings",
    })
    void whatIsNotAllowedIsRefusedByItsName(String path, boolean stream, String type) {
        var answer = gateway.ask(any(path, "chatty/gpt-5-2", stream));

        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        assertThat(answer.message()).contains("'" + type + "'", "'chatty'", "allowed_requests");
        assertThat(gateway.ask(TestGateway.chat("chatty/gpt-5-2", false)).status()).isEqualTo(200);
    }

    @Test
    void requestPathsLeadElsewhere() {
        assertThat(gateway.ask(TestGateway.chat("moved/gpt-5-2", false)).status()).isEqualTo(200);
        assertThat(last(gateway.workspace()).path()).isEqualTo("/v1/chat/completions");

        var vectors = gateway.ask(any("/v1/embeddings", "moved/databricks-gte-large-en", false));
        assertThat(vectors.status()).as(vectors.text()).isEqualTo(200);
        assertThat(last(gateway.workspace()).path()).isEqualTo("/serving-endpoints/embeddings");

        for (boolean stream : new boolean[] {false, true}) {
            assertThat(
                            gateway.ask(
                                            TestGateway.chat(
                                                    "beside/databricks-meta-llama-3-3-70b-instruct",
                                                    stream))
                                    .status())
                    .isEqualTo(200);
            assertThat(last(gateway.workspace()).path())
                    .isEqualTo("/serving-endpoints/chat/completions");
        }
    }

    @Test
    void theUnifiedApiOfTheAiGatewayIsACustomProviderListedByUnityCatalog() {
        try (var closing = new Closing(openAi("/v1", KEY))) {
            assertThat(closing.client().models().list().items())
                    .extracting(Model::id)
                    .contains("mlflow/system.ai.databricks-gpt-5-2");
        }
        for (var model : List.of("system.ai.gpt-5-2", "system.ai.claude-sonnet-4-5")) {
            try (var speaker = Speaker.of(Dialect.CHAT, gateway.url(""), KEY)) {
                var wish = Wish.hello("mlflow/" + model);

                assertThat(speaker.streamed(wish)).isEqualTo(speaker.plain(wish));
            }
        }
        var sent = last(gateway.workspace());
        assertThat(sent.path()).isEqualTo("/ai-gateway/mlflow/v1/chat/completions");
        assertThat(sent.headers().get("authorization"))
                .containsExactly("Bearer " + TestGateway.WORKSPACE_TOKEN);
    }

    @Test
    void theClaudesOfTheAiGatewayAreACustomProviderWithoutAList() {
        for (var dialect :
                List.of(Dialect.MESSAGES, Dialect.CHAT, Dialect.RESPONSES, Dialect.COMPLETIONS)) {
            try (var speaker = Speaker.of(dialect, gateway.url(""), KEY)) {
                var wish = Wish.hello("claudes/system.ai.claude-sonnet-4-5");

                assertThat(speaker.plain(wish).text()).contains("Hello there");
                assertThat(speaker.streamed(wish)).isEqualTo(speaker.plain(wish));
            }
            var sent = last(gateway.workspace());
            assertThat(sent.path()).isEqualTo("/ai-gateway/anthropic/v1/messages");
            assertThat(sent.headers().get("authorization"))
                    .containsExactly("Bearer " + TestGateway.WORKSPACE_TOKEN);
            assertThat(sent.headers()).doesNotContainKey("x-api-key");
        }
        assertThat(gateway.workspace().recording().requests("/ai-gateway/anthropic/v1/models"))
                .isEmpty();
    }

    // ---- 6. the model hub ----

    @Test
    void theHubTellsTheEndpointsInTheFormThatPeopleKnow() {
        var answer = hub("/public/databricks/serving_endpoints");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("workspace_url").asString())
                .isEqualTo(gateway.workspace().host());
        var endpoint =
                answer.json()
                        .path("endpoints")
                        .valueStream()
                        .filter(row -> row.path("name").asString().equals(GPT))
                        .findFirst()
                        .orElseThrow();
        assertThat(endpoint.propertyNames())
                .containsExactlyInAnyOrder(
                        "name",
                        "creator",
                        "creation_timestamp",
                        "last_updated_timestamp",
                        "state",
                        "config",
                        "endpoint_url");
        assertThat(endpoint.path("state").asString()).isEqualTo("READY");
        assertThat(endpoint.path("config").propertyNames())
                .containsExactlyInAnyOrder("served_models", "served_entities");
        assertThat(endpoint.path("endpoint_url").asString())
                .isEqualTo(
                        gateway.workspace().host() + "/serving-endpoints/" + GPT + "/invocations");
    }

    @Test
    void theHubTellsTheModelsAsGroups() {
        var answer = hub("/public/model_hub?provider=databricks");

        var group =
                answer.json()
                        .valueStream()
                        .filter(row ->
                                row.path("model_group").asString().equals("databricks/" + GPT))
                        .findFirst()
                        .orElseThrow();
        assertThat(group.propertyNames())
                .containsExactlyInAnyOrder(
                        "model_group",
                        "providers",
                        "mode",
                        "supports_function_calling",
                        "supports_vision",
                        "supports_parallel_function_calling",
                        "is_public_model_group");
        assertThat(group.at("/providers/0").asString()).isEqualTo("databricks");
        assertThat(group.path("mode").asString()).isEqualTo("chat");
        assertThat(hub("/public/model_hub?provider=nobody").json()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/public/databricks/serving_endpoints",
                "/public/model_hub",
                "/public/model_hub?provider=databricks"
            })
    void theHubWantsAKeyAndShowsWhatItMayUse(String path) {
        var stranger = gateway.ask("GET " + path + " HTTP/1.1\r\nhost: gateway\r\n\r\n");
        var idle = gateway.ask(TestGateway.get(path).replace(KEY, TestGateway.IDLE_KEY)).json();

        assertThat(stranger.status()).isEqualTo(401);
        assertThat(idle.has("endpoints") ? idle.path("endpoints") : idle).isEmpty();
    }

    @Test
    void theHubIsAskedForATargetAndNeverToldWhereToGo() {
        assertThat(
                        hub("/public/databricks/serving_endpoints?target=workspace")
                                .json()
                                .path("endpoints"))
                .isNotEmpty();
        assertThat(hub("/public/databricks/serving_endpoints?target=elsewhere").status())
                .isEqualTo(400);
        for (var parameter :
                List.of("api_key", "api_base", "workspace_url", "token", "client_secret", "host")) {
            var refused =
                    hub("/public/databricks/serving_endpoints?" + parameter + "=secret-value");

            assertThat(refused.status()).as(parameter).isEqualTo(400);
            assertThat(refused.message()).contains("'" + parameter + "' is refused");
            assertThat(refused.whole()).doesNotContain("secret-value");
        }
    }

    // ---- invocations ----

    @Test
    void aCustomModelsOwnBytesPassByItsPath() {
        var path = "/v1/databricks/workspace/serving-endpoints/churn-classifier/invocations";
        var body =
                """
                { "dataframe_records" : [ {"age": 42, "model": "not ours"}, {"age": 43.0} ] }\
                """;

        var answer = gateway.ask(post(path, body));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("predictions")).hasSize(2);
        assertThat(answer.header("x-sluice-resolved-model"))
                .isEqualTo("workspace/churn-classifier");
        var sent = last(gateway.workspace());
        assertThat(sent.path()).isEqualTo("/serving-endpoints/churn-classifier/invocations");
        assertThat(sent.text()).isEqualTo(body);
        assertThat(gateway.ledgerOf(answer.id()).path("operation").asString())
                .isEqualTo("invocations");
        assertThat(gateway.ask(post(path, body).replace(KEY, PARTNER_KEY)).status()).isEqualTo(403);
        assertThat(gateway.ask(post(path.replace("churn-", "no-"), body)).status()).isEqualTo(404);
        assertThat(gateway.ask(post(path.replace("/workspace/", "/nobody/"), body)).status())
                .isEqualTo(404);
        assertThat(gateway.ask(post(path.replace("/workspace/", "/partner/"), body)).status())
                .isBetween(400, 404);
    }

    @Test
    void aChatEndpointIsAskedByItsPathToo() {
        var path = "/v1/databricks/workspace/serving-endpoints/" + GPT + "/invocations";
        var body = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hello there\"}]}";

        assertThat(gateway.ask(post(path, body)).json().at("/choices/0/message/content").asString())
                .contains("Hello there");
        var stream = gateway.ask(post(path, body.replaceFirst("\\{", "{\"stream\": true, ")));
        assertThat(stream.header("content-type")).startsWith("text/event-stream");
        assertThat(stream.data()).hasSizeGreaterThan(3).endsWith("[DONE]");
    }

    private Answer hub(String path) {
        return gateway.ask(TestGateway.get(path));
    }

    /// The least that each dialect takes.
    private static String any(String path, String model, boolean stream) {
        var said =
                Map.of(
                                "/v1/chat/completions",
                                        "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]",
                                "/v1/messages",
                                        "\"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]",
                                "/v1/responses", "\"input\": \"Hi\"",
                                "/v1/embeddings", "\"input\": \"Hi\"",
                                "/v1/completions", "\"prompt\": \"Hi\"")
                        .get(path);
        return post(
                path,
                "{\"model\": \"%s\", %s%s}"
                        .formatted(model, stream ? "\"stream\": true, " : "", said));
    }

    private static Request last(Simulator target) {
        return target.recording().seen().stream()
                .map(Recording.Seen::request)
                .filter(request -> request.method().equals("POST"))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private OpenAIClient openAi(String base, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url(base))
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private record Closing(OpenAIClient client) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
        }
    }

    private static ChatCompletionCreateParams hello(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("Hello there")
                .build();
    }

    private static String said(ChatCompletion reply) {
        return reply.choices().getFirst().message().content().orElse("");
    }
}
