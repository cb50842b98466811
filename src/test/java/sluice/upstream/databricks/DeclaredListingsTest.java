package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.upstream.databricks.ListedWorkspace.ENDPOINTS;
import static sluice.upstream.databricks.ListedWorkspace.FOUNDATION;
import static sluice.upstream.databricks.ListedWorkspace.GATEWAY_ENDPOINTS;
import static sluice.upstream.databricks.ListedWorkspace.SERVICES;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.upstream.databricks.DeclaredModel.Mode;
import sluice.upstream.databricks.DeclaredModel.State;
import sluice.upstream.databricks.DeclaredModels.Source;

@Timeout(60)
class DeclaredListingsTest {
    private static final String HOSTED =
            """
            {"endpoints": [
              {"name": "databricks-claude-sonnet-4-5", "creator": "Databricks",
               "creation_timestamp": 1700000000000, "last_updated_timestamp": 1700000000001,
               "task": "llm/v1/chat", "state": {"ready": "READY", "config_update": "NOT_UPDATING"},
               "config": {"served_entities": [{"entity_name": "system.ai.databricks-claude-sonnet-4-5",
                 "foundation_model": {"name": "system.ai.databricks-claude-sonnet-4-5"}}]}},
              {"name": "databricks-gte-large-en", "task": "llm/v1/embeddings",
               "state": {"ready": "READY"}}
            ]}\
            """;
    private static final String API_TYPES =
            """
            {"endpoints": [{"name": "databricks-claude-sonnet-4-5", "config": {"served_entities": [
              {"foundation_model": {"name": "system.ai.databricks-claude-sonnet-4-5",
               "ai_gateway_v2_supported": true,
               "api_types": ["mlflow/v1/chat/completions", "anthropic/v1/messages",
                             "gemini/v1/generateContent"]}}]}}]}\
            """;

    private final ListedWorkspace workspace = new ListedWorkspace();

    @AfterEach
    void stop() {
        workspace.close();
    }

    @Test
    void aHostedModelHasTheDialectsThatTheWorkspaceDeclares() {
        workspace.at(ENDPOINTS, 200, HOSTED).at(FOUNDATION, 200, API_TYPES);

        var models = workspace.discover();

        var claude = models.find("databricks-claude-sonnet-4-5").orElseThrow();
        assertThat(claude.surfaces()).containsExactly(Surface.SERVING, Surface.GATEWAY);
        assertThat(claude.dialects(Surface.SERVING))
                .containsExactlyInAnyOrder(Dialect.CHAT, Dialect.MESSAGES, Dialect.INVOCATIONS);
        assertThat(claude.dialects(Surface.GATEWAY))
                .containsExactlyInAnyOrder(Dialect.CHAT, Dialect.MESSAGES);
        assertThat(claude.mode()).isEqualTo(Mode.CHAT);
        assertThat(claude.state()).isEqualTo(State.READY);
        assertThat(claude.isSteady()).isTrue();
        assertThat(claude.creator()).isEqualTo("Databricks");
        assertThat(claude.createdMillis()).isEqualTo(1_700_000_000_000L);
        assertThat(claude.updatedMillis()).isEqualTo(1_700_000_000_001L);
        assertThat(claude.capabilities().vision()).isTrue();
        assertThat(claude.row().utf8())
                .startsWith("{\"name\": \"databricks-claude-sonnet-4-5\", \"creator\"");
        var embedding = models.find("databricks-gte-large-en").orElseThrow();
        assertThat(embedding.mode()).isEqualTo(Mode.EMBEDDING);
        assertThat(embedding.dialects(Surface.SERVING))
                .containsExactlyInAnyOrder(Dialect.EMBEDDINGS, Dialect.INVOCATIONS);
        assertThat(models.unanswered()).isEmpty();
    }

    @Test
    void aModelServiceIsJoinedWithTheModelBehindIt() {
        workspace
                .at(FOUNDATION, 200, API_TYPES)
                .at(
                        SERVICES,
                        200,
                        """
                        {"model_services": [
                          {"name": "model-services/system.ai.claude-sonnet-4-5", "supported_api_types": ["chat"],
                           "created_by": "Databricks", "create_time": "2026-01-02T03:04:05Z",
                           "config": {"routing": {"destinations": [{"pay_per_token_config":
                             {"model": "models/system.ai.databricks-claude-sonnet-4-5"}}]}}},
                          {"name": "model-services/main.llm.vectors", "supported_api_types": ["embeddings"]}]}\
                        """);

        var models = workspace.discover();

        var claude = models.find("system.ai.claude-sonnet-4-5").orElseThrow();
        assertThat(claude.dialects(Surface.GATEWAY))
                .containsExactlyInAnyOrder(Dialect.CHAT, Dialect.MESSAGES);
        assertThat(claude.underlying()).isEqualTo("system.ai.databricks-claude-sonnet-4-5");
        assertThat(claude.createdMillis()).isEqualTo(1_767_323_045_000L);
        assertThat(claude.creator()).isEqualTo("Databricks");
        assertThat(models.find("main.llm.vectors").orElseThrow().mode()).isEqualTo(Mode.EMBEDDING);
    }

    @Test
    void aServiceThatSplitsItsTrafficSpeaksOnlyWhatAllItsModelsSpeak() {
        workspace
                .at(
                        FOUNDATION,
                        200,
                        """
                        {"endpoints": [
                         {"name": "databricks-a", "config": {"served_entities": [{"foundation_model":
                           {"ai_gateway_v2_supported": true, "api_types": ["mlflow/v1/chat/completions", "anthropic/v1/messages"]}}]}},
                         {"name": "databricks-b", "config": {"served_entities": [{"foundation_model":
                           {"ai_gateway_v2_supported": true, "api_types": ["mlflow/v1/chat/completions", "openai/v1/responses"]}}]}}]}\
                        """)
                .at(
                        SERVICES,
                        200,
                        """
                        {"model_services": [{"name": "model-services/main.llm.both",
                          "config": {"routing": {"destinations": [
                            {"pay_per_token_config": {"model": "models/system.ai.databricks-a"}},
                            {"pay_per_token_config": {"model": "models/system.ai.databricks-b"}},
                            {"is_deleted": true, "pay_per_token_config": {"model": "models/system.ai.gone"}}]}}}]}\
                        """);

        assertThat(
                        workspace
                                .discover()
                                .find("main.llm.both")
                                .orElseThrow()
                                .dialects(Surface.GATEWAY))
                .containsExactly(Dialect.CHAT);
    }

    @Test
    void pagesAreFollowedWithinTheSchemasThatWereNamed() {
        workspace
                .at(SERVICES, 200, page("system.ai.one", "a/b=&c"))
                .at(SERVICES + "&page_token=a%2Fb%3D%26c", 200, page("system.ai.two", null))
                .at(SERVICES.replace("system.ai", "main.llm"), 200, page("main.llm.own", null));

        var models = workspace.discover("main.llm", "system.ai", "main.llm");

        assertThat(models.rows())
                .extracting(DeclaredModel::name)
                .containsExactly("system.ai.one", "system.ai.two", "main.llm.own");
        assertThat(workspace.asked())
                .filteredOn(path -> path.contains("model-services"))
                .hasSize(3)
                .allMatch(
                        path -> path.contains("parent=schemas/") && path.contains("page_size=100"));
    }

    @ParameterizedTest
    @ValueSource(ints = {499, 504, 429})
    void aPageThatIsCutOffIsAskedForAgain(int status) {
        workspace
                .at(SERVICES, status, "")
                .at(SERVICES, status, "")
                .at(SERVICES, 200, page("system.ai.one", null));

        assertThat(workspace.discover().find("system.ai.one")).isPresent();
        assertThat(workspace.asked()).filteredOn(SERVICES::equals).hasSize(3);
    }

    @Test
    void aListingThatIsAlwaysCutOffIsGivenUpAndTheOthersHold() {
        workspace.at(SERVICES, 499, "").at(ENDPOINTS, 200, HOSTED);

        var models = workspace.discover();

        assertThat(workspace.asked()).filteredOn(SERVICES::equals).hasSize(4);
        assertThat(models.unanswered()).containsExactly(Source.MODEL_SERVICES);
        assertThat(models.rows()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "403, PERMISSION_DENIED",
        "404, ENDPOINT_NOT_FOUND",
        "501, NOT_IMPLEMENTED",
        "400, FEATURE_DISABLED"
    })
    void aWorkspaceWithoutAGatewayStillListsItsEndpoints(int status, String code) {
        var refusal = "{\"error_code\": \"" + code + "\", \"message\": \"not here\"}";
        workspace
                .at(SERVICES, status, refusal)
                .at(GATEWAY_ENDPOINTS, status, refusal)
                .at(FOUNDATION, status, refusal)
                .at(ENDPOINTS, 200, HOSTED);

        var models = workspace.discover();

        assertThat(models.rows()).hasSize(2);
        assertThat(models.unanswered()).isEmpty();
        assertThat(workspace.asked()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"401, whatever", "400, Invalid Token", "403, token is expiring within 30 seconds"})
    void aRefusedCredentialIsSaidAndNotTakenForAnEmptyWorkspace(int status, String words) {
        workspace.at(SERVICES, status, words).at(ENDPOINTS, 200, HOSTED);

        assertThatThrownBy(workspace::discover)
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed ->
                                assertThat(failed.failure())
                                        .isEqualTo(new Failure.CredentialRefused("main", status)));
    }

    @Test
    void aWorkspaceThatAnswersNothingIsAFailure() {
        for (var path : Set.of(SERVICES, FOUNDATION, ENDPOINTS, GATEWAY_ENDPOINTS)) {
            workspace.at(path, 500, "{\"message\": \"secret words\"}");
        }

        assertThatThrownBy(workspace::discover)
                .isInstanceOf(CallFailed.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void everyLevelOfARowMayBeMissing() {
        workspace.at(
                ENDPOINTS,
                200,
                """
                {"endpoints": [
                  {}, null, 7, {"name": null}, {"name": ""}, {"name": "bare"},
                  {"name": "nulls", "state": null, "config": null, "task": null, "creator": 3},
                  {"name": "odd", "state": "READY", "config": {"served_entities": "none"}},
                  {"name": "cold", "state": {"ready": "NOT_READY", "config_update": "IN_PROGRESS"},
                   "config": {"served_entities": [{"scale_to_zero_enabled": true}, null]}},
                  {"name": "told", "capabilities": {"function_calling": true},
                   "config": {"served_entities": [{"external_model":
                     {"provider": "openai", "name": "gpt-5", "task": "llm/v1/chat"}}]}}]}\
                """);

        var models = workspace.discover();

        assertThat(models.rows())
                .extracting(DeclaredModel::name)
                .containsExactly("bare", "nulls", "odd", "cold", "told");
        var bare = models.find("bare").orElseThrow();
        assertThat(bare.state()).isEqualTo(State.UNKNOWN);
        assertThat(bare.doors()).isEmpty();
        assertThat(bare.scaleToZero()).isNull();
        var cold = models.find("cold").orElseThrow();
        assertThat(cold.state()).isEqualTo(State.NOT_READY);
        assertThat(cold.configUpdate()).isEqualTo("IN_PROGRESS");
        assertThat(cold.scaleToZero()).isTrue();
        assertThat(cold.isSteady()).isFalse();
        var told = models.find("told").orElseThrow();
        assertThat(told.names()).containsExactly("told", "gpt-5");
        assertThat(told.capabilities().functionCalling()).isTrue();
        assertThat(told.dialects(Surface.SERVING)).contains(Dialect.RESPONSES);
    }

    @Test
    void anEndpointOfTheOlderGatewayIsAModelToo() {
        workspace
                .at(FOUNDATION, 200, API_TYPES)
                .at(
                        GATEWAY_ENDPOINTS,
                        200,
                        """
                        {"endpoints": [{"name": "house-claude", "config": {"destinations": [
                          {"name": "system.ai.databricks-claude-sonnet-4-5", "traffic_percentage": 100}]}}]}\
                        """);

        var house = workspace.discover().find("house-claude").orElseThrow();

        assertThat(house.surfaces()).containsExactly(Surface.GATEWAY);
        assertThat(house.dialects(Surface.GATEWAY))
                .containsExactlyInAnyOrder(Dialect.CHAT, Dialect.MESSAGES);
    }

    @Test
    void aListingThatIsNotJsonIsUnanswered() {
        workspace.at(ENDPOINTS, 200, "<html>sign in</html>").at(FOUNDATION, 200, API_TYPES);

        assertThat(workspace.discover().unanswered()).containsExactly(Source.SERVING_ENDPOINTS);
    }

    @Test
    void noMoreThanTenThousandRowsAreTaken() {
        workspace.at(
                ENDPOINTS,
                200,
                IntStream.range(0, 10_050)
                        .mapToObj(i -> "{\"name\":\"e" + i + "\"}")
                        .collect(Collectors.joining(",", "{\"endpoints\":[", "]}")));

        assertThat(workspace.discover().rows()).hasSize(10_000);
    }

    @Test
    void aTokenThatLeadsInACircleEndsTheListing() {
        workspace
                .at(SERVICES, 200, page("system.ai.one", "again"))
                .at(SERVICES + "&page_token=again", 200, page("system.ai.two", "again"));

        assertThat(workspace.discover().rows()).hasSize(2);
    }

    private static String page(String name, @Nullable String token) {
        return "{\"model_services\":[{\"name\":\"model-services/"
                + name
                + "\"}]"
                + (token == null ? "" : ",\"next_page_token\":\"" + token + "\"")
                + "}";
    }

    @Test
    void noShapeOfARowBreaksTheJoin() {
        long seed = Long.getLong("chance.seed", 20_261_120);
        for (int round = 0; round < 3_000; round++) {
            var shape = new Shape(new Random(seed + round));
            var documents = new EnumMap<Source, List<Bytes>>(Source.class);
            for (var source : Source.values()) {
                var list = source == Source.MODEL_SERVICES ? "model_services" : "endpoints";
                documents.put(
                        source,
                        List.of(
                                Bytes.utf8(
                                        "{\""
                                                + list
                                                + "\":["
                                                + shape.row()
                                                + ","
                                                + shape.row()
                                                + "]}")));
            }

            var models = DeclaredRows.join(documents, Set.of());

            assertThat(models.unanswered()).as("seed %d", seed + round).isEmpty();
            assertThat(models.rows())
                    .as("seed %d", seed + round)
                    .hasSizeLessThanOrEqualTo(8)
                    .allMatch(model -> !model.name().isEmpty() && !model.row().isEmpty());
        }
    }

    /// Rows whose every level may be anything.
    private record Shape(Random random) {
        private static final List<String> KEYS =
                List.of(
                        "state",
                        "ready",
                        "config_update",
                        "config",
                        "served_entities",
                        "foundation_model",
                        "external_model",
                        "provider",
                        "api_types",
                        "ai_gateway_v2_supported",
                        "task",
                        "creator",
                        "creation_timestamp",
                        "create_time",
                        "capabilities",
                        "vision",
                        "scale_to_zero_enabled",
                        "routing",
                        "destinations",
                        "pay_per_token_config",
                        "model",
                        "supported_api_types",
                        "entity_name",
                        "native_api_types");

        String row() {
            return "{\"name\":"
                    + (random.nextBoolean() ? "\"n" + random.nextInt(3) + "\"" : value(1))
                    + members(4)
                    + "}";
        }

        private String members(int depth) {
            var text = new StringBuilder();
            var keys = new ArrayList<>(KEYS);
            Collections.shuffle(keys, random);
            for (var key : keys.subList(0, random.nextInt(8))) {
                text.append(",\"").append(key).append("\":").append(value(depth));
            }
            return text.toString();
        }

        private String value(int depth) {
            return switch (random.nextInt(depth > 0 ? 10 : 6)) {
                case 0 -> "null";
                case 1 -> "true";
                case 2 -> "1e400";
                case 3 -> "\"READY\"";
                case 4 -> "-7.5";
                case 5 -> "\"mlflow/v1/chat/completions\"";
                case 6, 7 -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
                default -> "{\"x\":0" + members(depth - 1) + "}";
            };
        }
    }
}
