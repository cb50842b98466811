package sluice;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A client that says nothing but the bytes that it is told to say, and reads answers by the letter of HTTP/1.1.
final class BareSocket implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    BareSocket(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Patience.LONG.toMillis());
            in = socket.getInputStream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    BareSocket send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A gateway that has closed already may be told more; that is no fault of the test.
    BareSocket send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException closed) {
            // What it answered before can still be read.
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    /// The next answer, whole; a 1xx is one of its own.
    Answer answer() {
        try {
            return read();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// True when some of an answer has come.
    boolean hasAnswer() {
        try {
            return in.available() > 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The head of the next answer, to be followed by {@link #line} or {@link #rest}.
    Answer head() {
        try {
            return readHead();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String line() {
        try {
            return readLine();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Reads lines up to one that starts so.
    String lineStarting(String prefix) {
        var line = line();
        while (!line.startsWith(prefix)) {
            line = line();
        }
        return line;
    }

    /// What still comes until the gateway closes. A reset is an end, too.
    String rest() {
        var rest = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                rest.write(b);
            }
        } catch (SocketException reset) {
            // Closed is closed.
        } catch (IOException open) {
            throw new AssertionError("still open after: " + rest, open);
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closed is closed.
        }
    }

    private Answer readHead() throws IOException {
        var statusLine = readLine();
        if (!statusLine.matches("HTTP/1[.][01] [0-9]{3} .*")) {
            throw new AssertionError("no status line: " + statusLine);
        }
        var headers = new LinkedHashMap<String, List<String>>();
        for (var line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            any -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(statusLine.substring(9, 12)), headers, "");
    }

    private Answer read() throws IOException {
        var head = readHead();
        return new Answer(
                head.status(),
                head.headers(),
                new String(body(head.status(), head.headers()), StandardCharsets.UTF_8));
    }

    private byte[] body(int status, Map<String, List<String>> headers) throws IOException {
        if (status < 200 || status == 204) {
            return new byte[0];
        }
        if (headers.containsKey("transfer-encoding")) {
            return chunks();
        }
        if (headers.containsKey("content-length")) {
            int length = Integer.parseInt(headers.get("content-length").getFirst());
            return in.readNBytes(length);
        }
        return in.readAllBytes();
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            body.write(in.readNBytes(size));
            var end = readLine();
            if (size == 0) {
                return body.toByteArray();
            }
            if (!end.isEmpty()) {
                throw new AssertionError("a chunk does not end where it should: " + end);
            }
        }
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed by the gateway after: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).replace("\r", "");
    }
}
