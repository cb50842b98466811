package sluice.line;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A caller on one bare connection, which decides for itself what it reads, and when it leaves.
final class Client implements AutoCloseable {
    private static final AtomicInteger IDS = new AtomicInteger();
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    Client(int port) {
        this(port, 0);
    }

    /// @param receiveBuffer in bytes; 0 leaves it to the system
    Client(int port, int receiveBuffer) {
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A whole answer.
    record Answer(String id, int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    static String plain(String model) {
        return "{\"model\":\""
                + model
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    static String stream(String model) {
        return "{\"model\":\""
                + model
                + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    static String streamWithUsage(String model) {
        return "{\"model\":\""
                + model
                + "\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    /// Asks and reads the whole answer.
    Answer chat(String body) {
        return post("/v1/chat/completions", body);
    }

    /// Asks at another path and reads the whole answer.
    Answer post(String path, String body) {
        try {
            var id = ask(path, body);
            var head = readHead();
            return new Answer(id, head.status, head.headers, head.readRest());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Sends a request and gives its id.
    String ask(String body) {
        return ask("/v1/chat/completions", body);
    }

    private String ask(String path, String body) {
        var id = "streaming-" + IDS.incrementAndGet();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
                        + StreamingGateway.KEY
                        + "\r\ncontent-type: application/json\r\nx-request-id: "
                        + id
                        + "\r\ncontent-length: "
                        + bytes.length
                        + "\r\n\r\n";
        try {
            var all = new ByteArrayOutputStream();
            all.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(bytes);
            socket.getOutputStream().write(all.toByteArray());
            return id;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Reply readHead() throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        var headers = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Reply(status, headers);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended in a line");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /// An answer whose head was read.
    final class Reply {
        final int status;
        final Map<String, String> headers;
        private final boolean chunked;
        private long left;

        Reply(int status, Map<String, String> headers) {
            this.status = status;
            this.headers = headers;
            this.chunked = "chunked".equals(headers.get("transfer-encoding"));
            this.left = Long.parseLong(headers.getOrDefault("content-length", "0"));
        }

        /// What the head says of the body's length.
        long length() {
            return left;
        }

        /// The next part of the body, null at its end.
        byte @org.jspecify.annotations.Nullable [] next() throws IOException {
            if (!chunked) {
                var whole = in.readNBytes((int) left);
                left -= whole.length;
                if (left > 0) {
                    throw new EOFException("the connection ended in the body");
                }
                return whole.length == 0 ? null : whole;
            }
            int size = Integer.parseInt(line(), 16);
            var chunk = in.readNBytes(size);
            if (chunk.length < size || !line().isEmpty()) {
                throw new EOFException("the connection ended in a chunk");
            }
            return size == 0 ? null : chunk;
        }

        /// The next bytes of a stream up to a blank line, as the gateway writes its events.
        String nextEvents() throws IOException {
            var part = next();
            if (part == null) {
                throw new EOFException("the stream ended");
            }
            return new String(part, StandardCharsets.UTF_8);
        }

        String readRest() throws IOException {
            var all = new ByteArrayOutputStream();
            for (var part = next(); part != null; part = next()) {
                all.writeBytes(part);
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    /// Reads so many bytes, whatever they are.
    long read(int bytes) throws IOException {
        int read = in.readNBytes(bytes).length;
        if (read < bytes) {
            throw new EOFException("the connection ended " + (bytes - read) + " bytes early");
        }
        return read;
    }

    /// True when the other side has ended the connection.
    boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // closed is closed
        }
    }
}
