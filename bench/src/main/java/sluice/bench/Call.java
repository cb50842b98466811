package sluice.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// One call on one connection, by hand: a client with nothing to warm up.
final class Call {
    static final String PATH = "/v1/chat/completions";
    static final String KEY =
            "sk-slc-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private static final int WAIT_MILLIS = 20_000;

    record Answer(int status, String text) {
        @Override
        public String toString() {
            return status + " " + text.substring(0, Math.min(300, text.length())).strip();
        }
    }

    private Call() {}

    static Answer post(int port, byte[] body) throws IOException {
        return post(port, body, KEY);
    }

    static Answer post(int port, byte[] body, String key) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(WAIT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            var refused = send(socket, head(port, body.length, key, "close"), body);
            var answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (IOException broken) {
                if (answer.size() == 0) {
                    throw refused == null ? broken : refused;
                }
            }
            return parse(answer.toString(StandardCharsets.UTF_8));
        }
    }

    static byte[] head(int port, int length, String key, String connection) {
        return """
        POST %s HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        Connection: %s\r
        \r
        """
                .formatted(PATH, port, key, length, connection)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// A server may refuse and close before it has the whole body; its answer is then still worth
    /// reading, so a failed write is returned and not thrown.
    private static IOException send(Socket socket, byte[] head, byte[] body) {
        try {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(body);
            return null;
        } catch (IOException refused) {
            return refused;
        }
    }

    private static Answer parse(String answer) throws IOException {
        if (!answer.startsWith("HTTP/1.1 ") || answer.length() < 12) {
            throw new IOException("no HTTP answer");
        }
        var head = answer.indexOf("\r\n\r\n");
        return new Answer(
                Integer.parseInt(answer.substring(9, 12)),
                head < 0 ? "" : answer.substring(head + 4));
    }
}
