package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnityCatalogTest {
    private static final String SERVICES = "/api/2.1/unity-catalog/model-services";

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void modelServicesComeInPages() {
        var names = new ArrayList<String>();
        var next = "";
        do {
            var page =
                    Caller.json(
                            caller.get(
                                    SERVICES
                                            + "?parent=schemas/system.ai&page_size=3&page_token="
                                            + next));
            assertThat(page.at("/model_services").size()).isBetween(1, 3);
            page.at("/model_services").forEach(row -> names.add(row.at("/name").asString()));
            next = page.at("/next_page_token").asString("");
        } while (!next.isEmpty());

        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("model-services/system.ai.claude-sonnet-4-5")
                .allMatch(name -> name.startsWith("model-services/system.ai."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?parent=schemas/system.ai",
                "?page_size=100",
                "?parent=schemas/system.ai&page_size=1000"
            })
    void anUnboundedListEndsInNothing(String query) {
        var reply = caller.get(SERVICES + query);

        assertThat(reply.statusCode()).isEqualTo(499);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void aProbeForOneRowIsAnswered() {
        assertThat(caller.get(SERVICES + "?page_size=1").statusCode()).isEqualTo(200);
    }

    @Test
    void aPageCanFailOnce() {
        simulator.listing("cancelled;times=1");

        assertThat(caller.get(SERVICES + "?parent=schemas/system.ai&page_size=9").statusCode())
                .isEqualTo(499);
        assertThat(caller.get(SERVICES + "?parent=schemas/system.ai&page_size=9").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aServiceSaysWhereItGoes() {
        var hosted = Caller.json(caller.get(SERVICES + "/system.ai.claude-sonnet-4-5"));
        var external = Caller.json(caller.get(SERVICES + "/main.services.external-gpt-4o"));

        assertThat(
                        hosted.at("/config/routing/destinations/0/pay_per_token_config/model")
                                .asString())
                .isEqualTo("models/system.ai.databricks-claude-sonnet-4-5");
        assertThat(external.at("/config/routing/destinations/0/destination_type").asString())
                .isEqualTo("DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL");
        assertThat(caller.get(SERVICES + "/main.models.churn").statusCode()).isEqualTo(404);
    }

    @Test
    void foundationModelsSayTheirDialects() {
        var rows = Caller.json(caller.get("/api/2.0/serving-endpoints:foundation-models"));

        assertThat(rows.at("/endpoints").valueStream())
                .anySatisfy(row -> {
                    assertThat(row.at("/name").asString())
                            .isEqualTo("databricks-claude-sonnet-4-5");
                    assertThat(
                                    row.at("/config/served_entities/0/foundation_model/api_types")
                                            .valueStream()
                                            .map(type -> type.asString()))
                            .containsExactly("mlflow/v1/chat/completions", "anthropic/v1/messages");
                });
    }

    @Test
    void gatewayEndpointsAndRegisteredModelsAreListed() {
        var endpoints = Caller.json(caller.get("/api/ai-gateway/v2/endpoints?page_size=2"));
        var models =
                Caller.json(
                        caller.get(
                                "/api/2.1/unity-catalog/models?catalog_name=main&schema_name=models"));

        assertThat(endpoints.at("/endpoints")).hasSize(2);
        assertThat(endpoints.at("/next_page_token").asString()).isNotEmpty();
        assertThat(
                        models.at("/registered_models")
                                .valueStream()
                                .map(row -> row.at("/full_name").asString()))
                .contains("main.models.churn")
                .allMatch(name -> name.startsWith("main.models."));
        assertThat(caller.get("/api/2.1/unity-catalog/models?catalog_name=main").statusCode())
                .isEqualTo(400);
    }

    @Test
    void endpointsOfEveryKindAreListed() {
        var rows = Caller.json(caller.get("/api/2.0/serving-endpoints")).at("/endpoints");

        assertThat(rows.valueStream())
                .anySatisfy(row -> {
                    assertThat(row.at("/state").isNull()).isTrue();
                    assertThat(row.at("/config").isNull()).isTrue();
                })
                .anySatisfy(row ->
                        assertThat(
                                        row.at("/config/served_entities/0/external_model/provider")
                                                .asString(""))
                                .isEqualTo("anthropic"))
                .anySatisfy(row ->
                        assertThat(row.at("/task").asString("")).isEqualTo("llm/v1/completions"));
    }
}
