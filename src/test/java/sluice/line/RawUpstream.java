package sluice.line;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A provider whose every byte the test writes itself.
final class RawUpstream implements AutoCloseable {
    static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

    /// Answers one request, whose body has been read.
    interface Script {
        void answer(Wire wire) throws IOException;
    }

    /// The answering side of one connection.
    static final class Wire {
        private final OutputStream out;
        private final AtomicLong written;

        private Wire(OutputStream out, AtomicLong written) {
            this.out = out;
            this.written = written;
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            written.addAndGet(bytes.length);
        }

        void writeChunk(byte[] bytes) throws IOException {
            write(Integer.toHexString(bytes.length) + "\r\n");
            write(bytes);
            write("\r\n");
        }

        void writeChunk(String text) throws IOException {
            writeChunk(text.getBytes(StandardCharsets.UTF_8));
        }

        void end() throws IOException {
            write("0\r\n\r\n");
        }
    }

    private final ServerSocket door;
    private final Script script;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong written = new AtomicLong();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch refused = new CountDownLatch(1);

    private RawUpstream(ServerSocket door, Script script) {
        this.door = door;
        this.script = script;
    }

    static RawUpstream answering(Script script) {
        try {
            var door = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
            var upstream = new RawUpstream(door, script);
            Thread.ofVirtual().start(upstream::accept);
            return upstream;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String host() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    /// How many connections were made.
    int accepted() {
        return accepted.get();
    }

    /// Bytes that the network took.
    long written() {
        return written.get();
    }

    /// Waits until a write failed because the other side had left.
    boolean awaitRefusedWrite() throws InterruptedException {
        return refused.await(20, TimeUnit.SECONDS);
    }

    private void accept() {
        try {
            while (true) {
                var socket = door.accept();
                accepted.incrementAndGet();
                socket.setTcpNoDelay(true);
                socket.setSendBufferSize(64 * 1024);
                connections.add(socket);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var wire = new Wire(socket.getOutputStream(), written);
            while (readRequest(in)) {
                script.answer(wire);
            }
        } catch (IOException gone) {
            refused.countDown();
        } finally {
            connections.remove(socket);
        }
    }

    private static boolean readRequest(InputStream in) throws IOException {
        int length = 0;
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                line.append((char) b);
                continue;
            }
            var text = line.toString().strip().toLowerCase(Locale.ROOT);
            line.setLength(0);
            if (text.isEmpty()) {
                in.skipNBytes(length);
                return true;
            }
            if (text.startsWith("content-length:")) {
                length = Integer.parseInt(text.substring(15).strip());
            }
        }
        return false;
    }

    @Override
    public void close() {
        try {
            door.close();
            for (var socket : connections) {
                socket.close();
            }
        } catch (IOException alreadyGone) {
            // closed is closed
        }
    }
}
