package sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.ResponseStreamEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import sluice.protocol.openai.FailureCode;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseEvent;
import sluice.protocol.sse.SseReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Streams drawn by chance, each round from a seed of its own, which a failing test prints.
class ResponsesPropertyTest {
    private static final int ROUNDS = Integer.getInteger("chance.rounds", 400);
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> PIECES =
            List.of(
                    "a", " ", "data: x", "\n\n", "é", "😀", "{", "}", "\"", "\\", "[DONE]",
                    "\u2028");
    private static final Bytes ASKED =
            Bytes.utf8(
                    """
                    {"model": "m", "input": "hi", "stream": true,
                     "include": ["reasoning.encrypted_content"],
                     "tools": [{"type": "function", "name": "f0", "parameters": {"type": "object"}},
                               {"type": "function", "name": "f1"},
                               {"type": "custom", "name": "f2"}]}
                    """);

    /// What an upstream says, in its order: each kind with its text.
    private record Said(String kind, String text) {}

    @Test
    void aLegalChatStreamBecomesALegalResponsesStreamThatSaysTheSame() {
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(round);
            var said = said(random);
            check(
                    "chat, seed " + round,
                    said,
                    chat(said, random),
                    ResponsesPropertyTest::chatPair,
                    random);
        }
    }

    @Test
    void aLegalMessagesStreamBecomesALegalResponsesStreamThatSaysTheSame() {
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(round);
            var said = said(random);
            check(
                    "messages, seed " + round,
                    said,
                    messages(said, random),
                    ResponsesPropertyTest::messagesPair,
                    random);
        }
    }

    private static void check(
            String seed,
            List<Said> said,
            String stream,
            Supplier<Translation> pair,
            Random random) {
        var bytes = Bytes.utf8(stream);
        var told = Told.of(pair.get(), List.of(bytes));
        assertThat(told.broken()).as(seed).isNull();
        var grammar = ResponsesGrammar.good(told.stream());
        assertThat(grammar.text()).as(seed).isEqualTo(all(said, "text"));
        assertThat(grammar.thoughts()).as(seed).isEqualTo(all(said, "thought"));
        assertThat(grammar.calls())
                .as(seed)
                .containsExactlyElementsOf(
                        said.stream()
                                .filter(one -> one.kind().startsWith("f"))
                                .map(one -> one.kind() + inside(one))
                                .toList());
        assertThat(Told.of(pair.get(), Told.cut(bytes, random))).as(seed).isEqualTo(told);
        readWithTheOfficialClient(grammar);
    }

    /// The input of a custom tool is a text, not JSON.
    private static String inside(Said call) {
        return call.kind().equals("f2") ? ResponsesRequest.customInput(call.text()) : call.text();
    }

    /// OpenAI's own types take every event, and put the same response together.
    private static void readWithTheOfficialClient(ResponsesGrammar grammar) {
        var accumulator = ResponseAccumulator.createWithSnapshots();
        for (var event : grammar.events()) {
            try {
                var read =
                        ObjectMappers.jsonMapper()
                                .readValue(
                                        JSON.writeValueAsString(event), ResponseStreamEvent.class);
                accumulator.accumulate(read.validate());
            } catch (java.io.IOException unreadable) {
                throw new AssertionError(event.toString(), unreadable);
            }
        }
        var response = accumulator.response();
        response.validate();
        var text = new StringBuilder();
        response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .forEach(part -> text.append(part.text()));
        assertThat(text.toString()).isEqualTo(grammar.text());
        assertThat(accumulator.reconstructedResponse().output()).isEqualTo(response.output());
    }

    @Test
    void garbageIsABrokenReplyOrALegalStream() {
        for (int round = 0; round < 4 * ROUNDS; round++) {
            var random = new Random(round);
            boolean chat = random.nextBoolean();
            var said = said(random);
            var stream = mangled(chat ? chat(said, random) : messages(said, random), random);
            var told = Told.of((chat ? chatPair() : messagesPair()), List.of(Bytes.utf8(stream)));
            var _ =
                    told.broken() == null
                            ? ResponsesGrammar.good(told.stream())
                            : ResponsesGrammar.broken(told.stream());
        }
    }

    @Test
    void aWholeReplyThatIsGarbageIsABrokenReplyOrAResponse() {
        for (int round = 0; round < 4 * ROUNDS; round++) {
            var random = new Random(round);
            boolean chat = random.nextBoolean();
            var reply = mangled(chat ? CHAT_REPLY : MESSAGES_REPLY, random);
            try {
                var told = (chat ? chatPair() : messagesPair()).whole(Bytes.utf8(reply));
                assertThat(JSON.readTree(told.utf8()).path("object").asString(""))
                        .isEqualTo("response");
            } catch (BrokenReply said) {
                assertThat(said.what()).isNotBlank();
            }
        }
    }

    @Test
    void aRequestThatIsOddIsRefusedInWordsOrSent() {
        for (int round = 0; round < 4 * ROUNDS; round++) {
            var random = new Random(round);
            var asked = JSON.readTree(EVERYTHING);
            bend(asked, random);
            var pair =
                    random.nextBoolean()
                            ? new ResponsesToChat(Instant::now, () -> "x", "max_tokens")
                            : new ResponsesToMessages(Instant::now, () -> "x");
            try {
                var sent =
                        pair.begin(
                                        Bytes.utf8(JSON.writeValueAsString(asked)),
                                        "m",
                                        ModelTraits.UNKNOWN,
                                        new Dropped())
                                .request();
                assertThat(JSON.readTree(sent.utf8()).path("messages").isEmpty()).isFalse();
            } catch (NotJson refused) {
                assertThat(refused.getMessage()).startsWith("The field '");
                assertThat(refused.param()).isNotNull();
            }
        }
    }

    @Test
    void halfACharacterIsCarriedAsItWasEscaped() throws NotJson, BrokenReply {
        var half = Bytes.utf8("{\"input\": \"cut \\ud83d here\", \"instructions\": \"\\ude00\"}");
        var pair = new ResponsesToMessages(Instant::now, () -> "x");
        var translation = pair.begin(half, "m", ModelTraits.UNKNOWN, new Dropped());
        assertThat(translation.request().utf8()).containsIgnoringCase("cut \\ud83d here");
        var told = translation.whole(Bytes.utf8(MESSAGES_REPLY.replace("yes", "\\udc00")));
        assertThat(told.utf8())
                .containsIgnoringCase("\"text\":\"\\udc00\"")
                .containsIgnoringCase("\"instructions\":\"\\ude00\"");
    }

    @Test
    void nothingFollowsTheWholeResponse() throws BrokenReply {
        var translation = messagesPair();
        var out = new ArrayList<Bytes>();
        for (var event : events(messages(List.of(), new Random(1)))) {
            translation.event(event, out);
        }
        int told = out.size();
        for (var event : events(messages(List.of(), new Random(1)))) {
            translation.event(event, out);
        }
        translation.end(out);
        assertThat(out).hasSize(told);
        assertThat(translation.failed("api_error", null, "late").isEmpty()).isTrue();
    }

    @Test
    void aFailureKeepsTheCodesThatClientsKnowAndTheWordsTheyRead() {
        var told = chatPair().failed("rate_limit_error", null, "Please try again in 7s.");
        var error = ResponsesGrammar.broken(told.utf8()).response().path("error");
        assertThat(error.path("code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(error.path("message").asString()).contains("try again in 7s");
        assertThat(FailureCode.of("x", "context_length_exceeded"))
                .isEqualTo("context_length_exceeded");
        assertThat(FailureCode.of("insufficient_quota", null)).isEqualTo("insufficient_quota");
        assertThat(FailureCode.of("invalid_request_error", "content_filter"))
                .isEqualTo("invalid_prompt");
        assertThat(FailureCode.of("server_error", "upstream_error")).isEqualTo("server_error");
    }

    /// Replaces one value somewhere below by one of another kind.
    private static void bend(tools.jackson.databind.JsonNode node, Random random) {
        var children = new ArrayList<tools.jackson.databind.JsonNode>();
        node.forEach(children::add);
        if (children.isEmpty()) {
            return;
        }
        int chosen = random.nextInt(children.size());
        if (children.get(chosen).isContainer() && random.nextInt(4) > 0) {
            bend(children.get(chosen), random);
            return;
        }
        var other =
                JSON.readTree(
                        List.of("null", "7", "1e400", "\"\"", "\"x\"", "[]", "{}", "true", "[[]]")
                                .get(random.nextInt(9)));
        switch (node) {
            case ObjectNode object ->
                    object.set(new ArrayList<>(object.propertyNames()).get(chosen), other);
            case ArrayNode array -> array.set(chosen, other);
            default -> throw new AssertionError(node);
        }
    }

    private static String mangled(String stream, Random random) {
        var text = new StringBuilder(stream);
        for (int left = 1 + random.nextInt(3); left > 0 && text.length() > 20; left--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(60));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, text.substring(from, to));
                case 2 -> text.insert(from, PIECES.get(random.nextInt(PIECES.size())));
                default -> text.setLength(from);
            }
        }
        return text.toString();
    }

    private static String all(List<Said> said, String kind) {
        var text = new StringBuilder();
        said.stream()
                .filter(one -> one.kind().equals(kind))
                .forEach(one -> text.append(one.text()));
        return text.toString();
    }

    /// Thoughts and texts, then calls; texts may be empty.
    private static List<Said> said(Random random) {
        var said = new ArrayList<Said>();
        for (int left = random.nextInt(4); left > 0; left--) {
            said.add(new Said(random.nextBoolean() ? "text" : "thought", text(random)));
        }
        for (int left = random.nextInt(4); left > 0; left--) {
            var arguments = Tree.object();
            for (int fields = random.nextInt(3); fields > 0; fields--) {
                arguments.put(random.nextBoolean() ? "input" : text(random), text(random));
            }
            said.add(new Said("f" + random.nextInt(3), Tree.printed(arguments)));
        }
        return said;
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int left = random.nextInt(6); left > 0; left--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static List<String> pieces(String text, Random random) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            int end = text.offsetByCodePoints(at, 1);
            while (end < text.length() && random.nextInt(3) > 0) {
                end = text.offsetByCodePoints(end, 1);
            }
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static String chat(List<Said> said, Random random) {
        var stream = new StringBuilder(chunk(Tree.object().put("role", "assistant"), null));
        var fragments = new ArrayList<List<ObjectNode>>();
        for (var one : said) {
            if (one.kind().startsWith("f")) {
                fragments.add(fragments(one, fragments.size(), random));
                continue;
            }
            for (var piece : pieces(one.text(), random)) {
                var delta = Tree.object();
                delta.put(one.kind().equals("text") ? "content" : "reasoning_content", piece);
                stream.append(chunk(delta, null));
            }
        }
        boolean mixed = random.nextBoolean();
        while (!fragments.isEmpty()) {
            var next = fragments.get(mixed ? random.nextInt(fragments.size()) : 0);
            // A call begins only after those before it have begun.
            next = fragments.stream().filter(f -> f.getFirst().has("id")).findFirst().orElse(next);
            var delta = Tree.object();
            delta.putArray("tool_calls").add(next.removeFirst());
            stream.append(chunk(delta, null));
            fragments.removeIf(List::isEmpty);
        }
        stream.append(chunk(Tree.object(), random.nextBoolean() ? "stop" : "tool_calls"));
        return stream.append(random.nextInt(4) > 0 ? "data: [DONE]\n\n" : "").toString();
    }

    private static List<ObjectNode> fragments(Said call, int index, Random random) {
        var fragments = new ArrayList<ObjectNode>();
        var first = Tree.object().put("index", index).put("id", "call_" + index);
        first.putObject("function").put("name", call.kind()).put("arguments", "");
        fragments.add(first);
        for (var piece : pieces(call.text(), random)) {
            var fragment = Tree.object().put("index", index);
            fragment.putObject("function").put("arguments", piece);
            fragments.add(fragment);
        }
        return fragments;
    }

    private static String chunk(
            ObjectNode delta, @org.jspecify.annotations.Nullable String finish) {
        var chunk = Tree.object().put("id", "c").put("model", "m");
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        return "data: " + Tree.printed(chunk) + "\n\n";
    }

    private static String messages(List<Said> said, Random random) {
        var stream =
                new StringBuilder(
                        event(
                                "message_start",
                                "{\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":4}}}"));
        int index = 0;
        for (var one : said) {
            stream.append(random.nextInt(5) == 0 ? event("ping", "{}") : "");
            boolean call = one.kind().startsWith("f");
            var type = call ? "tool_use" : one.kind().equals("text") ? "text" : "thinking";
            var start = Tree.object().put("index", index);
            var block = start.putObject("content_block").put("type", type);
            if (call) {
                block.put("id", "toolu_" + index).put("name", one.kind()).putObject("input");
            }
            stream.append(event("content_block_start", Tree.printed(start)));
            for (var piece : pieces(one.text(), random)) {
                var delta = Tree.object().put("index", index);
                delta.putObject("delta")
                        .put("type", call ? "input_json_delta" : type + "_delta")
                        .put(call ? "partial_json" : type, piece);
                stream.append(event("content_block_delta", Tree.printed(delta)));
            }
            stream.append(event("content_block_stop", "{\"index\":" + index++ + "}"));
        }
        stream.append(
                event(
                        "message_delta",
                        "{\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}"));
        return stream.append(event("message_stop", "{}")).toString();
    }

    private static List<SseEvent> events(String stream) {
        try {
            return new SseReader(1 << 20).read(Bytes.utf8(stream));
        } catch (EventTooLarge impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String event(String type, String fields) {
        var data = (ObjectNode) JSON.readTree(fields);
        data.put("type", type);
        return "event: " + type + "\ndata: " + Tree.printed(data) + "\n\n";
    }

    private static Translation chatPair() {
        return begin(new ResponsesToChat(() -> Instant.ofEpochSecond(1), () -> "x", "max_tokens"));
    }

    private static Translation messagesPair() {
        return begin(new ResponsesToMessages(() -> Instant.ofEpochSecond(1), () -> "x"));
    }

    private static Translation begin(Pair pair) {
        try {
            return pair.begin(ASKED, "m", ModelTraits.UNKNOWN, new Dropped());
        } catch (NotJson refused) {
            throw new AssertionError(refused);
        }
    }

    private static final String CHAT_REPLY =
            """
            {"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant",
            "content":[{"type":"reasoning","summary":[{"text":"hm","signature":"s"}]},{"type":"text","text":"yes"}],
            "tool_calls":[{"id":"a","function":{"name":"f0","arguments":"{}"}}]},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":3,"completion_tokens":4}}
            """;

    private static final String MESSAGES_REPLY =
            """
            {"type":"message","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"s"},
            {"type":"text","text":"yes"},{"type":"tool_use","id":"a","name":"f2","input":{"input":"x"}}],
            "stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4}}
            """;

    private static final String EVERYTHING =
            """
            {"model":"m","instructions":"be","max_output_tokens":5000,"temperature":1,"stream":true,
             "reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"json_schema","name":"n","schema":{}}},
             "include":["reasoning.encrypted_content"],"parallel_tool_calls":true,"user":"u","metadata":{"a":"b"},
             "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},
                      {"type":"custom","name":"g","format":{"type":"grammar","syntax":"lark","definition":"x"}}],
             "tool_choice":{"type":"function","name":"f"},
             "input":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"input_text","text":"t"},
                {"type":"input_image","image_url":"data:image/png;base64,AA=="}]},
               {"type":"reasoning","summary":[],"encrypted_content":"sluice1.e30"},
               {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
               {"type":"custom_tool_call","call_id":"b","name":"g","input":"i"},
               {"type":"function_call_output","call_id":"a","output":"o"},
               {"type":"custom_tool_call_output","call_id":"b","output":[{"type":"input_text","text":"o"}]}]}
            """;
}
