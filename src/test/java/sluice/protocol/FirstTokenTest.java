package sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;
import sluice.json.NotJson;
import sluice.protocol.anthropic.MessageReplies;
import sluice.protocol.openai.ChatReplies;
import sluice.protocol.openai.ResponseReplies;
import sluice.protocol.sse.SseEvent;

/// What of a stream is a first word of the model, and what only says that one may come.
class FirstTokenTest {
    private static boolean isToken(ReplyReader reader, String data) {
        try {
            var event = reader.event(new SseEvent(Bytes.utf8("data: " + data), Bytes.utf8(data)));
            return event instanceof StreamEvent.Part part && reader.isToken(part);
        } catch (NotJson broken) {
            throw new AssertionError(broken);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\" \"}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"reasoning\"}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
                "{\"choices\":[{\"delta\":{\"refusal\":\"no\"}}]}",
                "{\"choices\":[{\"text\":\"a\"}]}",
            })
    void aChatsToken(String chunk) {
        assertThat(isToken(new ChatReplies(), chunk)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}",
                "{\"choices\":[{\"delta\":{\"content\":[]}}]}",
                "{\"choices\":[{\"delta\":{}}]}",
                "{\"choices\":[{\"text\":\"\"}]}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}",
                "[DONE]",
            })
    void notAChatsToken(String chunk) {
        assertThat(isToken(new ChatReplies(), chunk)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"name\":\"f\"}}",
            })
    void aMessagesToken(String event) {
        assertThat(isToken(new MessageReplies(), event)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"message_start\",\"message\":{}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}",
            })
    void notAMessagesToken(String event) {
        assertThat(isToken(new MessageReplies(), event)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.output_text.delta\",\"delta\":\"a\"}",
                "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}",
                "{\"type\":\"response.reasoning_summary_text.delta\",\"delta\":\"hm\"}",
            })
    void aResponsesToken(String event) {
        assertThat(isToken(new ResponseReplies(), event)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.created\",\"response\":{}}",
                "{\"type\":\"response.in_progress\",\"response\":{}}",
                "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"message\"}}",
            })
    void notAResponsesToken(String event) {
        assertThat(isToken(new ResponseReplies(), event)).isFalse();
    }
}
