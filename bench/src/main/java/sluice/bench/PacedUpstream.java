package sluice.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A model that speaks at a steady pace: one thread, one write per frame, thousands of streams.
///
/// What is due waits in a wheel of one slot per millisecond. A stream keeps the phase at which it
/// was asked for, so streams asked for apart do not speak at once.
final class PacedUpstream implements AutoCloseable {
    private static final int SLOTS = 64; // more than the period has milliseconds
    private static final byte[] AT_ONCE =
            """
            HTTP/1.1 200 OK\r
            Content-Type: application/json\r
            Content-Length: %d\r
            \r
            %s\
            """
                    .formatted(Body.answer().length(), Body.answer())
                    .getBytes(StandardCharsets.UTF_8);

    private static final class Talk {
        final SocketChannel socket;
        final SelectionKey key;
        final ByteArrayOutputStream asked = new ByteArrayOutputStream();
        ByteBuffer unsent = ByteBuffer.allocate(0);
        int next = Frames.COUNT;

        Talk(SocketChannel socket, SelectionKey key) {
            this.socket = socket;
            this.key = key;
        }
    }

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final List<List<Talk>> wheel = new ArrayList<>();
    private final Thread thread;
    private long millis = now();
    private volatile boolean open = true;

    PacedUpstream() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        for (var slot = 0; slot < SLOTS; slot++) {
            wheel.add(new ArrayList<>());
        }
        thread = Thread.ofPlatform().daemon().name("paced-upstream").start(this::serve);
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        open = false;
        selector.wakeup();
        try {
            thread.join(1_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void serve() {
        try {
            while (open) {
                selector.select(this::ready, 1);
                for (var now = now(); millis < now; ) {
                    speak(++millis);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.isReadable()) {
                read((Talk) key.attachment());
            }
        } catch (IOException gone) {
            leave(key);
        }
    }

    private void accept() throws IOException {
        for (var socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var key = socket.register(selector, SelectionKey.OP_READ);
            key.attach(new Talk(socket, key));
        }
    }

    private void read(Talk talk) throws IOException {
        in.clear();
        if (talk.socket.read(in) < 0) {
            leave(talk.key);
            return;
        }
        var bytes = new byte[in.flip().remaining()];
        in.get(bytes);
        talk.asked.writeBytes(bytes);
        var asked = talk.asked.toString(StandardCharsets.ISO_8859_1);
        if (!complete(asked)) {
            return;
        }
        talk.asked.reset();
        if (!asked.contains("\"stream\":true")) {
            talk.socket.write(ByteBuffer.wrap(AT_ONCE));
            return;
        }
        talk.unsent = ByteBuffer.wrap(Frames.HEAD);
        talk.next = 0;
        slot(millis + 1).add(talk);
    }

    private void speak(long at) throws IOException {
        var due = List.copyOf(slot(at));
        slot(at).clear();
        for (var talk : due) {
            try {
                speak(talk, at);
            } catch (IOException gone) {
                leave(talk.key);
            }
        }
    }

    private void speak(Talk talk, long at) throws IOException {
        if (talk.unsent.hasRemaining()) {
            talk.socket.write(talk.unsent);
        }
        if (talk.unsent.hasRemaining()) {
            slot(at + 1).add(talk); // the peer does not read; try again in a millisecond
            return;
        }
        if (talk.next < Frames.COUNT) {
            talk.unsent = ByteBuffer.wrap(Frames.chunk(talk.next++, System.nanoTime()));
            talk.socket.write(talk.unsent);
        }
        if (talk.next < Frames.COUNT || talk.unsent.hasRemaining()) {
            slot(at + Frames.PERIOD.toMillis()).add(talk);
        }
    }

    private List<Talk> slot(long at) {
        return wheel.get((int) (at % SLOTS));
    }

    private static boolean complete(String asked) {
        var head = asked.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        var fields = asked.substring(0, head + 2).toLowerCase(java.util.Locale.ROOT);
        var length = fields.indexOf("\r\ncontent-length:");
        if (length >= 0) {
            var value = fields.substring(length + 17, fields.indexOf("\r\n", length + 17)).strip();
            return asked.length() >= head + 4 + Integer.parseInt(value);
        }
        return !fields.contains("\r\ntransfer-encoding:") || asked.endsWith("0\r\n\r\n");
    }

    private static void leave(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException alreadyGone) {
            key.cancel();
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
