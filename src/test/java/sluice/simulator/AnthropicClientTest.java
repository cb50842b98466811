package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.AnthropicInvalidDataException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.BetaMessageAccumulator;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.models.ModelListParams;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the official client of Anthropic makes of the simulator: the judge of its shapes.
class AnthropicClientTest {
    private static final JsonValue CITY = JsonValue.from(Map.of("type", "string"));

    private final Simulator simulator =
            Simulator.start(0, Settings.standard().withToken("one-for-all"));

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/serving-endpoints/anthropic", "/ai-gateway/anthropic"})
    void itReadsTheSameReplyPlainAndStreamed(String base) {
        var client = client(base);
        try {
            var plain = client.messages().create(hello("sim-thinking"));
            var accumulator = MessageAccumulator.create();
            try (var events = client.messages().createStreaming(hello("sim-thinking"))) {
                events.stream().forEach(accumulator::accumulate);
            }

            var streamed = accumulator.message();
            assertThat(plain.content()).hasSize(2);
            assertThat(plain.content().getFirst().asThinking().signature()).isNotEmpty();
            assertThat(plain.content().getLast().asText().text()).contains("Hello there");
            assertThat(streamed.content().getLast().asText().text())
                    .isEqualTo(plain.content().getLast().asText().text());
            assertThat(streamed.usage().outputTokens()).isEqualTo(plain.usage().outputTokens());
            assertThat(streamed.stopReason()).contains(StopReason.END_TURN);
        } finally {
            client.close();
        }
    }

    @Test
    void itsBetaAccumulatesTooAndParallelToolsAlso() {
        var client = client("/ai-gateway/anthropic");
        try {
            var asked =
                    com.anthropic.models.beta.messages.MessageCreateParams.builder()
                            .model("sim-tools-parallel")
                            .maxTokens(1000)
                            .addUserMessage("Hello there")
                            .build();
            var accumulator = BetaMessageAccumulator.create();
            try (var events = client.beta().messages().createStreaming(asked)) {
                events.stream().forEach(accumulator::accumulate);
            }

            assertThat(accumulator.message().content()).hasSize(2).allMatch(b -> b.isToolUse());
        } finally {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools", "tools-empty", "tools-after-text", "thinking-redacted"})
    void everyBlockIsOneItKnows(String behaviour) {
        var client = client("");
        try {
            var accumulator = MessageAccumulator.create();
            var asked = hello("sim-" + behaviour);
            try (var events = client.messages().createStreaming(asked)) {
                events.stream().forEach(accumulator::accumulate);
            }

            assertThat(accumulator.message().validate().content())
                    .isEqualTo(client.messages().create(asked).validate().content());
        } finally {
            client.close();
        }
    }

    /// A call without a single fragment of arguments is allowed, and too little for this accumulator.
    @Test
    void itsAccumulatorWantsAtLeastOneFragmentOfArguments() {
        var client = client("");
        var accumulator = MessageAccumulator.create();
        try (var events = client.messages().createStreaming(hello("sim-tools-bare"))) {
            assertThatThrownBy(() -> events.stream().forEach(accumulator::accumulate))
                    .isInstanceOf(AnthropicInvalidDataException.class);
        } finally {
            client.close();
        }
    }

    @Test
    void aToolIsCalledAndItsResultIsHeard() {
        var client = client("/ai-gateway/anthropic");
        try {
            var asked =
                    hello("databricks-claude-sonnet-4-5").toBuilder()
                            .addTool(
                                    Tool.builder()
                                            .name("weather")
                                            .inputSchema(
                                                    Tool.InputSchema.builder()
                                                            .properties(
                                                                    Tool.InputSchema.Properties
                                                                            .builder()
                                                                            .putAdditionalProperty(
                                                                                    "city", CITY)
                                                                            .build())
                                                            .build())
                                            .build())
                            .addUserMessage("Use the weather tool")
                            .build();
            var called = client.messages().create(asked);
            var use =
                    called.content().stream()
                            .filter(ContentBlock::isToolUse)
                            .map(ContentBlock::asToolUse)
                            .findFirst()
                            .orElseThrow();
            var answered =
                    client.messages()
                            .create(
                                    asked.toBuilder()
                                            .addMessage(called)
                                            .addUserMessageOfContentBlockParams(
                                                    List.of(
                                                            ContentBlockParam.ofToolResult(
                                                                    ToolResultBlockParam.builder()
                                                                            .toolUseId(use.id())
                                                                            .content("sunny")
                                                                            .build())))
                                            .build());

            assertThat(called.stopReason()).contains(StopReason.TOOL_USE);
            assertThat(answered.content().getFirst().asText().text())
                    .startsWith("The tool answered: sunny");
        } finally {
            client.close();
        }
    }

    @Test
    void itCountsTokensAndListsModels() {
        var client = client("");
        try {
            var count =
                    client.messages()
                            .countTokens(
                                    MessageCountTokensParams.builder()
                                            .model("claude-sonnet-4-5")
                                            .addUserMessage("Hello there")
                                            .build());
            var models = client.models().list(ModelListParams.builder().limit(1).build());

            assertThat(count.inputTokens()).isEqualTo(3);
            assertThat(models.autoPager().stream().map(model -> model.id()))
                    .contains("claude-sonnet-4-5", "claude-opus-4-8");
        } finally {
            client.close();
        }
    }

    @Test
    void itKnowsAnErrorWhenItSeesOne() {
        var client = client("");
        try {
            assertThatThrownBy(() -> client.messages().create(hello("sim-rate-limited")))
                    .isInstanceOf(RateLimitException.class);
            assertThatThrownBy(
                            () -> {
                                try (var events =
                                        client.messages().createStreaming(hello("sim-error-mid"))) {
                                    events.stream().forEach(event -> {});
                                }
                            })
                    .isInstanceOf(AnthropicServiceException.class)
                    .hasMessageContaining("Overloaded");
        } finally {
            client.close();
        }
    }

    private AnthropicClient client(String base) {
        var client = AnthropicOkHttpClient.builder().baseUrl(simulator.host() + base).maxRetries(0);
        return (base.isEmpty() ? client.apiKey("one-for-all") : client.authToken("one-for-all"))
                .build();
    }

    private static MessageCreateParams hello(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(1000)
                .addUserMessage("Hello there")
                .build();
    }
}
