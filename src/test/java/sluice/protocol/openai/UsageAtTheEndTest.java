package sluice.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.call.Bytes;
import sluice.json.NotJson;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseReader;

class UsageAtTheEndTest {

    /// A way in which providers report usage: what comes, and what a caller sees that did not ask, and one that did.
    record Variant(String name, String comes, String unasked, String asked) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Variant> variants() {
        return List.of(
                new Variant(
                        "a chunk without choices",
                        """
                        data: {"id":"c","choices":[{"delta":{"content":"a"}}],"usage":null}

                        data: {"id":"c","choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}

                        data: {"id":"c","choices":[],"usage":{"prompt_tokens":3}}

                        data: [DONE]

                        """,
                        """
                        data: {"id":"c","choices":[{"delta":{"content":"a"}}],"usage":null}

                        data: {"id":"c","choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}

                        data: [DONE]

                        """,
                        """
                        data: {"id":"c","choices":[{"delta":{"content":"a"}}],"usage":null}

                        data: {"id":"c","choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}

                        data: {"id":"c","choices":[],"usage":{"prompt_tokens":3}}

                        data: [DONE]

                        """),
                new Variant(
                        "a chunk whose choice says nothing",
                        """
                        data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

                        data: {"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":3}}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

                        data: {"choices":[],"usage":{"prompt_tokens":3}}

                        data: [DONE]

                        """),
                new Variant(
                        "on every chunk, growing",
                        """
                        data: {"usage":{"completion_tokens":1},"choices":[{"delta":{"content":"a"}}]}

                        data: {"choices":[{"delta":{"content":"b"}}],"usage":{"completion_tokens":2}}

                        data:{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"completion_tokens":3}, "x":1}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"}}]}

                        data: {"choices":[{"delta":{"content":"b"}}]}

                        data: {"choices":[{"delta":{},"finish_reason":"stop"}], "x":1}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"}}]}

                        data: {"choices":[{"delta":{"content":"b"}}]}

                        data: {"choices":[{"delta":{},"finish_reason":"stop"}], "x":1}

                        data: {"choices":[],"usage":{"completion_tokens":3}, "x":1}

                        data: [DONE]

                        """),
                new Variant(
                        "with the finish",
                        """
                        data: {"choices":[{"delta":{"content":"a"}}]}

                        data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"completion_tokens":3}}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"}}]}

                        data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"}}]}

                        data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                        data: {"choices":[],"usage":{"completion_tokens":3}}

                        data: [DONE]

                        """),
                new Variant(
                        "several chunks after the finish",
                        """
                        data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                        data: {"choices":[{"delta":{"content":""}}],"usage":null}

                        data: {"choices":[],"usage":{"completion_tokens":3}}

                        : bye

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                        data: {"choices":[{"delta":{"content":""}}],"usage":null}

                        : bye

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                        data: {"choices":[{"delta":{"content":""}}],"usage":null}

                        : bye

                        data: {"choices":[],"usage":{"completion_tokens":3}}

                        data: [DONE]

                        """),
                new Variant(
                        "never",
                        """
                        data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

                        data: [DONE]

                        """,
                        """
                        data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}

                        data: [DONE]

                        """),
                new Variant(
                        "in an event of two data lines",
                        """
                        data: {
                        data: "choices":[{"delta":{"content":"a"}}],"usage":{"completion_tokens":3}}

                        data: [DONE]

                        """,
                        """
                        data: {
                        data: "choices":[{"delta":{"content":"a"}}]}

                        data: [DONE]

                        """,
                        """
                        data: {
                        data: "choices":[{"delta":{"content":"a"}}]}

                        data: {
                        data: "choices":[],"usage":{"completion_tokens":3}}

                        data: [DONE]

                        """));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aCallerThatDidNotAskSeesNoUsage(Variant variant) throws NotJson, EventTooLarge {
        assertThat(passed(variant.comes(), false)).isEqualTo(variant.unasked());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aCallerThatAskedSeesItOnceBeforeTheEnd(Variant variant) throws NotJson, EventTooLarge {
        assertThat(passed(variant.comes(), true)).isEqualTo(variant.asked());
    }

    @Test
    void aChunkWithoutUsagePassesAsTheVeryBytesThatCame() throws NotJson, EventTooLarge {
        var comes = "event: x\r\nid: 1\r\ndata:{\"choices\":[]  }\r\n\r\n";

        assertThat(passed(comes, true)).isEqualTo(comes);
    }

    private static String passed(String comes, boolean asked) throws NotJson, EventTooLarge {
        var usage = new UsageAtTheEnd(asked);
        var passed = new ArrayList<Bytes>();
        for (var event : new SseReader(1 << 20).read(Bytes.utf8(comes))) {
            usage.pass(new ChatReplies().event(event), passed);
        }
        return passed.stream().map(Bytes::utf8).collect(Collectors.joining());
    }
}
