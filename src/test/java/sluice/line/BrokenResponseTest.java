package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.call.Bytes;
import sluice.json.NotJson;
import sluice.protocol.openai.ResponseReplies;
import sluice.protocol.sse.EventTooLarge;
import sluice.protocol.sse.SseReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How a stream of Responses ends that passed as it came and cannot go on.
class BrokenResponseTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void itEndsWithTheResponseThatWasAnnouncedAsFailed() throws NotJson, EventTooLarge {
        var stream = new Untouched.Responses();
        pass(
                stream,
                """
                data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_7",\
                "object":"response","status":"in_progress","error":null,"model":"m","new":[1]}}

                data: {"type":"response.output_item.added","sequence_number":1,"output_index":0}

                """);

        var last = stream.failed("rate_limit_error", "busy", "Please try again in 3s.").utf8();

        assertThat(last).startsWith("event: response.failed\ndata: ").endsWith("}\n\n");
        assertThat(data(last))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"type": "response.failed", "sequence_number": 2,
                                 "response": {"id": "resp_7", "object": "response",
                                   "status": "failed",
                                   "error": {"code": "rate_limit_exceeded",
                                     "message": "Please try again in 3s."},
                                   "model": "m", "new": [1]}}\
                                """));
    }

    @Test
    void withoutAnAnnouncementItIsAPlainError() throws NotJson, EventTooLarge {
        var stream = new Untouched.Responses();
        pass(stream, "data: {\"type\":\"response.queued\",\"sequence_number\":4}\n\n");

        assertThat(data(stream.failed("server_error", "upstream_error", "gone").utf8()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"type": "error", "code": "server_error", "message": "gone",
                                 "param": null, "sequence_number": 5}\
                                """));
    }

    private static void pass(Untouched stream, String events) throws NotJson, EventTooLarge {
        var replies = new ResponseReplies();
        var out = new ArrayList<Bytes>();
        for (var event : new SseReader(1 << 16).read(Bytes.utf8(events))) {
            stream.pass(replies.event(event), out);
        }
        assertThat(String.join("", text(out))).isEqualTo(events);
    }

    private static List<String> text(List<Bytes> pieces) {
        return pieces.stream().map(Bytes::utf8).toList();
    }

    private static JsonNode data(String event) {
        return JSON.readTree(event.substring(event.indexOf("data: ") + "data: ".length()));
    }
}
