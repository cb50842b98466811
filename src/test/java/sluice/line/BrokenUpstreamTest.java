package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.call.Dialect;
import sluice.speaker.Speaker;
import sluice.speaker.Wish;

/// A target that breaks the rules of its own dialect, each in every way: whoever asks, in whichever
/// dialect, sees a stream that keeps the rules of that one to its end, or to an error. Nothing
/// hangs: a client waits twenty seconds at most.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenUpstreamTest {
    private static final Map<Dialect, List<String>> GOOD =
            Map.of(
                    Dialect.CHAT,
                    events(
                            """
                            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

                            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hello "},"finish_reason":null}]}

                            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"there"},"finish_reason":null}]}

                            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":3,"total_tokens":7}}

                            data: [DONE]

                            """),
                    Dialect.COMPLETIONS,
                    events(
                            """
                            data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"Hello ","logprobs":null,"finish_reason":null}]}

                            data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"there","logprobs":null,"finish_reason":null}]}

                            data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"","logprobs":null,"finish_reason":"stop"}]}

                            data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":3,"total_tokens":7}}

                            data: [DONE]

                            """),
                    Dialect.MESSAGES,
                    events(
                            """
                            event: message_start
                            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,"output_tokens":1}}}

                            event: content_block_start
                            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                            event: content_block_delta
                            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello "}}

                            event: content_block_delta
                            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"there"}}

                            event: content_block_stop
                            data: {"type":"content_block_stop","index":0}

                            event: message_delta
                            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3}}

                            event: message_stop
                            data: {"type":"message_stop"}

                            """),
                    Dialect.RESPONSES,
                    events(
                            """
                            event: response.created
                            data: {"type":"response.created","sequence_number":0,"response":RESPONSE}

                            event: response.in_progress
                            data: {"type":"response.in_progress","sequence_number":1,"response":RESPONSE}

                            event: response.output_item.added
                            data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]}}

                            event: response.content_part.added
                            data: {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}

                            event: response.output_text.delta
                            data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello there","logprobs":[]}

                            event: response.output_text.done
                            data: {"type":"response.output_text.done","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hello there","logprobs":[]}

                            event: response.content_part.done
                            data: {"type":"response.content_part.done","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hello there","annotations":[]}}

                            event: response.output_item.done
                            data: {"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello there","annotations":[]}]}}

                            event: response.completed
                            data: {"type":"response.completed","sequence_number":8,"response":COMPLETED}

                            """
                                    .replace("RESPONSE", response("in_progress", "", "null"))
                                    .replace(
                                            "COMPLETED",
                                            response(
                                                    "completed",
                                                    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello there\",\"annotations\":[]}]}",
                                                    "{\"input_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":3,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":7}"))));

    private static String response(String status, String output, String usage) {
        return """
        {"id":"resp_1","object":"response","created_at":1,"status":"%s","model":"m","output":[%s],"error":null,\
        "incomplete_details":null,"instructions":null,"metadata":{},"parallel_tool_calls":true,"temperature":1,\
        "tool_choice":"auto","tools":[],"top_p":1,"usage":%s}\
        """
                .formatted(status, output, usage);
    }

    private static List<String> events(String stream) {
        var events = new ArrayList<String>();
        for (var event : stream.split("\n\n", -1)) {
            if (!event.isEmpty()) {
                events.add(event + "\n\n");
            }
        }
        return events;
    }

    /// What is done to a good stream.
    enum Break {
        NOTHING,
        /// The connection is closed between two events.
        CUT,
        CUT_IN_AN_EVENT,
        /// The answer ends well, long before its last event.
        ENDED_EARLY,
        GARBLED,
        NOT_AN_OBJECT,
        WITHOUT_THE_FIRST,
        WITHOUT_THE_LAST,
        FINISHED_TWICE,
        GOES_ON_AFTER_THE_END,
        SOMETHING_NEW,
        EMPTY;

        /// What nobody can make a whole answer of.
        boolean isBeyondRepair() {
            return switch (this) {
                case CUT, CUT_IN_AN_EVENT, ENDED_EARLY, GARBLED, EMPTY -> true;
                default -> false;
            };
        }

        /// What goes through as it came where both sides speak one dialect: it may be of tomorrow.
        boolean isInTheMiddle() {
            return switch (this) {
                case WITHOUT_THE_FIRST, FINISHED_TWICE, NOT_AN_OBJECT, SOMETHING_NEW -> true;
                default -> false;
            };
        }

        void of(List<String> good, RawUpstream.Wire wire) throws IOException {
            int half = good.size() / 2;
            var events = new ArrayList<>(good);
            switch (this) {
                case NOTHING -> {}
                case CUT, ENDED_EARLY -> events.subList(half, events.size()).clear();
                case CUT_IN_AN_EVENT -> {
                    events.subList(half + 1, events.size()).clear();
                    events.add(events.removeLast().substring(0, 40));
                }
                case GARBLED -> events.set(half, "data: {\"type\": \"x\", this is no JSON\n\n");
                case NOT_AN_OBJECT -> events.add(half, "data: [1, 2]\n\n");
                case WITHOUT_THE_FIRST -> events.removeFirst();
                case WITHOUT_THE_LAST -> events.removeLast();
                case FINISHED_TWICE -> {
                    int finish =
                            events.indexOf(
                                    events.stream()
                                            .filter(BrokenUpstreamTest::finishes)
                                            .findFirst()
                                            .orElseThrow());
                    events.add(finish, events.get(finish));
                }
                case GOES_ON_AFTER_THE_END -> events.addAll(good.subList(0, half));
                case SOMETHING_NEW ->
                        events.add(half, "event: something_new\ndata: {\"type\":\"new\"}\n\n");
                case EMPTY -> events.clear();
            }
            wire.write(RawUpstream.STREAM_HEAD);
            for (var event : events) {
                wire.writeChunk(event);
            }
            if (this == CUT || this == CUT_IN_AN_EVENT) {
                throw new IOException("the connection is closed, as the test wants it");
            }
            wire.end();
        }
    }

    private static boolean finishes(String event) {
        return event.contains("\"finish_reason\":\"stop\"")
                || event.contains("\"stop_reason\":\"end_turn\"")
                || event.contains("\"type\":\"response.completed\"");
    }

    private record Said(Dialect dialect, Break how) {}

    @TempDir private static Path folder = Path.of("");
    private volatile Said said = new Said(Dialect.CHAT, Break.NOTHING);
    private final RawUpstream upstream =
            RawUpstream.answering(wire -> {
                var now = said;
                now.how().of(GOOD.getOrDefault(now.dialect(), List.of()), wire);
            });
    private final Map<Dialect, Speaker> speakers = new EnumMap<>(Dialect.class);
    private StreamingGateway gateway;

    @BeforeAll
    void start() {
        gateway = StreamingGateway.plan(folder).withEveryDialect(upstream).start();
        for (var dialect : GOOD.keySet()) {
            speakers.put(
                    dialect,
                    Speaker.of(
                            dialect, "http://127.0.0.1:" + gateway.port(), StreamingGateway.KEY));
        }
    }

    @AfterAll
    void stop() {
        speakers.values().forEach(Speaker::close);
        gateway.close();
        upstream.close();
    }

    static Stream<Arguments> breaks() {
        return Stream.of(
                        ways("raw-openai/m", Dialect.CHAT, Dialect.CHAT, Dialect.MESSAGES),
                        ways("raw-openai/m", Dialect.RESPONSES, Dialect.RESPONSES),
                        ways("raw-openai/m", Dialect.COMPLETIONS, Dialect.COMPLETIONS),
                        ways(
                                "raw-anthropic/m",
                                Dialect.MESSAGES,
                                Dialect.MESSAGES,
                                Dialect.CHAT,
                                Dialect.RESPONSES,
                                Dialect.COMPLETIONS),
                        ways(
                                "raw-workspace/m",
                                Dialect.CHAT,
                                Dialect.CHAT,
                                Dialect.MESSAGES,
                                Dialect.RESPONSES),
                        ways(
                                "raw-workspace/a-claude",
                                Dialect.MESSAGES,
                                Dialect.MESSAGES,
                                Dialect.RESPONSES))
                .flatMap(ways -> ways);
    }

    private static Stream<Arguments> ways(String model, Dialect spoken, Dialect... asked) {
        return Stream.of(asked)
                .flatMap(one ->
                        Stream.of(Break.values())
                                .map(how -> Arguments.of(one, model, spoken, how)));
    }

    @ParameterizedTest(name = "{0} before {1}, which speaks {2}: {3}")
    @MethodSource("breaks")
    void whoeverAsksSeesAWholeStreamOrAnError(
            Dialect asked, String model, Dialect spoken, Break how) {
        said = new Said(spoken, how);
        var speaker = speakers.get(asked);
        if (speaker == null) {
            throw new IllegalStateException("nobody speaks " + asked);
        }
        try (var client = gateway.client()) {
            var answer = client.post(speaker.path(), speaker.body(Wish.hello(model), true));
            var failure = gateway.ledgerOf(answer.id()).path("failure");

            if (failure.isNull() && asked == spoken && how.isInTheMiddle()) {
                assertThat(answer.body()).endsWith(GOOD.getOrDefault(spoken, List.of()).getLast());
            } else if (failure.isNull()) {
                assertThat(how.isBeyondRepair()).as(answer.body()).isFalse();
                var heard = speaker.read(answer.body());
                assertThat(heard.text()).isIn("Hello there", "Hello "); // the rest may be skipped
            } else if (answer.status() == 200) {
                assertThat(how).isNotEqualTo(Break.NOTHING);
                speaker.checkBroken(answer.body());
                assertThat(failure.asString()).isIn("protocol_error", "broken_answer");
            } else {
                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.body()).contains("'" + model.split("/", -1)[0] + "'");
                assertThat(failure.asString()).isIn("protocol_error", "broken_answer");
            }
        }
    }
}
