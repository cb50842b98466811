package sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Dialect.Family;
import sluice.call.Failure;

/// The rows of facts/llm-protocols.md section 7 that depend on what a provider says.
class RefusalTest {
    @ParameterizedTest
    @CsvSource({
        "500, 502, 502, server_error, upstream_error, api_error",
        "503, 503, 529, server_error, overloaded, overloaded_error",
        "529, 503, 529, server_error, overloaded, overloaded_error",
        "504, 504, 504, timeout_error, timeout, timeout_error",
    })
    void aProvidersFaultHasItsRowInEachFamily(
            int said, int openAi, int anthropic, String type, String code, String other) {
        var refusal = Refusal.of(new Failure.Faulted("t", said, "no"));

        assertThat(refusal.status(Family.OPENAI)).isEqualTo(openAi);
        assertThat(refusal.status(Family.ANTHROPIC)).isEqualTo(anthropic);
        assertThat(refusal.type()).isEqualTo(type);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.type(Family.ANTHROPIC)).isEqualTo(other);
    }

    @Test
    void theWaitStandsInTheWordsToo() {
        var limited = new Failure.RateLimited("t", "Busy", null, Duration.ofMillis(14_200));

        assertThat(Refusal.of(limited).message(Family.OPENAI))
                .isEqualTo("Busy. Please try again in 15s.");
    }

    @Test
    void aWaitThatIsSaidAlreadyIsNotSaidTwice() {
        var words = "Rate limit reached. Please try again in 28ms.";
        var limited = new Failure.RateLimited("t", words, null, Duration.ofSeconds(1));

        assertThat(Refusal.of(limited).message(Family.OPENAI)).isEqualTo(words);
    }

    @Test
    void aSpentQuotaIsFinal() {
        var spent =
                Refusal.of(
                        new Failure.RateLimited(
                                "t", "Pay.", "insufficient_quota", Duration.ofSeconds(1)));

        assertThat(spent.type()).isEqualTo("insufficient_quota");
        assertThat(spent.code()).isEqualTo("insufficient_quota");
        assertThat(spent.type(Family.ANTHROPIC)).isEqualTo("billing_error");
        assertThat(spent.retryAfter()).isNull();
        assertThat(spent.isFinal()).isTrue();
        assertThat(Refusal.of(new Failure.RateLimited("t", "Busy", null, null)).isFinal())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This model's maximum context length is 128000 tokens.",
                "Your input exceeds the context window of this model.",
                "Input is too long for requested model.",
                "The input token count (1048999) exceeds the maximum number of tokens allowed.",
            })
    void aPromptThatIsTooLongIsSaidInTheWordsThatAgentsActOn(String words) {
        var refusal = rejected(400, words, null, "BAD_REQUEST");

        assertThat(refusal.code()).isEqualTo("context_length_exceeded");
        assertThat(refusal.message(Family.OPENAI)).isEqualTo(words);
        assertThat(refusal.message(Family.ANTHROPIC)).isEqualTo("prompt is too long: " + words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt is too long: 208310 tokens > 200000 maximum",
                "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000",
            })
    void anthropicsOwnWordsAreNotTouched(String words) {
        assertThat(rejected(400, words, "invalid_request_error", null).message(Family.ANTHROPIC))
                .isEqualTo(words);
    }

    @Test
    void aProvidersTypeOfTheOtherFamilyIsNotPassedOn() {
        var absent = rejected(404, "model: x", "not_found_error", null);

        assertThat(absent.type()).isEqualTo("invalid_request_error");
        assertThat(absent.type(Family.ANTHROPIC)).isEqualTo("not_found_error");
    }

    private static Refusal rejected(
            int status, String words, @Nullable String type, @Nullable String code) {
        return Refusal.of(new Failure.Rejected("t", status, words, type, code, null));
    }
}
