package sluice.simulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /// A stream of server-sent events, made while they are sent. {@code last} is the event that says that all is well,
    /// [DONE] or its like in other dialects; without it the stream has already said that something is not.
    record Events(Map<String, String> headers, Iterable<Event> events, @Nullable Event last)
            implements Answer {}

    /// Bytes that are not HTTP, and the end of the connection.
    record Garbage(String text) implements Answer {}

    /// One server-sent event. An empty name leaves the line {@code event:} out; an empty comment is no comment.
    final class Event {
        static final Event DONE = new Event("", "", "[DONE]".getBytes(StandardCharsets.US_ASCII));

        private final String name;
        private final String comment;
        private final byte[] data;

        private Event(String name, String comment, byte[] data) {
            this.name = name;
            this.comment = comment;
            this.data = data;
        }

        String name() {
            return name;
        }

        String comment() {
            return comment;
        }

        /// Not to be written to.
        byte[] data() {
            return data;
        }

        static Event data(byte[] data) {
            return new Event("", "", data);
        }

        /// An event named after the {@code type} inside its data.
        static Event typed(Map<String, ?> data) {
            return new Event(String.valueOf(data.get("type")), "", Json.bytes(data));
        }

        /// A line that is no event, to keep a quiet connection open.
        static Event keepAlive() {
            return new Event("", "ping", new byte[0]);
        }
    }

    static Whole json(int status, Map<String, ?> body) {
        return new Whole(status, Map.of("content-type", "application/json"), Json.text(body));
    }

    static Whole text(int status, String body) {
        return new Whole(status, Map.of("content-type", "text/plain; charset=utf-8"), body);
    }
}
