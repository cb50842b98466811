package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.json.NotJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RequestFieldsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CLAUDE = "databricks-claude-sonnet-4-5";
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";

    private final RequestFields table = RequestFields.builtIn();
    private final Dropped dropped = new Dropped();

    @Test
    void theTableIsDated() {
        assertThat(table.dated()).matches("20\\d\\d-\\d\\d-\\d\\d");
    }

    @Test
    void aRequestThatIsTakenWholeIsTheSameBytes() throws NotJson {
        var body =
                Bytes.utf8(
                        """
                        { "model" : "x", "messages": [{"role":"user","content":"is \\"name\\": allowed?"}],
                          "temperature": 0.10, "stream_options": {"include_usage": true} }\
                        """);

        var sent = table.apply(body, Surface.SERVING, Dialect.CHAT, List.of(LLAMA), dropped);

        assertThat(sent.inOrder()).singleElement().isSameAs(body);
        assertThat(dropped.isEmpty()).isTrue();
    }

    @Test
    void whatTheUnifiedSurfaceRefusesIsTakenOutAndTold() throws NotJson {
        assertThat(
                        chat(
                                CLAUDE,
                                """
                                {"seed": 7, "model": "x", "store": true, "messages": [], "user": "u",
                                 "parallel_tool_calls": false, "thinking": {"type": "enabled", "budget_tokens": 1024},
                                 "context_management": {}, "frequency_penalty": 1}\
                                """))
                .isEqualTo(
                        "{\"model\": \"x\", \"messages\": [], \"thinking\": {\"type\": \"enabled\","
                                + " \"budget_tokens\": 1024}}");
        assertThat(dropped.names())
                .containsExactlyInAnyOrder(
                        "seed",
                        "store",
                        "user",
                        "parallel_tool_calls",
                        "context_management",
                        "frequency_penalty");
    }

    @Test
    void theNewerNameOfTheLimitBecomesTheOneThatIsTaken() throws NotJson {
        assertThat(chat(LLAMA, "{\"model\":\"x\",\"max_completion_tokens\": 100,\"messages\":[]}"))
                .isEqualTo("{\"model\":\"x\",\"messages\":[],\"max_tokens\":100}");
        assertThat(dropped.isEmpty()).isTrue();
        assertThat(chat(LLAMA, "{\"max_completion_tokens\": 100,\"max_tokens\": 50}"))
                .isEqualTo("{\"max_tokens\": 50}");
        assertThat(dropped.names()).containsExactly("max_completion_tokens");
    }

    @Test
    void whatOtherClientsPutOnMessagesIsTakenOut() throws NotJson {
        assertThat(
                        chat(
                                LLAMA,
                                """
                                {"messages": [
                                  {"role": "user", "name": "ann", "content": "hi", "x": 1.0},
                                  {"role": "assistant", "content": null, "reasoning_content": "hm",
                                   "thinking_blocks": [], "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},
                                  {"role": "tool", "content": "name"}]}\
                                """))
                .isEqualTo(
                        """
                        {"messages": [{"role": "user", "content": "hi", "x": 1.0},{"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},{"role": "tool", "content": "name"}]}\
                        """);
        assertThat(dropped.names())
                .containsExactlyInAnyOrder(
                        "messages[].name",
                        "messages[].reasoning_content",
                        "messages[].thinking_blocks");
    }

    @Test
    void strictToolsAreForGptOnly() throws NotJson {
        var body =
                "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true}}]}";

        assertThat(chat("databricks-gpt-5-1", body)).isEqualTo(body);
        assertThat(chat("databricks-gpt-oss-120b", body)).doesNotContain("strict");
        assertThat(dropped.names()).containsExactly("tools[].function.strict");
    }

    @ParameterizedTest
    @CsvSource({
        "databricks-gemini-2-5-pro, stream_options",
        "databricks-claude-opus-4-7, temperature",
        "databricks-claude-fable-5, top_k",
        "databricks-claude-sonnet-4-5, reasoning_effort",
        "system.ai.claude-sonnet-5, top_p"
    })
    void aFamilyRefusesWhatOthersTake(String model, String field) throws NotJson {
        var body = "{\"model\":\"x\",\"" + field + "\":1}";

        assertThat(chat(LLAMA, body)).isEqualTo(body);
        assertThat(chat(model, body)).isEqualTo("{\"model\":\"x\"}");
        assertThat(dropped.names()).containsExactly(field);
    }

    @Test
    void theModelBehindANameCountsToo() throws NotJson {
        var body = Bytes.utf8("{\"temperature\":1}");

        var sent =
                table.apply(
                        body,
                        Surface.GATEWAY,
                        Dialect.CHAT,
                        List.of("main.llm.assistant", "system.ai.databricks-claude-opus-4-8"),
                        dropped);

        assertThat(sent.joined().utf8()).isEqualTo("{}");
    }

    @Test
    void anEndpointOfOnesOwnTakesWhatItsModelTakes() throws NotJson {
        var body = "{\"custom_inputs\":{\"a\":1},\"seed\":7,\"messages\":[{\"name\":\"ann\"}]}";

        assertThat(chat("my-agent", body)).isEqualTo(body);
    }

    @Test
    void theNativeSurfaceKeepsAllButAFewMarks() throws NotJson {
        var body =
                Bytes.utf8(
                        """
                        {"model":"m","context_management":{"edits":[]},"tools":[{"name":"t","eager_input_streaming":true}],
                         "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","scope":"global"}}],
                         "messages":[{"role":"user","content":[{"type":"text","text":"scope","cache_control":{"scope":"x","type":"ephemeral"}}]},
                         {"role":"user","content":"scope"}]}\
                        """);

        var sent =
                table.apply(body, Surface.GATEWAY, Dialect.MESSAGES, List.of(CLAUDE), dropped)
                        .joined();

        assertThat(JSON.readTree(sent.utf8()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"model":"m","context_management":{"edits":[]},"tools":[{"name":"t"}],
                                 "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
                                 "messages":[{"role":"user","content":[{"type":"text","text":"scope","cache_control":{"type":"ephemeral"}}]},
                                 {"role":"user","content":"scope"}]}\
                                """));
        assertThat(dropped.names())
                .containsExactlyInAnyOrder(
                        "tools[].eager_input_streaming",
                        "system[].cache_control.scope",
                        "messages[].content[].cache_control.scope");
    }

    @Test
    void hundredsOfUnknownFieldsAreRefused() {
        var body =
                IntStream.range(0, 300)
                        .mapToObj(i -> "\"f" + i + "\":1")
                        .collect(Collectors.joining(",", "{", "}"));

        assertThatThrownBy(() -> chat(LLAMA, body))
                .isInstanceOf(NotJson.class)
                .hasMessageContaining("256");
    }

    @Test
    void anUnknownFieldThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> chat(LLAMA, "{\"odd\":1,\"odd\":2}"))
                .isInstanceOf(NotJson.class)
                .hasMessageContaining("'odd' is given twice");
    }

    @Test
    void anOperatorsTableTakesThePlaceOfOurs() throws NotJson {
        var own =
                RequestFields.read(
                        Bytes.utf8(
                                """
                                {"dated": "2027-01-01", "rules": [
                                  {"dialect": "chat", "models": ["mine-*", "!mine-too"], "only": ["model"]},
                                  {"dialect": "chat", "models": ["mine-b*"], "allow": ["seed"]}]}\
                                """));

        assertThat(own.dated()).isEqualTo("2027-01-01");
        assertThat(send(own, "mine-a", "{\"model\":1,\"seed\":2}")).isEqualTo("{\"model\":1}");
        assertThat(send(own, "mine-b", "{\"model\":1,\"seed\":2}"))
                .isEqualTo("{\"model\":1,\"seed\":2}");
        assertThat(send(own, "mine-too", "{\"seed\":2}")).isEqualTo("{\"seed\":2}");
        assertThat(send(own, LLAMA, "{\"seed\":2}")).isEqualTo("{\"seed\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"dated\": \"x\"}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"chat\"}]}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"morse\", \"models\": [\"*\"]}]}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"chat\", \"models\": [\"*\"],"
                        + " \"alow\": []}]}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"chat\", \"models\": \"*\"}]}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"chat\", \"models\": [\"*\"],"
                        + " \"allow\": [\"a.b\"]}]}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"chat\", \"models\": [\"*\"],"
                        + " \"refuse\": [\"a..b\"]}]}",
                "{\"dated\": \"x\", \"rules\": [{\"dialect\": \"chat\", \"models\": [\"*\"],"
                        + " \"surfaces\": [\"moon\"]}]}"
            })
    void aTableThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> RequestFields.read(Bytes.utf8(text))).isInstanceOf(NotJson.class);
    }

    @Test
    void whatIsLeftIsAlwaysTheDocumentWithoutWhatWasTold() throws NotJson {
        long seed = Long.getLong("chance.seed", 20_261_120);
        var names =
                List.of("model", "seed", "temperature", "user", "messages", "stop", "odd", "store");
        for (int round = 0; round < 2_000; round++) {
            var random = new Random(seed + round);
            var body = JSON.createObjectNode();
            for (int count = random.nextInt(6); count > 0; count--) {
                body.put(names.get(random.nextInt(names.size())), random.nextInt());
            }
            var message = body.putArray("messages").addObject().put("role", "user");
            if (random.nextBoolean()) {
                message.put("name", "ann");
            }
            var told = new Dropped();

            var sent =
                    table.apply(
                                    Bytes.utf8(body.toString()),
                                    Surface.GATEWAY,
                                    Dialect.CHAT,
                                    List.of(LLAMA),
                                    told)
                            .joined()
                            .utf8();

            ObjectNode expected = body.deepCopy();
            told.names().forEach(expected::remove);
            ((ObjectNode) expected.path("messages").path(0)).remove("name");
            assertThat(JSON.readTree(sent)).as("seed %d", seed + round).isEqualTo(expected);
            assertThat(told.names())
                    .as("seed %d", seed + round)
                    .doesNotContain("model", "temperature", "stop", "messages");
        }
    }

    private String chat(String model, String body) throws NotJson {
        return send(table, model, body);
    }

    private String send(RequestFields fields, String model, String body) throws NotJson {
        return fields.apply(
                        Bytes.utf8(body), Surface.SERVING, Dialect.CHAT, List.of(model), dropped)
                .joined()
                .utf8();
    }
}
