package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
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
