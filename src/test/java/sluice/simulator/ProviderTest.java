package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderTest {
    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void usageComesOnOneMoreChunkAndOnlyWhenAskedFor() {
        var asked = chat(", \"stream_options\": {\"include_usage\": true}");
        var unasked = chat("");

        var chunks = Caller.chunks(asked);
        assertThat(chunks.getLast().at("/choices")).isEmpty();
        assertThat(chunks.getLast().at("/usage/total_tokens").asInt()).isPositive();
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.has("usage") && chunk.get("usage").isNull());
        assertThat(Caller.chunks(unasked)).noneMatch(chunk -> chunk.has("usage"));
    }

    @Test
    void anyFieldIsTaken() {
        assertThat(chat(", \"parallel_tool_calls\": true, \"seed\": 1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void modelsAreListedInTheProvidersShape() {
        var models = Caller.json(caller.get("/v1/models"));

        assertThat(models.at("/object").asString()).isEqualTo("list");
        assertThat(models.at("/data").valueStream().map(row -> row.at("/id").asString()))
                .contains("databricks-gpt-5-2")
                .doesNotContain("staging-assistant");
    }

    @Test
    void oneModelIsShownAndAnUnknownOneIsNot() {
        var one = Caller.json(caller.get("/v1/models/databricks-gpt-5-2"));

        assertThat(one.at("/object").asString()).isEqualTo("model");
        assertThat(caller.get("/v1/models/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void errorsHaveTheProvidersShape() {
        var model =
                caller.post(
                        "/v1/chat/completions",
                        """
                        {"model": "nobody", "messages": [{"role": "user", "content": "Hi"}]}\
                        """);

        assertThat(model.statusCode()).isEqualTo(404);
        assertThat(Caller.json(model).at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(Caller.json(model).at("/error/type").asString())
                .isEqualTo("invalid_request_error");
    }

    private HttpResponse<String> chat(String more) {
        return caller.post(
                "/v1/chat/completions",
                """
                {"model": "databricks-gpt-5-2", "stream": true,
                 "messages": [{"role": "user", "content": "Hi"}]%s}\
                """
                        .formatted(more));
    }
}
