package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.get;
import static sluice.TestGateway.post;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What is refused before anybody knows who calls is refused in the words of the path.
class RefusedDialectTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages",
                "/messages",
                "/v1/messages/count_tokens",
                "/api/llm/v1/messages",
                "/anthropic/v1/messages"
            })
    void aWrongMethodAtMessagesIsToldAsMessagesTellIt(String path) {
        try (var gateway = TestGateway.start()) {
            var answer = gateway.ask(get(path));

            var told = JSON.readTree(answer.text());
            assertThat(answer.status()).isEqualTo(405);
            assertThat(told.path("type").asString("")).isEqualTo("error");
            assertThat(told.at("/error/type").asString("")).isEqualTo("invalid_request_error");
            assertThat(told.path("request_id").asString("")).startsWith("req_");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/nothing/here"})
    void anyOtherPathIsToldAsChatTellsIt(String path) {
        try (var gateway = TestGateway.start()) {
            var told = JSON.readTree(gateway.ask(post(path, "{}")).text());

            assertThat(told.propertyNames()).containsExactly("error");
        }
    }
}
