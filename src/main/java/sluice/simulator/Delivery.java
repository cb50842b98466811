package sluice.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import sluice.simulator.Script.End;
import sluice.simulator.Script.Place;

/// Puts one answer on the wire in the way its script wants. Unless it wants otherwise, every event leaves in one write
/// of its own, the moment it exists.
final class Delivery {
    private static final byte[] NOTHING = new byte[0];
    private static final int HEADER_LINE = 4096;

    private final Connection wire;
    private final Script.Wire how;
    private final boolean keep;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    Delivery(Connection wire, Script.Wire how, boolean keep) {
        this.wire = wire;
        this.how = how;
        this.keep = keep;
    }

    /// True when the connection can carry another request.
    boolean send(Answer answer) throws IOException {
        wire.pause(how.delay());
        stopAt(Place.FIRST_BYTE);
        switch (answer) {
            case Answer.Whole whole -> send(whole);
            case Answer.Events events -> send(events);
            case Answer.Garbage garbage -> {
                wire.write(ascii(garbage.text()));
                throw wire.end(End.CLOSE);
            }
        }
        return keep && !how.untold();
    }

    private void send(Answer.Whole whole) throws IOException {
        var plain = whole.body().getBytes(StandardCharsets.UTF_8);
        var body = how.gzip() ? gzipped(plain) : plain;
        var head = head(whole.status(), whole.headers(), "content-length: " + body.length);
        if (how.end() == End.DONE && how.first().isZero()) {
            put(joined(head, body));
            return;
        }
        sendHead(head);
        put(Arrays.copyOf(body, body.length / 2));
        if (how.end() != End.DONE) {
            throw wire.end(how.end());
        }
        put(Arrays.copyOfRange(body, body.length / 2, body.length));
    }

    private void send(Answer.Events events) throws IOException {
        var body = how.gzip() ? new GzipStream() : new PlainStream();
        sendHead(head(200, events.headers(), "transfer-encoding: chunked"));
        int sent = 0;
        for (var next : events.events()) {
            if (sent > 0) {
                wire.pause(how.interval());
            }
            if (sent == how.after()) {
                stopAt(Place.EVENT);
            }
            var event = body.encoded(event(next));
            if (sent == how.after() && how.ends(Place.MID_EVENT)) {
                sendHeld();
                wire.write(chunk(Arrays.copyOf(event, event.length / 2)));
                throw wire.end(how.end());
            }
            sendEvent(event);
            sent++;
        }
        stopAt(Place.DONE);
        if (how.end() != End.DONE) { // there were fewer events than it was to end after
            sendHeld();
            throw wire.end(how.end());
        }
        if (how.done() && events.last() != null) {
            sendEvent(body.encoded(event(events.last())));
        }
        var rest = body.rest();
        if (rest.length > 0) {
            sendEvent(rest);
        }
        sendHeld();
        if (!how.untold()) {
            wire.write(ascii("0\r\n\r\n"));
        }
    }

    private void sendHead(byte[] head) throws IOException {
        if (how.ends(Place.MID_HEAD)) {
            wire.write(Arrays.copyOf(head, head.length / 2));
            throw wire.end(how.end());
        }
        put(head);
        stopAt(Place.HEAD);
        wire.pause(how.first());
    }

    private void sendEvent(byte[] event) throws IOException {
        switch (how.writes()) {
            case EVENT -> wire.write(chunk(event));
            case BYTE -> {
                for (byte one : event) {
                    wire.write(chunk(new byte[] {one}));
                }
            }
            case SPLIT -> {
                int from = 0;
                for (int at = 1; at < event.length; at++) {
                    if ((event[at] & 0xC0) == 0x80) {
                        wire.write(chunk(Arrays.copyOfRange(event, from, at)));
                        from = at;
                    }
                }
                wire.write(chunk(Arrays.copyOfRange(event, from, event.length)));
            }
            case WHOLE -> held.writeBytes(event);
        }
    }

    private void sendHeld() throws IOException {
        if (held.size() > 0) {
            wire.write(chunk(held.toByteArray()));
        }
    }

    private void put(byte[] bytes) throws IOException {
        if (how.writes() != Script.Writes.BYTE) {
            wire.write(bytes);
            return;
        }
        for (byte one : bytes) {
            wire.write(new byte[] {one});
        }
    }

    private void stopAt(Place place) throws IOException {
        if (how.ends(place)) {
            sendHeld();
            throw wire.end(how.end());
        }
    }

    private byte[] head(int status, Map<String, String> headers, String length) {
        var head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        for (int left = how.headerBytes(); left > 0; left -= HEADER_LINE) {
            head.append("x-sim-filler: ").repeat('x', Math.min(left, HEADER_LINE)).append("\r\n");
        }
        if (how.quota() > 0) {
            head.append("x-ratelimit-limit-requests: 100\r\nx-ratelimit-remaining-requests: ")
                    .append(how.quota())
                    .append("\r\nx-ratelimit-reset-requests: 1m0s\r\n");
        }
        if (how.gzip()) {
            head.append("content-encoding: gzip\r\n");
        }
        if (!how.untold()) {
            head.append(length).append("\r\n");
        }
        if (!keep || how.untold()) {
            head.append("connection: close\r\n");
        }
        return ascii(head.append("\r\n").toString());
    }

    /// One server-sent event. Data on two lines is cut behind its first byte: JSON allows a newline there.
    private byte[] event(Answer.Event event) {
        var newline = ascii(how.crlf() ? "\r\n" : "\n");
        var after = how.space() ? ": " : ":";
        if (!event.comment().isEmpty()) {
            return joined(ascii(after + event.comment()), newline, newline);
        }
        var data = event.data();
        var name = event.name().isEmpty() ? NOTHING : ascii("event" + after + event.name());
        var field = ascii("data" + after);
        return joined(
                how.comments() ? joined(ascii(": keep-alive"), newline, newline) : NOTHING,
                name,
                name.length == 0 ? NOTHING : newline,
                how.twoLines() && data[0] == '{'
                        ? joined(field, Arrays.copyOf(data, 1), newline)
                        : NOTHING,
                field,
                how.twoLines() && data[0] == '{' ? Arrays.copyOfRange(data, 1, data.length) : data,
                newline,
                newline);
    }

    private byte[] chunk(byte[] bytes) {
        return how.untold()
                ? bytes
                : joined(ascii(Integer.toHexString(bytes.length) + "\r\n"), bytes, ascii("\r\n"));
    }

    private static byte[] gzipped(byte[] plain) throws IOException {
        var stream = new GzipStream();
        return joined(stream.encoded(plain), stream.rest());
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var all = new byte[length];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 302 -> "Found";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 413 -> "Content Too Large";
            case 429 -> "Too Many Requests";
            case 499 -> "Client Closed Request";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 529 -> "Overloaded";
            default -> "Status";
        };
    }

    /// The content encoding of one body.
    private sealed interface Encoder {
        byte[] encoded(byte[] part) throws IOException;

        byte[] rest() throws IOException;
    }

    private static final class PlainStream implements Encoder {
        @Override
        public byte[] encoded(byte[] part) {
            return part;
        }

        @Override
        public byte[] rest() {
            return NOTHING;
        }
    }

    /// Flushes after every part, so that an event can be read as soon as it arrives.
    private static final class GzipStream implements Encoder {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final GZIPOutputStream gzip;

        GzipStream() throws IOException {
            gzip = new GZIPOutputStream(out, true);
        }

        @Override
        public byte[] encoded(byte[] part) throws IOException {
            gzip.write(part);
            gzip.flush();
            return taken();
        }

        @Override
        public byte[] rest() throws IOException {
            gzip.close();
            return taken();
        }

        private byte[] taken() {
            var bytes = out.toByteArray();
            out.reset();
            return bytes;
        }
    }
}
