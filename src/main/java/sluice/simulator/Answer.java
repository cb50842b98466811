package sluice.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the workspace says to one request, before anything is known of how it travels.
sealed interface Answer {

    /// A status, headers and a body in one piece.
    record Whole(int status, Map<String, String> headers, String body) implements Answer {
        Whole with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Whole(status, more, body);
        }
    }

    /// A stream of server-sent events, given by their data, made while they are sent. The [DONE] at the end is not
    /// among them; {@code done} says whether it is due.
    record Events(Map<String, String> headers, Iterable<byte[]> data, boolean done)
            implements Answer {}

    /// Bytes that are not HTTP, and the end of the connection.
    record Garbage(String text) implements Answer {}

    static Whole json(int status, Map<String, ?> body) {
        return new Whole(status, Map.of("content-type", "application/json"), Json.text(body));
    }

    static Whole text(int status, String body) {
        return new Whole(status, Map.of("content-type", "text/plain; charset=utf-8"), body);
    }
}
