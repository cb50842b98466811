package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The official client of OpenAI in front of the whole gateway.
@ParameterizedClass
@EnumSource(Carried.class)
@SuppressWarnings("NullAway.Init") // set before each round
class OfficialSdkTest {
    private static final String MODEL = "databricks-gpt-5-2";

    private static TestGateway gateway;

    @Parameter Carried carried;

    private final OpenAIClient client = client("/v1", TestGateway.KEY);

    @BeforeParameterizedClassInvocation
    static void start(Carried carried) {
        gateway = TestGateway.planned().on(carried).start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void leave() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workspace/databricks-gpt-5-2",
                "databricks/databricks-gpt-5-2",
                "databricks-gpt-5-2",
                "partner/gpt-5-2",
                "custom/gpt-5-2",
                "gpt-5-2"
            })
    void aModelAnswersUnderEveryFormOfItsName(String name) {
        var reply = client.chat().completions().create(hello(name).build());

        assertThat(said(reply)).contains("Hello there");
        assertThat(reply.usage().orElseThrow().totalTokens()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/v1",
                "/openai",
                "/openai/v1",
                "/api/llm",
                "/api/llm/v1",
                "/anthropic",
                "/anthropic/v1"
            })
    void everyDoorLeadsToTheSameModels(String base) {
        var there = client(base, TestGateway.KEY);
        try {
            var plain = there.chat().completions().create(hello(MODEL).build());
            assertThat(streamed(there, hello(MODEL).build())).isEqualTo(said(plain));
            assertThat(ids(there)).contains("workspace/" + MODEL, "partner/gpt-5-2");
            assertThat(there.models().retrieve("partner/gpt-5-2").ownedBy()).isEqualTo("partner");
        } finally {
            there.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "x-api-key", "x-bf-vk"})
    void theKeyIsTakenFromEachOfThreeHeaders(String header) {
        boolean bearer = header.equals("authorization");
        var there =
                OpenAIOkHttpClient.builder()
                        .baseUrl(gateway.url("/v1"))
                        .apiKey(bearer ? TestGateway.PARTNER_KEY : "unused")
                        .putHeader(bearer ? "x-other" : header, TestGateway.PARTNER_KEY)
                        .maxRetries(0)
                        .build();
        try {
            assertThat(ids(there)).containsExactly("partner/gpt-5-2");
        } finally {
            there.close();
        }
    }

    @Test
    void chunksAfterTheFinishDoNotDisturb() {
        assertThat(streamed(client, hello("partner/sim-usage-after").build()))
                .contains("Hello there");
    }

    @Test
    void aStreamSaysWhatThePlainReplySays() {
        for (var model : List.of("workspace/" + MODEL, "partner/gpt-5-2")) {
            var plain = client.chat().completions().create(hello(model).build());

            assertThat(streamed(client, hello(model).build())).isEqualTo(said(plain));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workspace/databricks-gpt-5-2",
                "partner/gpt-5-2",
                "workspace/sim-usage-every-chunk",
                "workspace/sim-usage-on-finish",
                "partner/sim-usage-extra",
                "partner/sim-usage-delta",
                "partner/sim-crlf",
                "partner/sim-byte-by-byte",
                "partner/sim-one-write",
                "partner/sim-split-utf8",
                "partner/sim-no-done",
                "partner/sim-data-in-text",
            })
    void theAccumulatorAddsUpEveryStreamWithUsageAndWithout(String model) {
        var without = accumulated(hello(model).build());
        var with =
                accumulated(
                        hello(model)
                                .streamOptions(
                                        ChatCompletionStreamOptions.builder()
                                                .includeUsage(true)
                                                .build())
                                .build());

        assertThat(said(without)).isNotEmpty().isEqualTo(said(with));
        assertThat(without.usage()).isEmpty();
        assertThat(with.usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void toolsAreCalledInParallelPlainAndStreamed() {
        var asked = weatherAndTime("What is the weather and the time?");
        for (var model : List.of("workspace/" + MODEL, "partner/sim-tools-interleaved")) {
            var plain = client.chat().completions().create(asked.model(model).build());
            var summed = accumulated(asked.model(model).build());

            assertThat(calls(plain)).hasSize(2).isEqualTo(calls(summed));
            assertThat(calls(plain)).allMatch(call -> call.contains("{\"city\":\"some city\"}"));
        }
    }

    @Test
    void toolsWithoutArgumentsKeepTheirBraces() {
        var summed = accumulated(hello("partner/sim-tools-braces").build());

        assertThat(calls(summed)).containsExactly("lookup {}");
    }

    @Test
    void modelsAreListedAndRetrievedAsTheKeyMayUseThem() {
        var partners = client("/v1", TestGateway.PARTNER_KEY);
        try {
            assertThat(ids(partners)).containsExactly("partner/gpt-5-2");
            assertThat(client.models().retrieve("workspace/" + MODEL).id())
                    .isEqualTo("workspace/" + MODEL);
            assertThat(client.models().retrieve(MODEL).id()).isEqualTo(MODEL);
            assertThatThrownBy(() -> partners.models().retrieve("workspace/" + MODEL))
                    .isInstanceOf(PermissionDeniedException.class);
            assertThatThrownBy(() -> client.models().retrieve("gpt-5-3"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("partner/gpt-5-2");
        } finally {
            partners.close();
        }
    }

    @Test
    void everyRefusalIsTheExceptionThatItShouldBe() {
        var stranger = client("/v1", "sk-slc-nobody-knows-this-key");
        try {
            refused(UnauthorizedException.class, stranger, MODEL);
        } finally {
            stranger.close();
        }
        refused(NotFoundException.class, client, "no-such-model");
        refused(BadRequestException.class, client, "partner/sim-error");
        refused(PermissionDeniedException.class, client, "partner/sim-forbidden");
        refused(NotFoundException.class, client, "workspace/no-such-endpoint");
        refused(UnprocessableEntityException.class, client, "partner/sim-error;status=422");
        refused(RateLimitException.class, client, "partner/sim-rate-limited-bare");
        for (var model :
                List.of(
                        "partner/sim-unauthorized",
                        "partner/sim-fault",
                        "partner/sim-unavailable",
                        "partner/sim-html",
                        "partner/sim-cut-before",
                        "partner/sim-error-login")) {
            refused(InternalServerException.class, client, model);
        }
    }

    @Test
    void theWaitThatATargetAsksForReachesTheClient() {
        var asked = hello("partner/sim-rate-limited;retry-after=7").build();
        var limited =
                catchThrowableOfType(
                        RateLimitException.class, () -> client.chat().completions().create(asked));

        assertThat(limited.headers().values("retry-after")).containsExactly("7");
        assertThat(limited.code()).contains("rate_limit_exceeded");
    }

    @Test
    void aClientThatTriesAgainGetsThroughAnOverload() {
        var patient =
                OpenAIOkHttpClient.builder()
                        .baseUrl(gateway.url("/v1"))
                        .apiKey(TestGateway.KEY)
                        .maxRetries(2)
                        .build();
        try {
            gateway.partner().next("rate-limited;retry-after=0");

            assertThat(said(patient.chat().completions().create(hello("gpt-5-2").build())))
                    .contains("Hello there");
        } finally {
            patient.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partner/sim-error-mid",
                "partner/sim-cut",
                "partner/sim-cut-in-event",
                "partner/sim-reset",
                "workspace/sim-cut"
            })
    void aStreamThatBreaksIsAnExceptionAndNotAnEnd(String model) {
        assertThatThrownBy(() -> streamed(client, hello(model).build()))
                .isInstanceOf(SseException.class);
    }

    private void refused(
            Class<? extends OpenAIServiceException> expected, OpenAIClient who, String model) {
        for (boolean stream : new boolean[] {false, true}) {
            assertThatThrownBy(
                            () -> {
                                if (stream) {
                                    streamed(who, hello(model).build());
                                } else {
                                    who.chat().completions().create(hello(model).build());
                                }
                            })
                    .as("%s, stream %s", model, stream)
                    .isInstanceOfSatisfying(
                            expected, failed -> assertThat(failed.type()).isPresent());
        }
    }

    private OpenAIClient client(String base, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url(base))
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder hello(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello there");
    }

    private static ChatCompletionCreateParams.Builder weatherAndTime(String question) {
        return ChatCompletionCreateParams.builder()
                .addUserMessage(question)
                .addFunctionTool(function("weather"))
                .addFunctionTool(function("time"));
    }

    private static FunctionDefinition function(String name) {
        return FunctionDefinition.builder()
                .name(name)
                .parameters(
                        FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties",
                                        JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .build())
                .build();
    }

    private static String said(ChatCompletion reply) {
        return reply.choices().getFirst().message().content().orElse("");
    }

    /// Each call as its name and arguments.
    private static List<String> calls(ChatCompletion reply) {
        return reply.choices().getFirst().message().toolCalls().orElse(List.of()).stream()
                .map(call -> call.asFunction().function())
                .map(function -> function.name() + " " + function.arguments())
                .toList();
    }

    private static List<String> ids(OpenAIClient who) {
        return who.models().list().items().stream().map(Model::id).toList();
    }

    private static String streamed(OpenAIClient who, ChatCompletionCreateParams asked) {
        var heard = new StringBuilder();
        try (var chunks = who.chat().completions().createStreaming(asked)) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(heard::append);
        }
        return heard.toString();
    }

    private ChatCompletion accumulated(ChatCompletionCreateParams asked) {
        var accumulator = ChatCompletionAccumulator.create();
        try (var chunks = client.chat().completions().createStreaming(asked)) {
            chunks.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }
}
