package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the official client of OpenAI makes of the simulator: the judge of its shapes.
class OfficialClientTest {
    private final Simulator simulator =
            Simulator.start(0, Settings.standard().withToken("one-for-both"));

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/serving-endpoints"})
    void itReadsTheSameReplyPlainAndStreamed(String base) {
        var client = client(base);
        try {
            var plain = client.chat().completions().create(hello("databricks-gpt-5-2"));
            var streamed = new StringBuilder();
            try (var chunks =
                    client.chat().completions().createStreaming(hello("databricks-gpt-5-2"))) {
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .forEach(streamed::append);
            }

            assertThat(streamed.toString()).contains("Hello there");
            assertThat(plain.choices().getFirst().message().content())
                    .contains(streamed.toString());
        } finally {
            client.close();
        }
    }

    /// The accumulator takes the first chunk with usage for the last of the stream, so usage on every chunk, which is
    /// what a workspace sends, is too much for it.
    @Test
    void itsAccumulatorFailsOnUsageInEveryChunk() {
        var client = client("/serving-endpoints");
        var accumulator = ChatCompletionAccumulator.create();
        try (var chunks =
                client.chat().completions().createStreaming(hello("databricks-gpt-5-2"))) {
            assertThatThrownBy(() -> chunks.stream().forEach(accumulator::accumulate))
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            client.close();
        }
    }

    @Test
    void itKnowsARateLimitWhenItSeesOne() {
        var client = client("/v1");
        try {
            assertThatThrownBy(() ->
                            client.chat()
                                    .completions()
                                    .create(hello(Behaviour.RATE_LIMITED.model())))
                    .isInstanceOf(RateLimitException.class);
        } finally {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "normal",
                "thinking",
                "tools-parallel",
                "tools-after-text;reasoning=yes",
                "refusal",
                "max-tokens"
            })
    void itAccumulatesResponsesToTheWholeOne(String behaviour) {
        var client = client("/v1");
        try {
            var asked =
                    ResponseCreateParams.builder()
                            .model("sim-" + behaviour)
                            .input("Hello there")
                            .build();
            var whole = client.responses().create(asked).validate();
            var accumulator = ResponseAccumulator.create();
            try (var events = client.responses().createStreaming(asked)) {
                events.stream().forEach(accumulator::accumulate);
            }

            var streamed = accumulator.response().validate();
            assertThat(streamed.status()).isEqualTo(whole.status());
            assertThat(streamed.usage()).isEqualTo(whole.usage());
            assertThat(unnamed(streamed)).isEqualTo(unnamed(whole));
        } finally {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/serving-endpoints", "/ai-gateway/mlflow/v1"})
    void itReadsVectors(String base) {
        var client = client(base);
        try {
            var answer =
                    client.embeddings()
                            .create(
                                    EmbeddingCreateParams.builder()
                                            .model("databricks-gte-large-en")
                                            .inputOfArrayOfStrings(List.of("one", "two"))
                                            .build())
                            .validate();

            assertThat(answer.data()).hasSize(2);
            assertThat(answer.data().getFirst().embedding()).hasSize(1024);
        } finally {
            client.close();
        }
    }

    @Test
    void itCompletesText() {
        var client = client("/v1");
        try {
            var asked =
                    CompletionCreateParams.builder()
                            .model("databricks-meta-llama-3-3-70b-instruct")
                            .prompt("Hello there")
                            .build();
            var whole = client.completions().create(asked).validate();
            var streamed = new StringBuilder();
            try (var chunks = client.completions().createStreaming(asked)) {
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .forEach(choice -> streamed.append(choice.text()));
            }

            assertThat(whole.choices().getFirst().text()).isEqualTo(streamed.toString());
        } finally {
            client.close();
        }
    }

    /// Without the ids, which stand for the request.
    private static List<String> unnamed(Response response) {
        return response.output().stream()
                .map(item -> item.toString().replaceAll("\\bid=[^,}\\]]*", ""))
                .toList();
    }

    private OpenAIClient client(String base) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(simulator.host() + base)
                .apiKey("one-for-both")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams hello(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("Hello there")
                .build();
    }
}
