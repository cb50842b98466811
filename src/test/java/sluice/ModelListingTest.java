package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.get;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The list of models as clients of either family ask for it.
class ModelListingTest {
    private static final String VERSION = "anthropic-version: 2023-06-01";

    @Test
    void anthropicsClientsFindTheClaudesByNamesThatBeginSo() {
        try (var gateway = TestGateway.start()) {
            var listed = list(gateway, "/v1/models?limit=1000", VERSION);

            assertThat(listed.path("data").findValuesAsString("id"))
                    .contains("claude-sonnet-4-5", "workspace/databricks-claude-sonnet-4-5");
            assertThat(gateway.ask(get("/v1/models/claude-sonnet-4-5", VERSION)).text())
                    .contains("\"id\":\"claude-sonnet-4-5\"");
            assertThat(list(gateway, "/v1/models").path("data").findValuesAsString("id"))
                    .contains("workspace/databricks-claude-sonnet-4-5")
                    .doesNotContain("claude-sonnet-4-5");
        }
    }

    @Test
    void pagesFollowEachOtherToTheEnd() {
        try (var gateway = TestGateway.start()) {
            var all = list(gateway, "/v1/models").path("data").findValuesAsString("id");
            var first = list(gateway, "/v1/models?limit=2");
            var rest = list(gateway, "/v1/models?after_id=" + first.path("last_id").asString());

            assertThat(first.path("has_more").asBoolean()).isTrue();
            assertThat(first.path("data").findValuesAsString("id")).isEqualTo(all.subList(0, 2));
            assertThat(rest.path("has_more").asBoolean()).isFalse();
            assertThat(rest.path("data").findValuesAsString("id"))
                    .isEqualTo(all.subList(2, all.size()));
        }
    }

    @Test
    void whatIsUnderMessagesIsRefusedInAnthropicsWords() {
        try (var gateway = TestGateway.start()) {
            var answer = gateway.ask(get("/v1/messages"));

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.text()).startsWith("{\"type\":\"error\"");
            assertThat(gateway.ask(get("/v1/messages/batches")).header("request-id")).isNotBlank();
        }
    }

    private static JsonNode list(TestGateway gateway, String path, String... headers) {
        var answer = gateway.ask(get(path, headers));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }
}
