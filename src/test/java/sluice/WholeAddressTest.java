package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;
import static sluice.TestGateway.get;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// A custom provider that takes some kinds of request at an address other than its base's, which an operator writes
/// whole.
class WholeAddressTest {
    private static final String TOKEN = "workspace-token-of-decent-length";

    private final Simulator workspace = Simulator.start(0, Settings.standard().withToken(TOKEN));

    @AfterEach
    void stop() {
        workspace.close();
    }

    @Test
    void theListOfModelsComesFromTheAddressThatWasWritten() {
        try (var gateway = start("list_models: \"%s/api/2.1/unity-catalog/models\"")) {
            assertThat(gateway.ask(get("/v1/models")).text())
                    .contains("\"id\":\"mlflow/system.ai.");
        }
    }

    /// Unity Catalog gives its list in pages.
    @Test
    void allPagesOfTheListAreRead() {
        var whole = modelsListedBy("");
        var inPages = modelsListedBy("?max_results=1&page_size=1");

        assertThat(inPages).isEqualTo(whole).hasSizeGreaterThan(2);
        assertThat(
                        workspace.recording().requests("/api/2.1/unity-catalog/models").stream()
                                .filter(request -> request.query().contains("page_token=")))
                .hasSizeGreaterThan(1);
    }

    private List<String> modelsListedBy(String query) {
        try (var gateway =
                TestGateway.planned()
                        .variable("MLFLOW_TOKEN", TOKEN)
                        .target(
                                "id: listed, provider: custom, base_format: openai, base_url: \"%s\", keyless: true, extra_headers: {Authorization: {template: \"Bearer ${MLFLOW_TOKEN}\"}}, request_paths: {list_models: \"/api/2.1/unity-catalog/models%s\"}"
                                        .formatted(workspace.host(), query))
                        .start()) {
            return gateway.ask(get("/v1/models"))
                    .json()
                    .path("data")
                    .valueStream()
                    .map(row -> row.path("id").asString(""))
                    .filter(id -> id.startsWith("listed/"))
                    .toList();
        }
    }

    @Test
    void aCallGoesToTheAddressThatWasWritten() {
        try (var gateway = start("chat: \"%s/serving-endpoints/chat/completions\"")) {
            var answer = gateway.ask(chat("mlflow/databricks-claude-sonnet-4-5", false));

            assertThat(answer.status()).isEqualTo(200);
        }
    }

    private TestGateway start(String path) {
        return TestGateway.planned()
                .variable("MLFLOW_TOKEN", TOKEN)
                .target(
                        "id: mlflow, provider: custom, base_format: openai, base_url: \"%s/ai-gateway/mlflow\", keyless: true, extra_headers: {Authorization: {template: \"Bearer ${MLFLOW_TOKEN}\"}}, request_paths: {%s}"
                                .formatted(workspace.host(), path.formatted(workspace.host())))
                .start();
    }
}
