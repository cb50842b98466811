package sluice.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Streams drawn by chance, legal and spoilt, between Chat and Messages. Each round has a seed, which a failing test
/// names: {@code -Dchance.seed=... -Dchance.rounds=1} shows it again.
class ChanceTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_120);
    private static final int ROUNDS = Integer.getInteger("chance.rounds", 1_500);
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> TEXTS =
            List.of(
                    "a",
                    " ",
                    "é",
                    "😀",
                    "data: x\n\n",
                    "\"}",
                    "\\",
                    "{}",
                    "[DONE]",
                    "\u2028",
                    "long ".repeat(30));
    private static final String ASKED_OF_CHAT =
            """
            {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
             "stream_options": {"include_usage": true}}
            """;
    private static final String ASKED_OF_MESSAGES =
            """
            {"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "hi"}], "stream": true}
            """;

    /// An answer, and what a stream of it looks like in some dialect.
    private static final class Answer {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thinking = new StringBuilder();
        private final List<String> tools = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private String stop = "";
    }

    @Test
    void everyLegalChatStreamBecomesALegalMessagesStreamThatSaysTheSame() {
        rounds((random, seed) -> {
            var answer = chatAnswer(random);
            var told = told(Dialect.MESSAGES, Dialect.CHAT, chatStream(answer), random);
            assertThat(told.broken()).as(seed).isNull();
            var grammar = MessagesGrammar.good(told.stream());
            assertThat(grammar.text()).as(seed).isEqualTo(answer.text.toString());
            assertThat(grammar.thinking()).as(seed).isEqualTo(answer.thinking.toString());
            assertThat(grammar.tools()).as(seed).isEqualTo(answer.tools);
            assertThat(grammar.stopReason()).as(seed).isEqualTo(answer.stop);
        });
    }

    @Test
    void everyLegalMessagesStreamBecomesALegalChatStreamThatSaysTheSame() {
        rounds((random, seed) -> {
            var answer = messagesAnswer(random);
            var told = told(Dialect.CHAT, Dialect.MESSAGES, messagesStream(answer), random);
            assertThat(told.broken()).as(seed).isNull();
            var grammar = ChatGrammar.good(told.stream(), true);
            assertThat(grammar.text()).as(seed).isEqualTo(answer.text.toString());
            assertThat(grammar.reasoning()).as(seed).isEqualTo(answer.thinking.toString());
            assertThat(grammar.tools()).as(seed).isEqualTo(answer.tools);
            assertThat(grammar.finishReason()).as(seed).isEqualTo(answer.stop);
        });
    }

    @Test
    void aSpoiltChatStreamBreaksOrBecomesALegalMessagesStream() {
        rounds((random, seed) -> {
            var answer = chatAnswer(random);
            spoil(answer.events, random);
            var told = told(Dialect.MESSAGES, Dialect.CHAT, chatStream(answer), random);
            var _ =
                    told.broken() == null
                            ? MessagesGrammar.good(told.stream())
                            : MessagesGrammar.broken(told.stream());
        });
    }

    @Test
    void aSpoiltMessagesStreamBreaksOrBecomesALegalChatStream() {
        rounds((random, seed) -> {
            var answer = messagesAnswer(random);
            spoil(answer.events, random);
            var told = told(Dialect.CHAT, Dialect.MESSAGES, messagesStream(answer), random);
            var _ =
                    told.broken() == null
                            ? ChatGrammar.good(told.stream(), true)
                            : ChatGrammar.broken(told.stream());
        });
    }

    @Test
    void aSpoiltRequestIsRefusedOrSentAndNothingElse() throws IOException {
        var chat = documents("chat-to-messages", "asked.json");
        var messages = documents("messages-to-chat", "asked.json");
        rounds((random, seed) -> {
            boolean isChat = random.nextBoolean();
            var asked = oneOf(random, isChat ? chat : messages);
            var spoilt = Bytes.utf8(spoilt(asked, random).toString());
            var pair =
                    isChat
                            ? pair(Dialect.CHAT, Dialect.MESSAGES)
                            : pair(Dialect.MESSAGES, Dialect.CHAT);
            try {
                var sent = pair.begin(spoilt, "m", traits(random), new Dropped()).request();
                assertThat(JSON.readTree(sent.utf8()).path("messages")).as(seed).isNotEmpty();
            } catch (NotJson refused) {
                assertThat(refused.param()).as(seed).isNotNull();
            }
        });
    }

    @Test
    void aSpoiltReplyIsRefusedOrToldAndNothingElse() throws IOException {
        var chat = documents("messages-to-chat", "reply.json");
        var messages = documents("chat-to-messages", "reply.json");
        rounds((random, seed) -> {
            boolean isChat = random.nextBoolean();
            var reply = oneOf(random, isChat ? chat : messages);
            var spoilt = Bytes.utf8(spoilt(reply, random).toString());
            try {
                var told =
                        (isChat
                                        ? begin(Dialect.MESSAGES, Dialect.CHAT)
                                        : begin(Dialect.CHAT, Dialect.MESSAGES))
                                .whole(spoilt);
                assertThat(JSON.readTree(told.utf8()).path("id").asString()).isNotEmpty();
            } catch (BrokenReply broken) {
                assertThat(broken.what()).as(seed).isNotBlank();
            }
        });
    }

    @Test
    void numbersAndHalfCharactersStayAsTheyWereWritten() throws NotJson, BrokenReply {
        var asked =
                """
                {"model": "m", "max_tokens": 10, "temperature": 0.70, "messages": [
                  {"role": "user", "content": "half \\ud83d"},
                  {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f",
                    "input": {"a": 1.50, "b": 123456789012345678901234567890, "c": 1e400}}]}]}
                """;
        var call =
                pair(Dialect.MESSAGES, Dialect.CHAT)
                        .begin(Bytes.utf8(asked), "m", ModelTraits.UNKNOWN, new Dropped());
        assertThat(call.request().utf8())
                .contains("\"temperature\":0.70")
                .contains("\\ud83d".toUpperCase(java.util.Locale.ROOT).replace("\\U", "\\u"))
                .contains(
                        "{\\\"a\\\":1.50,\\\"b\\\":123456789012345678901234567890,\\\"c\\\":1E+400}");
        var whole =
                begin(Dialect.CHAT, Dialect.MESSAGES)
                        .whole(
                                Bytes.utf8(
                                        """
                                        {"id": "msg_1", "content": [{"type": "tool_use", "id": "t",
                                          "name": "f", "input": {"a": 0.10}}], "stop_reason": "tool_use"}
                                        """));
        assertThat(whole.utf8()).contains("{\\\"a\\\":0.10}");
    }

    @Test
    void aToolArgumentOfAMegabyteIsToldWhole() {
        var argument = "x".repeat(1 << 20);
        var answer = new Answer();
        answer.events.add(
                chunk(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\","
                                + "\"arguments\":"
                                + quoted("{\"a\":\"" + argument + "\"}")
                                + "}}]}",
                        "null"));
        answer.events.add(chunk("{}", "\"tool_calls\""));
        var told =
                Told.of(
                        begin(Dialect.MESSAGES, Dialect.CHAT),
                        List.of(Bytes.utf8(chatStream(answer))));
        assertThat(MessagesGrammar.good(told.stream()).tools())
                .containsExactly("f {\"a\":\"" + argument + "\"}");
    }

    @FunctionalInterface
    private interface Round {
        void play(Random random, String seed);
    }

    private static void rounds(Round round) {
        for (int i = 0; i < ROUNDS; i++) {
            var seed = SEED + i;
            try {
                round.play(new Random(seed), "seed " + seed);
            } catch (RuntimeException | AssertionError unexpected) {
                fail("seed " + seed + ": " + unexpected, unexpected);
            }
        }
    }

    private static Told told(Dialect asked, Dialect spoken, String stream, Random random) {
        return Told.of(begin(asked, spoken), Told.cut(Bytes.utf8(stream), random));
    }

    private static Translation begin(Dialect asked, Dialect spoken) {
        var body = asked == Dialect.CHAT ? ASKED_OF_CHAT : ASKED_OF_MESSAGES;
        try {
            return pair(asked, spoken)
                    .begin(Bytes.utf8(body), "m", ModelTraits.UNKNOWN, new Dropped());
        } catch (NotJson refused) {
            throw new AssertionError(refused);
        }
    }

    private static Pair pair(Dialect asked, Dialect spoken) {
        var pair = Pairs.create(() -> Instant.EPOCH, () -> "id").between(asked, spoken);
        if (pair == null) {
            throw new AssertionError("no pair");
        }
        return pair;
    }

    private static ModelTraits traits(Random random) {
        return new ModelTraits(
                0,
                1 + random.nextInt(10_000),
                random.nextBoolean(),
                oneOf(random, List.of(ModelTraits.Reasoning.values())),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    /// Text, thinking and groups of calls in any order; the pieces of the calls of a group come mixed.
    private static Answer chatAnswer(Random random) {
        var answer = new Answer();
        answer.events.add(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        int index = 0;
        for (int left = random.nextInt(5); left > 0; left--) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    var piece = oneOf(random, TEXTS);
                    answer.text.append(piece);
                    answer.events.add(chunk("{\"content\":" + quoted(piece) + "}", "null"));
                }
                case 1 -> {
                    var piece = oneOf(random, TEXTS);
                    answer.thinking.append(piece);
                    answer.events.add(
                            chunk("{\"reasoning_content\":" + quoted(piece) + "}", "null"));
                }
                default -> index = calls(answer, index, random);
            }
        }
        var finish = oneOf(random, List.of("stop", "length", "tool_calls", "content_filter"));
        answer.events.add(chunk("{}", quoted(finish)));
        if (random.nextBoolean()) {
            answer.events.add(
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
        }
        answer.stop =
                !answer.tools.isEmpty()
                        ? "tool_use"
                        : Map.of("length", "max_tokens", "content_filter", "refusal")
                                .getOrDefault(finish, "end_turn");
        return answer;
    }

    private static int calls(Answer answer, int first, Random random) {
        var pending = new TreeMap<Integer, List<String>>();
        int next = first;
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            var arguments = arguments(random);
            answer.tools.add("f" + next + " " + (arguments.isEmpty() ? "{}" : arguments));
            pending.put(next, pieces(arguments, random));
            answer.events.add(
                    chunk(
                            "{\"tool_calls\":[{\"index\":%d,\"id\":\"c%d\",\"type\":\"function\",\"function\":{\"name\":\"f%d\",\"arguments\":\"\"}}]}"
                                    .formatted(next, next, next),
                            "null"));
            next++;
        }
        while (!pending.isEmpty()) {
            int index = oneOf(random, List.copyOf(pending.keySet()));
            var pieces = pending.get(index);
            if (pieces == null || pieces.isEmpty()) {
                pending.remove(index);
                continue;
            }
            answer.events.add(
                    chunk(
                            "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]}"
                                    .formatted(index, quoted(pieces.removeFirst())),
                            "null"));
        }
        return next;
    }

    private static Answer messagesAnswer(Random random) {
        var answer = new Answer();
        answer.events.add(
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}");
        int blocks = random.nextInt(5);
        for (int index = 0; index < blocks; index++) {
            block(answer, index, random);
        }
        var reason =
                answer.tools.isEmpty()
                        ? oneOf(
                                random,
                                List.of("end_turn", "max_tokens", "refusal", "stop_sequence"))
                        : "tool_use";
        answer.stop =
                Map.of(
                                "tool_use",
                                "tool_calls",
                                "max_tokens",
                                "length",
                                "refusal",
                                "content_filter")
                        .getOrDefault(reason, "stop");
        answer.events.add(
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":%s},\"usage\":{\"output_tokens\":4}}"
                        .formatted(quoted(reason)));
        answer.events.add("{\"type\":\"message_stop\"}");
        return answer;
    }

    private static void block(Answer answer, int index, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                start(answer, index, "{\"type\":\"text\",\"text\":\"\"}");
                var piece = oneOf(random, TEXTS);
                answer.text.append(piece);
                delta(answer, index, "{\"type\":\"text_delta\",\"text\":" + quoted(piece) + "}");
            }
            case 1 -> {
                start(
                        answer,
                        index,
                        "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
                var piece = oneOf(random, TEXTS);
                answer.thinking.append(piece);
                delta(
                        answer,
                        index,
                        "{\"type\":\"thinking_delta\",\"thinking\":" + quoted(piece) + "}");
                delta(answer, index, "{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}");
            }
            default -> {
                start(
                        answer,
                        index,
                        "{\"type\":\"tool_use\",\"id\":\"t%d\",\"name\":\"f\",\"input\":{}}"
                                .formatted(index));
                var arguments = arguments(random);
                answer.tools.add("f " + (arguments.isEmpty() ? "{}" : arguments));
                for (var piece : pieces(arguments, random)) {
                    delta(
                            answer,
                            index,
                            "{\"type\":\"input_json_delta\",\"partial_json\":"
                                    + quoted(piece)
                                    + "}");
                }
            }
        }
        if (random.nextInt(5) == 0) {
            answer.events.add("{\"type\":\"ping\"}");
        }
        answer.events.add("{\"type\":\"content_block_stop\",\"index\":" + index + "}");
    }

    private static void start(Answer answer, int index, String block) {
        answer.events.add(
                "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}"
                        .formatted(index, block));
    }

    private static void delta(Answer answer, int index, String delta) {
        answer.events.add(
                "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}"
                        .formatted(index, delta));
    }

    private static String arguments(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "{}";
            default ->
                    "{\"a\":"
                            + quoted(oneOf(random, TEXTS))
                            + ",\"b\":[{\"c\":"
                            + random.nextInt(100)
                            + "}]}";
        };
    }

    /// Never the whole of an empty object before more of it: that is what one kind of target sends for none.
    private static List<String> pieces(String text, Random random) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            int end = text.offsetByCodePoints(at, 1);
            while (end < text.length() && random.nextInt(6) > 0) {
                end = text.offsetByCodePoints(end, 1);
            }
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /// Events lost, doubled, moved, with other values, or no JSON at all.
    private static void spoil(List<String> events, Random random) {
        for (int times = 1 + random.nextInt(2); times > 0 && !events.isEmpty(); times--) {
            int at = random.nextInt(events.size());
            var event = events.get(at);
            switch (random.nextInt(6)) {
                case 0 -> events.remove(at);
                case 1 -> events.add(at, event);
                case 2 -> events.add(random.nextInt(events.size()), events.remove(at));
                case 3 -> events.set(at, event.substring(0, random.nextInt(event.length())) + "?");
                case 4 -> events.subList(at, events.size()).clear();
                default -> {
                    if (event.endsWith("}") && times == 1) {
                        events.set(at, spoilt(JSON.readTree(event), random).toString());
                    }
                }
            }
        }
    }

    /// A copy in which one value is another.
    private static JsonNode spoilt(JsonNode tree, Random random) {
        var copy = tree.deepCopy();
        var at = copy;
        while (true) {
            int size = at.size();
            if (size == 0) {
                return copy;
            }
            int child = random.nextInt(size);
            var name = at.isObject() ? List.copyOf(at.propertyNames()).get(child) : "";
            var inside = at.isObject() ? at.path(name) : at.path(child);
            if (inside.isEmpty() || random.nextInt(3) == 0) {
                var other = JSON.readTree(oneOf(random, OTHERS));
                if (at instanceof ObjectNode object) {
                    object.set(name, other);
                } else if (at instanceof ArrayNode array) {
                    array.set(child, other);
                }
                return copy;
            }
            at = inside;
        }
    }

    private static final List<String> OTHERS =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "-1",
                    "1.5",
                    "1e999",
                    "99999999999999999999",
                    "\"\"",
                    "\"x\"",
                    "\"none\"",
                    "[]",
                    "{}",
                    "[[]]",
                    "[null]",
                    "[1]",
                    "[\"x\"]",
                    "{\"type\":\"text\"}",
                    "{\"x\":{\"y\":[1]}}",
                    "[{\"type\":\"text\",\"text\":null}]");

    private static String chatStream(Answer answer) {
        var stream = new StringBuilder();
        answer.events.forEach(event -> stream.append("data: ").append(event).append("\n\n"));
        return stream.append("data: [DONE]\n\n").toString();
    }

    private static String messagesStream(Answer answer) {
        var stream = new StringBuilder();
        answer.events.forEach(
                event -> stream.append("event: x\ndata: ").append(event).append("\n\n"));
        return stream.toString();
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}"
                .formatted(delta, finish);
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    private static <T> T oneOf(Random random, List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    private static List<JsonNode> documents(String pair, String file) throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of("src/test/resources/golden", pair))) {
            var documents = new ArrayList<JsonNode>();
            for (var path :
                    (Iterable<Path>) paths.filter(p -> p.endsWith(file)).sorted()::iterator) {
                documents.add(JSON.readTree(Files.readString(path, UTF_8)));
            }
            return documents;
        }
    }
}
