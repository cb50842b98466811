package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.simulator.Recording;
import sluice.simulator.Request;
import sluice.translate.ResponsesGrammar;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Codex needs of a gateway: Responses, streamed, read as it reads them
/// (facts/llm-protocols.md section 15).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodexTest {
    private static final String GPT = "workspace/databricks-gpt-5-2";
    private static final String CLAUDE = "workspace/databricks-claude-sonnet-4-5";
    private static final String LLAMA = "workspace/databricks-meta-llama-3-3-70b-instruct";

    private TestGateway gateway;

    @BeforeAll
    void start() {
        gateway = TestGateway.planned().server("keep_alive_comment_seconds: 1").start();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {GPT, CLAUDE, LLAMA})
    void aTurnIsMadeOfItsDoneItemsAndCompletedWithUsage(String model) {
        var turn = turn(model, user("Hello there"));

        assertThat(text(turn.items())).contains("Hello there");
        assertThat(turn.response().path("id").asString("")).isNotEmpty();
        assertThat(turn.response().path("status").asString()).isEqualTo("completed");
        var usage = turn.response().path("usage");
        for (var name : List.of("input_tokens", "output_tokens", "total_tokens")) {
            assertThat(usage.path(name).isIntegralNumber()).as(name).isTrue();
        }
        assertThat(usage.at("/input_tokens_details/cached_tokens").isIntegralNumber()).isTrue();
        assertThat(usage.at("/output_tokens_details/reasoning_tokens").isIntegralNumber()).isTrue();
        assertThat(turn.types())
                .startsWith("response.created")
                .contains("response.output_text.delta", "response.output_item.added")
                .endsWith("response.completed");
    }

    @ParameterizedTest
    @ValueSource(strings = {GPT, CLAUDE, LLAMA})
    void itsConversationIsEveryItemSentBackWithTheResult(String model) {
        var before = new ArrayList<JsonNode>(user("Use the shell tool"));
        gateway.workspace().next("normal;reasoning=yes");

        var called = turn(model, before);

        assertThat(called.items())
                .extracting(item -> item.path("type").asString())
                .containsExactly("reasoning", "function_call");
        var call = called.items().getLast();
        assertThat(call.path("name").asString()).isEqualTo("shell");
        assertThat(call.path("arguments").asString()).isEqualTo("{\"command\":\"some command\"}");
        before.addAll(called.items());
        before.add(output("function_call_output", call, "three files"));
        assertThat(text(turn(model, before).items())).startsWith("The tool answered: three files");
    }

    @ParameterizedTest
    @ValueSource(strings = {CLAUDE, LLAMA})
    void aPatchIsFreeTextThereAndBack(String model) {
        var before = new ArrayList<JsonNode>(user("Please apply_patch now"));

        var called = turn(model, before);

        var call = called.items().getLast();
        assertThat(call.path("type").asString()).isEqualTo("custom_tool_call");
        assertThat(call.path("name").asString()).isEqualTo("apply_patch");
        assertThat(call.path("input").asString("")).isNotEmpty();
        before.addAll(called.items());
        before.add(output("custom_tool_call_output", call, "patched"));
        assertThat(text(turn(model, before).items())).startsWith("The tool answered: patched");
    }

    @Test
    void aClaudeGetsItsOwnSignedThoughtBack() {
        var before = new ArrayList<JsonNode>(user("Use the shell tool"));
        gateway.workspace().next("normal;reasoning=yes");
        var called = turn(CLAUDE, before);
        before.addAll(called.items());
        before.add(output("function_call_output", called.items().getLast(), "three files"));

        turn(CLAUDE, before);

        var sent = Answer.JSON.readTree(lastRequest().text());
        assertThat(lastRequest().path()).endsWith("/messages");
        var thought = sent.at("/messages/1/content/0");
        assertThat(thought.path("type").asString("")).as(sent.toString()).isEqualTo("thinking");
        assertThat(thought.path("thinking").asString("")).contains("I should answer in kind.");
        assertThat(thought.path("signature").asString("")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {GPT, CLAUDE, LLAMA})
    void whatTheTargetCannotCarryIsToldAndNothingElse(String model) {
        var answer = ask(model, user("Hello there"));

        var dropped = List.of(answer.header("x-sluice-dropped").split(", *", -1));
        assertThat(dropped)
                .isSubsetOf(
                        "store",
                        "prompt_cache_key",
                        "include",
                        "tools[].local_shell",
                        "tools[].web_search",
                        "parallel_tool_calls",
                        "tools[].strict",
                        "tools[].format",
                        "reasoning.effort",
                        "reasoning.summary",
                        "text.verbosity");
        var line = gateway.ledgerOf(answer.id());
        assertThat(line.path("dropped").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(dropped);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLAUDE, LLAMA})
    void aTurnThatBreaksIsFailedAndItsBodyEnds(String model) {
        for (var behaviour : List.of("cut", "error-mid", "reset", "cut-in-event")) {
            gateway.workspace().next(behaviour);
            var answer = ask(model, user("Hello there"));

            var response = ResponsesGrammar.broken(answer.text()).response();
            assertThat(response.at("/error/message").asString()).contains("'workspace'");
        }
    }

    // ---- as Codex does it ----

    /// One turn: its items from {@code output_item.done} alone.
    private record Turn(List<String> types, List<JsonNode> items, JsonNode response) {}

    private Turn turn(String model, List<JsonNode> input) {
        var answer = ask(model, input);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/event-stream");
        var grammar = ResponsesGrammar.good(answer.text());
        var types = new ArrayList<String>();
        var items = new ArrayList<JsonNode>();
        for (var event : grammar.events()) {
            types.add(event.path("type").asString());
            if (types.getLast().equals("response.output_item.done")) {
                items.add(event.path("item"));
            }
        }
        assertThat(grammar.response().path("output").valueStream())
                .containsExactlyElementsOf(items);
        return new Turn(types, items, grammar.response());
    }

    private Answer ask(String model, List<JsonNode> input) {
        var body =
                (ObjectNode)
                        Answer.JSON.readTree(
                                """
                                {"instructions": "You are Codex.",
                                 "tools": [
                                   {"type": "function", "name": "shell", "description": "Runs a command.", "strict": false,
                                    "parameters": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"], "additionalProperties": false}},
                                   {"type": "custom", "name": "apply_patch", "description": "Edits files.",
                                    "format": {"type": "grammar", "syntax": "lark", "definition": "start: /.+/"}},
                                   {"type": "web_search"}],
                                 "tool_choice": "auto", "parallel_tool_calls": false,
                                 "reasoning": {"effort": "medium", "summary": "auto"}, "store": false, "stream": true,
                                 "include": ["reasoning.encrypted_content"], "prompt_cache_key": "a-conversation"}
                                """);
        body.put("model", model);
        body.putArray("input").addAll(input);
        return gateway.ask(
                TestGateway.post(
                        "/v1/responses",
                        body.toString(),
                        "accept: text/event-stream",
                        "originator: codex_cli_rs",
                        "session_id: a-session"));
    }

    private static List<JsonNode> user(String text) {
        return List.of(
                Answer.JSON.readTree(
                        """
                        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "%s"}]}
                        """
                                .formatted(text)));
    }

    private static JsonNode output(String type, JsonNode call, String output) {
        return Answer.JSON
                .createObjectNode()
                .put("type", type)
                .put("call_id", call.path("call_id").asString())
                .put("output", output);
    }

    private static String text(List<JsonNode> items) {
        return items.stream()
                .filter(item -> item.path("type").asString().equals("message"))
                .map(item -> item.at("/content/0/text").asString())
                .reduce("", String::concat);
    }

    private Request lastRequest() {
        return gateway.workspace().recording().seen().stream()
                .map(Recording.Seen::request)
                .filter(request -> request.method().equals("POST"))
                .reduce((_, last) -> last)
                .orElseThrow();
    }
}
