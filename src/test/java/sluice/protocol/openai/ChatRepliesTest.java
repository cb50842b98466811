package sluice.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.json.NotJson;
import sluice.protocol.StreamEvent;
import sluice.protocol.sse.SseEvent;

class ChatRepliesTest {
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // choices                                                     usage? only? finish?
                "[]                                                            | y | y | n",
                "[{\"index\":0,\"delta\":{}}]                                  | y | y | n",
                "[{\"index\":0,\"delta\":{},\"finish_reason\":null}]           | y | y | n",
                "[{\"index\":0}]                                               | y | y | n",
                "[{\"index\":0,\"delta\":{\"content\":\"a\"}}]                 | y | n | n",
                "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]       | y | n | y",
                "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]       | n | n | y",
                "[{\"index\":0,\"delta\":{\"content\":\"\"}}]                  | y | n | n",
                "[{\"index\":0,\"delta\":{}},{\"index\":1,\"delta\":{\"content\":\"a\"}}] | y | n |"
                        + " n",
                "[]                                                            | n | n | n",
                "null                                                          | n | n | n",
                "[null]                                                        | n | n | n",
                "[[]]                                                          | n | n | n",
                "{}                                                            | n | n | n",
            })
    void aChunkIsReadWithoutTrustingItsChoices(
            String choices, String usage, String only, String finish) throws NotJson {
        var chunk = chunk("{\"choices\":" + choices + (usage.equals("y") ? "," + USAGE : "") + "}");

        assertThat(chunk.usage()).isEqualTo(usage.equals("y") ? Usage.of(3, 2) : null);
        assertThat(usage.equals("y") && ChatChoices.sayNothing(chunk.fields()))
                .as("only usage")
                .isEqualTo(only.equals("y"));
        assertThat(chunk.isFinish()).as("finish").isEqualTo(finish.equals("y"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt_tokens\":9,\"completion_tokens\":5,\"total_tokens\":14} | 9 | 5 | 0 | 0",
                "{\"prompt_tokens\":9,\"completion_tokens\":5,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":2}} | 9 | 5 | 4 | 2",
                "{\"prompt_tokens\":9,\"completion_tokens\":5,\"cache_read_input_tokens\":7} | 9 |"
                        + " 5 | 7 | 0",
                "{\"prompt_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":4},"
                        + "\"cache_read_input_tokens\":4} | 9 | 0 | 4 | 0",
                "{\"prompt_tokens\":null,\"completion_tokens\":5,\"prompt_tokens_details\":null} |"
                        + " 0 | 5 | 0 | 0",
                "{\"prompt_tokens\":9.0,\"completion_tokens\":5e0} | 9 | 5 | 0 | 0",
                "{\"prompt_tokens\":-1,\"completion_tokens\":\"5\"} | 0 | 0 | 0 | 0",
                "{\"prompt_tokens\":9.5,\"completion_tokens\":1e99} | 0 | 0 | 0 | 0",
                "{} | 0 | 0 | 0 | 0",
            })
    void aCountThatIsNoneNeverCostsTheReply(
            String usage, long prompt, long completion, long cached, long reasoning)
            throws NotJson {
        assertThat(chunk("{\"choices\":[],\"usage\":" + usage + "}").usage())
                .isEqualTo(new Usage(prompt - cached, cached, 0, 0, completion, reasoning));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "[]", "\"none\""})
    void usageThatIsNoObjectIsNone(String usage) throws NotJson {
        assertThat(chunk("{\"choices\":[],\"usage\":" + usage + "}").usage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"no\"}}",
                "{\"error\":\"no\"}",
                "{\"choices\":[],\"error\":{\"message\":\"no\",\"code\":429}}",
                "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"no\"}",
            })
    void anErrorIsAFailure(String data) throws NotJson {
        assertThat(event(data)).isInstanceOf(StreamEvent.Failed.class);
    }

    @Test
    void anErrorThatIsNullIsNone() throws NotJson {
        assertThat(event("{\"choices\":[],\"error\":null,\"error_code\":null}"))
                .isInstanceOf(StreamEvent.Part.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[DONE]", "[DONE] ", "[DONE]\nmore", "[DONE]!"})
    void whatBeginsWithDoneIsTheEnd(String data) throws NotJson {
        assertThat(event(data)).isInstanceOf(StreamEvent.Done.class);
    }

    @Test
    void anEventWithoutDataIsAComment() throws NotJson {
        assertThat(event("")).isInstanceOf(StreamEvent.Comment.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[DON", "[]", "done", "{\"nor\": is this", "\"text\"", " [DONE]"})
    void otherDataIsNoChunk(String data) {
        assertThatThrownBy(() -> event(data)).isInstanceOf(NotJson.class);
    }

    private static StreamEvent event(String data) throws NotJson {
        return new ChatReplies()
                .event(new SseEvent(Bytes.utf8("data: " + data + "\n\n"), Bytes.utf8(data)));
    }

    private static StreamEvent.Part chunk(String data) throws NotJson {
        return (StreamEvent.Part) event(data);
    }
}
