package sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelHubTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HubModel LLAMA =
            model(
                    "databricks-llama",
                    "chat",
                    """
                    {"name": "databricks-llama", "config": {"served_models": [], "traffic_config": {},
                      "served_entities": [{"name": "e", "entity_name": "system.ai.llama", "environment_vars": {"K": "hidden"},
                        "external_model": {"name": "gpt-5", "provider": "openai", "task": "llm/v1/chat",
                          "openai_config": {"openai_api_key": "{{secrets/hidden/key}}"}}}, null]}}\
                    """);
    private static final HubTarget MAIN =
            new HubTarget(
                    "main",
                    "databricks",
                    "https://main.example",
                    List.of(LLAMA, model("a/b", "embedding", "{}")));
    private static final HubTarget EAST =
            new HubTarget("east", "databricks", "https://east.example", List.of(LLAMA));
    private static final HubTarget OTHER =
            new HubTarget("claude", "anthropic", null, List.of(model("claude-x", "chat", "")));

    @Test
    void oneWorkspacesEndpointsHaveTheUsualShape() {
        assertThat(endpoints(List.of(MAIN, OTHER), null))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"endpoints": [
                                  {"name": "databricks-llama", "creator": "ann", "creation_timestamp": 17, "last_updated_timestamp": null,
                                   "state": "READY", "config": {"served_models": [], "served_entities": [{"name": "e", "entity_name": "system.ai.llama",
                                     "external_model": {"name": "gpt-5", "provider": "openai", "task": "llm/v1/chat"}}]},
                                   "endpoint_url": "https://main.example/serving-endpoints/databricks-llama/invocations"},
                                  {"name": "a/b", "creator": "ann", "creation_timestamp": 17, "last_updated_timestamp": null,
                                   "state": "READY", "config": {"served_models": [], "served_entities": []},
                                   "endpoint_url": "https://main.example/serving-endpoints/a%2Fb/invocations"}],
                                 "workspace_url": "https://main.example"}\
                                """));
    }

    @Test
    void whatIsNotForEverybodysEyesIsNotShown() {
        assertThat(ModelHub.servingEndpoints(List.of(MAIN), HubQuery.ALL).utf8())
                .doesNotContain("hidden");
    }

    @Test
    void withSeveralWorkspacesEachEndpointSaysWhereItIs() {
        var page = endpoints(List.of(MAIN, EAST), null);

        assertThat(page.has("workspace_url")).isFalse();
        assertThat(
                        page.path("endpoints")
                                .valueStream()
                                .map(row -> row.path("target").stringValue()))
                .containsExactly("main", "main", "east");
        assertThat(page.at("/endpoints/2/workspace_url").stringValue())
                .isEqualTo("https://east.example");
        assertThat(
                        endpoints(List.of(MAIN, EAST), "target=east")
                                .path("workspace_url")
                                .stringValue())
                .isEqualTo("https://east.example");
    }

    @Test
    void aGatewayWithoutWorkspacesHasNoEndpoints() {
        assertThat(endpoints(List.of(OTHER), null))
                .isEqualTo(JSON.readTree("{\"endpoints\": [], \"workspace_url\": null}"));
    }

    @Test
    void theHubGroupsTheSameModelOfSeveralTargets() {
        assertThat(
                        JSON.readTree(
                                ModelHub.modelHub(
                                                List.of(MAIN, EAST, OTHER),
                                                HubQuery.parse("provider=databricks"))
                                        .utf8()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                [{"model_group": "databricks/databricks-llama", "providers": ["databricks"], "mode": "chat",
                                  "supports_function_calling": true, "supports_vision": false,
                                  "supports_parallel_function_calling": false, "is_public_model_group": true},
                                 {"model_group": "databricks/a/b", "providers": ["databricks"], "mode": "embedding",
                                  "supports_function_calling": true, "supports_vision": false,
                                  "supports_parallel_function_calling": false, "is_public_model_group": true}]\
                                """));
        assertThat(JSON.readTree(ModelHub.modelHub(List.of(MAIN, OTHER), HubQuery.ALL).utf8()))
                .hasSize(3);
    }

    @Test
    void aTargetThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> ModelHub.modelHub(List.of(MAIN), HubQuery.parse("target=nowhere")))
                .isInstanceOf(CallFailed.class)
                .hasMessageContaining("'target'");
    }

    private static JsonNode endpoints(List<HubTarget> targets, @Nullable String query) {
        return JSON.readTree(ModelHub.servingEndpoints(targets, HubQuery.parse(query)).utf8());
    }

    private static HubModel model(String name, String mode, String row) {
        return new HubModel(
                name, mode, "READY", "ann", 17, 0, false, true, false, true, Bytes.utf8(row));
    }
}
