package sluice.upstream.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.json.NotJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ContentListsTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final ContentLists stream = new ContentLists();

    @Test
    void aListOfTextAndReasoningBecomesAStringAndItsReasoning() throws NotJson {
        assertThat(
                        whole(
                                """
                                {"id": null, "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": [
                                  {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Let me ", "signature": "sig=="},
                                    {"type": "summary_text", "text": "see."}, {"type": "summary_encrypted_text", "data": "xyz"}]},
                                  {"type": "text", "text": "It is "}, {"type": "text", "text": null}, {"type": "text", "text": "4.", "citations": [[1]]}]}}],
                                 "usage": {"prompt_tokens": 1.0}}\
                                """))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"id": null, "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "It is 4.",
                                  "reasoning_content": "Let me see.",
                                  "thinking_blocks": [{"type": "thinking", "thinking": "Let me ", "signature": "sig=="},
                                    {"type": "redacted_thinking", "data": "xyz"}], "citations": [[1]]}}],
                                 "usage": {"prompt_tokens": 1.0}}\
                                """));
    }

    @Test
    void reasoningOfOpenModelsHasNoSignatureAndMakesNoBlocks() throws NotJson {
        assertThat(
                        whole(
                                        """
                                        {"choices":[{"message":{"content":[{"type":"reasoning","summary":"hm"},{"type":"reasoning","summary":null}]}}]}\
                                        """)
                                .toString())
                .isEqualTo(
                        "{\"choices\":[{\"message\":{\"content\":null,\"reasoning_content\":\"hm\"}}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"message\":{\"content\":\"said \\\"content\\\":[ and more\"}}]}",
                "{\"choices\":[{\"message\":{\"content\":null}}]}",
                "{\"choices\":[]}",
                "{\"choices\":null,\"content\":[]}",
                "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"image\",\"image_url\":\"x\"}]}}]}"
            })
    void aReplyWithNothingToFoldIsLeftAlone(String reply) throws NotJson {
        assertThat(ContentLists.whole(Bytes.utf8(reply))).isNull();
        assertThat(stream.chunk(Bytes.utf8(reply.replace("message", "delta")))).isNull();
    }

    @Test
    void chunksAreFoldedOneByOne() throws NotJson {
        assertThat(
                        chunks(
                                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]}]}}]}",
                                "{\"choices\":[{\"index\":0,\"delta\":{\"content\" : ["
                                        + " {\"type\":\"text\",\"text\":\"yes\"} ]}}]}",
                                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"!\"}}]}",
                                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":[]}}]}"))
                .containsExactly(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\"}}]}",
                        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"yes\"}}]}",
                        "(as it came)",
                        "{\"choices\":[{\"index\":0,\"delta\":{}}]}");
    }

    @Test
    void anEmptyObjectBeforeRealArgumentsIsDropped() throws NotJson {
        assertThat(
                        chunks(
                                call("\"id\":\"c1\",", 0, "{}"),
                                call("", 0, "{\\\"city\\\":"),
                                call("", 0, "\\\"Oslo\\\"}"),
                                "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}"))
                .containsExactly(
                        call("\"id\":\"c1\",", 0, ""),
                        "(as it came)",
                        "(as it came)",
                        "(as it came)");
    }

    @Test
    void aToolWithoutArgumentsGetsItsEmptyObjectAtTheEnd() throws NotJson {
        assertThat(
                        chunks(
                                call("\"id\":\"c1\",", 0, "{}"),
                                call("\"id\":\"c2\",", 1, "{\\\"a\\\":1}"),
                                "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}"))
                .containsExactly(
                        call("\"id\":\"c1\",", 0, ""),
                        "(as it came)",
                        "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}");
    }

    @Test
    void aCallThatComesAndEndsInOneChunkKeepsItsEmptyObject() throws NotJson {
        var chunk =
                call("\"id\":\"c1\",", 0, "{}")
                        .replace("}}]}}]}", "}}]},\"finish_reason\":\"tool_calls\"}]}");

        assertThat(JSON.readTree(Objects.requireNonNull(stream.chunk(Bytes.utf8(chunk))).utf8()))
                .isEqualTo(JSON.readTree(chunk));
    }

    @Test
    void bracesInTheMiddleOfArgumentsAreArguments() throws NotJson {
        assertThat(chunks(call("", 0, "{\\\"a\\\":"), call("", 0, "{}"), call("", 0, "}")))
                .containsExactly("(as it came)", "(as it came)", "(as it came)");
    }

    @Test
    void noShapeOfAChunkIsTooMuch() throws NotJson {
        var values =
                List.of(
                        "null",
                        "7",
                        "\"{}\"",
                        "\"text\"",
                        "[]",
                        "{}",
                        "[null]",
                        "[{\"type\":\"text\"}]",
                        "[{\"type\":\"reasoning\",\"summary\":[null,7,{\"text\":7}]}]",
                        "[{\"index\":\"x\",\"function\":null}]",
                        "[{\"index\":-1,\"function\":{\"arguments\":\"{}\"}}]",
                        "{\"content\":[7]}");
        for (var delta : values) {
            for (var content : values) {
                for (var calls : values) {
                    var chunk =
                            ("{\"choices\":[null,{\"index\":%s,\"finish_reason\":%s,\"delta\":{\"content\":%s,\"tool_calls\":%s}},"
                                            + "{\"finish_reason\":\"stop\",\"delta\":%s}]}")
                                    .formatted(calls, content, content, calls, delta);

                    var folded = stream.chunk(Bytes.utf8(chunk));

                    if (folded != null) {
                        assertThat(JSON.readTree(folded.utf8()).path("choices")).hasSize(3);
                    }
                }
            }
        }
    }

    private static String call(String id, int index, String arguments) {
        return "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":"
                + index
                + ","
                + id
                + "\"function\":{\"arguments\":\""
                + arguments
                + "\"}}]}}]}";
    }

    private List<String> chunks(String... chunks) throws NotJson {
        var folded = Stream.<String>builder();
        for (var chunk : chunks) {
            var bytes = stream.chunk(Bytes.utf8(chunk));
            folded.add(bytes == null ? "(as it came)" : bytes.utf8());
        }
        return folded.build().toList();
    }

    private static JsonNode whole(String reply) throws NotJson {
        return JSON.readTree(Objects.requireNonNull(ContentLists.whole(Bytes.utf8(reply))).utf8());
    }
}
