package sluice.simulator;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The reading half of a connection: HTTP/1.1 requests, and the news that the caller has left.
final class Inbound {
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEAD_BYTES_MAX = 64 << 10;
    private static final long BODY_BYTES_MAX = 256L << 20;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[4096];
    private int from;
    private int to;

    Inbound(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /// The next request, or null when the caller closed between two. Of a longer body than {@code keep} only the
    /// beginning is kept; the rest is read and forgotten.
    @Nullable Request next(int keep) throws IOException {
        var first = line();
        if (first == null) {
            return null;
        }
        var words = first.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new Malformed("the request line is not 'METHOD target HTTP/1.1'");
        }
        var headers = headers();
        if (headers.getOrDefault("expect", List.of()).contains("100-continue")) {
            out.write(CONTINUE);
        }
        var body = new Body(keep);
        if (last(headers, "transfer-encoding").equalsIgnoreCase("chunked")) {
            chunks(body);
        } else {
            read(body, number(last(headers, "content-length"), 10));
        }
        return new Request(words[0], words[1], headers, body.kept(), body.length);
    }

    /// Waits, and notices a caller who leaves meanwhile. A caller who only says that it will send no more counts as
    /// gone too, as it does for the real one's front proxy.
    void listen(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            socket.setSoTimeout((int) Math.max(1, (left + 500_000) / 1_000_000));
            try {
                if (fill() < 0) {
                    throw new CallerLeft();
                }
            } catch (SocketTimeoutException over) {
                return;
            } finally {
                socket.setSoTimeout(0);
            }
        }
    }

    /// Returns never: waits until the caller has left.
    CallerLeft listenUntilGone() throws IOException {
        while (fill() >= 0) {
            to = from;
        }
        return new CallerLeft();
    }

    /// Reads what still comes and forgets it, until the caller has closed too or is quiet for so long.
    void forget(Duration quiet) throws IOException {
        socket.setSoTimeout((int) quiet.toMillis());
        try {
            do {
                to = from;
            } while (fill() >= 0);
        } catch (SocketTimeoutException enough) {
            // It was told; now it may be closed on.
        }
    }

    private Map<String, List<String>> headers() throws IOException {
        var headers = new LinkedHashMap<String, List<String>>();
        for (int bytes = 0; bytes <= HEAD_BYTES_MAX; ) {
            var line = line();
            if (line == null) {
                throw new EOFException("the caller left inside the head of a request");
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Malformed("a header line without a name");
            }
            var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, any -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
            bytes += line.length();
        }
        throw new Malformed("the head of the request is larger than " + HEAD_BYTES_MAX + " bytes");
    }

    private void chunks(Body body) throws IOException {
        while (true) {
            var line = line();
            if (line == null) {
                throw new EOFException("the caller left inside a chunked body");
            }
            long size = number(line.split(";", 2)[0].strip(), 16);
            read(body, size);
            if (size == 0) {
                for (var trailer = line();
                        trailer != null && !trailer.isEmpty();
                        trailer = line()) {}
                return;
            }
            line();
        }
    }

    private void read(Body body, long length) throws IOException {
        if (body.length + length > BODY_BYTES_MAX) {
            throw new Malformed("the body is larger than " + BODY_BYTES_MAX + " bytes");
        }
        for (long left = length; left > 0; ) {
            if (from == to && fill() < 0) {
                throw new EOFException("the caller left inside a body");
            }
            int part = (int) Math.min(left, to - from);
            body.add(buffer, from, part);
            from += part;
            left -= part;
        }
    }

    private @Nullable String line() throws IOException {
        for (int at = from; ; at++) {
            while (at == to) {
                int seen = at - from;
                if (seen > HEAD_BYTES_MAX) {
                    throw new Malformed("a line longer than " + HEAD_BYTES_MAX + " bytes");
                }
                if (fill() < 0) {
                    if (seen > 0) {
                        throw new EOFException("the caller left inside a line");
                    }
                    return null;
                }
                at = from + seen;
            }
            if (buffer[at] == '\n') {
                int end = at > from && buffer[at - 1] == '\r' ? at - 1 : at;
                var line = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1);
                from = at + 1;
                return line;
            }
        }
    }

    private int fill() throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (to == buffer.length && from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        } else if (to == buffer.length) {
            if (to > 4 * HEAD_BYTES_MAX) {
                throw new Malformed("more was sent ahead than a server holds");
            }
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int count = in.read(buffer, to, buffer.length - to);
        to += Math.max(count, 0);
        return count;
    }

    private static long number(String text, int radix) throws Malformed {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(text, radix);
        } catch (NumberFormatException wrong) {
            throw new Malformed("a length that is no number");
        }
    }

    private static String last(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of("")).getLast();
    }

    /// The caller closed its side while an answer was under way.
    static final class CallerLeft extends IOException {
        CallerLeft() {
            super("the caller left before the answer was complete");
        }
    }

    /// What arrived is not HTTP/1.1.
    static final class Malformed extends IOException {
        Malformed(String message) {
            super(message);
        }
    }

    private static final class Body {
        private final int keep;
        private byte[] kept = new byte[0];
        private int used;
        private long length;

        Body(int keep) {
            this.keep = keep;
        }

        void add(byte[] bytes, int from, int count) {
            int wanted = Math.min(count, keep - used);
            if (used + wanted > kept.length) {
                kept = Arrays.copyOf(kept, Math.max(used + wanted, 2 * kept.length));
            }
            System.arraycopy(bytes, from, kept, used, wanted);
            used += wanted;
            length += count;
        }

        byte[] kept() {
            return used == kept.length ? kept : Arrays.copyOf(kept, used);
        }
    }
}
