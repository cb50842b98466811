package sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a stream of chat completions must look like to its caller (facts/llm-protocols.md sections 2 and 3). A role on
/// the first delta is the provider's to say; the gateway adds none and takes none away.
public final class ChatGrammar {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> data;
    private final List<JsonNode> chunks = new ArrayList<>();

    private ChatGrammar(String stream) {
        data = data(stream);
    }

    /// Ended well: {@code [DONE]} once, at the very end, and no error.
    public static ChatGrammar good(String stream, boolean usageAsked) {
        var grammar = new ChatGrammar(stream);
        assertThat(grammar.data).as("ends with [DONE]").isNotEmpty().last().isEqualTo("[DONE]");
        grammar.readChunks(grammar.data.size() - 1);
        grammar.checkChunks();
        grammar.checkUsage(usageAsked);
        assertThat(grammar.finishes()).as("one finish").isEqualTo(1);
        return grammar;
    }

    /// Broke: an error as the last event, and no {@code [DONE]}.
    public static ChatGrammar broken(String stream) {
        var grammar = new ChatGrammar(stream);
        grammar.readChunks(grammar.data.size());
        var error = grammar.chunks.removeLast();
        assertThat(error.at("/error/message").asString("")).isNotBlank();
        assertThat(error.at("/error/type").asString("")).isNotBlank();
        assertThat(error.at("/error").has("code")).isTrue();
        grammar.checkChunks();
        grammar.checkUsage(false);
        return grammar;
    }

    public List<JsonNode> chunks() {
        return chunks;
    }

    /// The text of the first choice, put together.
    public String text() {
        return together("content");
    }

    /// Its thinking, put together.
    public String reasoning() {
        return together("reasoning_content");
    }

    /// The arguments of its tool calls, each put together, with the name before them.
    public List<String> tools() {
        var tools = new TreeMap<Integer, String>();
        for (var chunk : chunks) {
            for (var call : chunk.at("/choices/0/delta/tool_calls")) {
                var function = call.path("function");
                tools.merge(
                        call.path("index").asInt(),
                        function.path("name").asString("")
                                + " "
                                + function.path("arguments").asString(""),
                        (before, more) -> before + more.substring(1));
            }
        }
        return List.copyOf(tools.values());
    }

    public String finishReason() {
        for (var chunk : chunks) {
            if (chunk.at("/choices/0/finish_reason").isString()) {
                return chunk.at("/choices/0/finish_reason").asString();
            }
        }
        return "";
    }

    private String together(String name) {
        var text = new StringBuilder();
        for (var chunk : chunks) {
            var piece = chunk.at("/choices/0/delta").path(name);
            if (piece.isString()) {
                text.append(piece.asString());
            }
        }
        return text.toString();
    }

    public @Nullable JsonNode usage() {
        return chunks.stream()
                .map(chunk -> chunk.path("usage"))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElse(null);
    }

    private void readChunks(int count) {
        for (var one : data.subList(0, count)) {
            chunks.add(JSON.readTree(one));
            assertThat(chunks.getLast().isObject()).as(one).isTrue();
        }
    }

    private void checkChunks() {
        Set<Integer> tools = new HashSet<>();
        boolean first = true;
        boolean finished = false;
        for (var chunk : chunks) {
            assertThat(chunk.has("error")).as("no error among the chunks").isFalse();
            assertThat(chunk.path("object").asString("")).isEqualTo("chat.completion.chunk");
            for (var name : List.of("id", "created", "model")) {
                assertThat(chunk.path(name)).as(name).isEqualTo(chunks.getFirst().path(name));
            }
            for (var choice : chunk.path("choices")) {
                var delta = choice.path("delta");
                assertThat(delta.path("role").asString(""))
                        .as("role, on the first delta only")
                        .isEqualTo(first ? "assistant" : "");
                first = false;
                checkTools(delta, tools);
                assertThat(finished && !delta.path("content").asString("").isEmpty())
                        .as("text after the finish")
                        .isFalse();
                finished |= choice.path("finish_reason").isString();
            }
        }
    }

    private static void checkTools(JsonNode delta, Set<Integer> seen) {
        for (var call : delta.path("tool_calls")) {
            boolean isFirst = seen.add(call.path("index").asInt(-1));
            assertThat(call.path("id").isString()).as("id").isEqualTo(isFirst);
            assertThat(call.path("type").isString()).as("type").isEqualTo(isFirst);
            assertThat(call.at("/function/name").isString()).as("name").isEqualTo(isFirst);
        }
    }

    /// Only in the one extra chunk, which is the last, and only if asked.
    private void checkUsage(boolean asked) {
        for (int i = 0; i < chunks.size(); i++) {
            if (chunks.get(i).path("usage").isObject()) {
                assertThat(asked).as("usage was asked for").isTrue();
                assertThat(i).as("usage is in the last chunk").isEqualTo(chunks.size() - 1);
                assertThat(chunks.get(i).path("choices").isArray()).isTrue();
                assertThat(chunks.get(i).path("choices")).isEmpty();
            }
        }
    }

    private long finishes() {
        return chunks.stream().filter(c -> c.at("/choices/0/finish_reason").isString()).count();
    }

    /// The data of each event that has some, by the letter of the standard.
    private static List<String> data(String stream) {
        assertThat(stream)
                .as("the stream ends with a blank line")
                .matches("(?s).*(\n\n|\r\n\r\n|\r\r)");
        var all = new ArrayList<String>();
        var lines = new ArrayList<String>();
        for (var line : stream.split("\r\n|\n|\r", -1)) {
            if (line.isEmpty()) {
                if (!lines.isEmpty()) {
                    all.add(String.join("\n", lines));
                    lines.clear();
                }
            } else if (line.startsWith("data:")) {
                var value = line.substring(5);
                lines.add(value.startsWith(" ") ? value.substring(1) : value);
            } else {
                assertThat(line).as("only data and comments").startsWith(":");
            }
        }
        return all;
    }
}
