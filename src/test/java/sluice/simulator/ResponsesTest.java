package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ResponsesTest {
    private static final String GPT = "databricks-gpt-5-2";
    private static final String NATIVE = "/ai-gateway/openai/v1/responses";

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/responses, gpt-5-2",
        "/serving-endpoints/responses, databricks-gpt-5-2",
        "/serving-endpoints/responses, external-gpt-4o",
        "/serving-endpoints/responses, support-agent",
        "/serving-endpoints/open-responses, databricks-gpt-oss-120b",
        "/ai-gateway/openai/v1/responses, system.ai.gpt-5-2",
        "/ai-gateway/codex/v1/responses, databricks-gpt-5-2",
        "/ai-gateway/mlflow/v1/responses, system.ai.claude-sonnet-4-5",
        "/mlflow/v1/responses, support-agent",
        "/serving-endpoints/support-agent/invocations, ''",
    })
    void everySurfaceAnswers(String path, String model) {
        var reply = ask(path, model, "");

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        var json = Caller.json(reply);
        assertThat(json.at("/status").asString()).isEqualTo("completed");
        var output = json.at("/output");
        assertThat(output.get(output.size() - 1).at("/content/0/text").asString())
                .startsWith("You said: Hi ");
    }

    @ParameterizedTest
    @CsvSource({
        "/serving-endpoints/responses, databricks-claude-sonnet-4-5",
        "/serving-endpoints/open-responses, databricks-claude-sonnet-4-5",
        "/ai-gateway/openai/v1/responses, system.ai.llama-x",
        "/ai-gateway/openai/v1/responses, databricks-gemini-2-5-pro",
        "/ai-gateway/mlflow/v1/responses, databricks-meta-llama-3-3-70b-instruct",
    })
    void aModelThatHasNoneIsRefused(String path, String model) {
        var reply = ask(path, model, "");

        if (model.endsWith("-x")) {
            assertThat(reply.statusCode()).isEqualTo(404);
        } else {
            assertThat(reply.statusCode()).isEqualTo(400);
            assertThat(Caller.json(reply).at("/message").asString())
                    .startsWith("Responses API passthrough is not supported");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "normal",
                "thinking",
                "thinking-redacted",
                "thinking-omitted",
                "tools",
                "tools-parallel;reasoning=yes",
                "tools-empty",
                "tools-bare",
                "tools-after-text",
                "refusal",
                "max-tokens",
                "filtered",
                "cached"
            })
    void aStreamNumbersItsEventsAndEndsWithTheWhole(String behaviour) {
        var whole = Caller.json(ask(NATIVE, "sim-" + behaviour, ""));
        var events = events(stream(behaviour));

        assertThat(events)
                .extracting(event -> event.at("/sequence_number").asInt())
                .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
        assertThat(events.getFirst().at("/type").asString()).isEqualTo("response.created");
        var last = events.getLast();
        assertThat(last.at("/type").asString())
                .isEqualTo("response." + whole.at("/status").asString());
        assertThat(unnamed(last.at("/response/output"))).isEqualTo(unnamed(whole.at("/output")));
        assertThat(last.at("/response/usage")).isEqualTo(whole.at("/usage"));
        assertThat(
                        events.stream()
                                .filter(event ->
                                        event.at("/type")
                                                .asString()
                                                .equals("response.output_item.done"))
                                .map(event -> event.at("/item")))
                .containsExactlyElementsOf(last.at("/response/output").valueStream().toList());
    }

    @Test
    void aTextComesInTheCanonicalOrder() {
        assertThat(
                        events(stream("normal;say=Hi")).stream()
                                .map(event -> event.at("/type").asString()))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
    }

    @Test
    void theWholeCanFailAndTheStreamToo() {
        var whole = Caller.json(ask(NATIVE, "sim-error-mid", ""));
        var events = events(stream("error-mid"));

        assertThat(whole.at("/status").asString()).isEqualTo("failed");
        assertThat(events.getLast().at("/type").asString()).isEqualTo("response.failed");
        assertThat(events.getLast().at("/response/error/code").asString())
                .isEqualTo("server_error");
        assertThat(events(stream("error-first")).getFirst().at("/type").asString())
                .isEqualTo("error");
        assertThat(events(stream("no-done")).getLast().at("/type").asString())
                .isEqualTo("response.output_item.done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"store\": true",
                "\"background\": true",
                "\"previous_response_id\": \"resp_1\"",
                "\"service_tier\": \"flex\""
            })
    void whatTheHostedModelsCannotDoIsRefused(String field) {
        assertThat(ask(NATIVE, GPT, ", " + field).statusCode()).isEqualTo(400);
        assertThat(ask(NATIVE, GPT, ", \"store\": false").statusCode()).isEqualTo(200);
        assertThat(ask("/v1/responses", GPT, ", " + field).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [] | input
                    [{"type": "function_call_output", "call_id": "c", "output": "x"}] | No tool call found
                    [{"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}, {"role": "user", "content": "Hi"}] | No tool output found
                    [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}] | Invalid value
                    [{"content": "Hi"}] | role
                    """)
    void anInputThatDoesNotFitIsRefused(String input, String why) {
        var reply =
                caller.post(
                        NATIVE, "{\"model\": \"" + GPT + "\", \"input\": " + input.strip() + "}");

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(Caller.json(reply).at("/error/message").asString()).contains(why);
    }

    @Test
    void modelServingGivesLongerIdsThanItTakes() {
        var path = "/serving-endpoints/responses";
        var item = Caller.json(ask(path, GPT, "")).at("/output/0");
        var back =
                caller.post(
                        path,
                        "{\"model\": \"%s\", \"input\": [%s, {\"role\": \"user\", \"content\": \"Hi\"}]}"
                                .formatted(GPT, item));

        assertThat(item.at("/id").asString()).hasSizeGreaterThan(64);
        assertThat(back.statusCode()).isEqualTo(400);
        assertThat(back.body()).contains("string too long");
    }

    /// Without the ids, which stand for the request.
    private static String unnamed(JsonNode output) {
        return output.toString().replaceAll("\"id\":\"[^\"]*\"", "");
    }

    private static List<JsonNode> events(HttpResponse<String> response) {
        return Caller.chunks(response);
    }

    private HttpResponse<String> stream(String behaviour) {
        return ask(NATIVE, "sim-" + behaviour, ", \"stream\": true");
    }

    private HttpResponse<String> ask(String path, String model, String more) {
        return caller.post(
                path,
                """
                {"model": "%s", "input": [{"role": "user", "content": "Hi"}]%s}\
                """
                        .formatted(model, more));
    }
}
