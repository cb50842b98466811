package sluice.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/// Opens many streams, evenly over a while, and listens to all of them from one thread until each
/// has ended.
final class PacedLoad {
    /// `delays` is sorted: nanoseconds from the upstream's write of a frame to its arrival here.
    record Seen(int streams, int complete, long[] delays, int frames, String problem) {
        double delayMicros(double percentile) {
            if (delays.length == 0) {
                return Double.NaN;
            }
            var rank = (int) Math.ceil(delays.length * percentile / 100) - 1;
            return delays[Math.max(0, rank)] / 1e3;
        }
    }

    private final int port;
    private final int streams;
    private final byte[] body = Body.ofSize(512, true);
    private final byte[] bytes = new byte[64 * 1024];
    private final ByteBuffer in = ByteBuffer.allocateDirect(bytes.length);
    private final long[] delays;
    private int stamped;
    private int frames;
    private int open;
    private int complete;
    private String problem = "";

    private PacedLoad(int port, int streams) {
        this.port = port;
        this.streams = streams;
        this.delays = new long[streams * Frames.COUNT];
    }

    static Seen run(int port, int streams, Duration opening) throws IOException {
        return new PacedLoad(port, streams).run(opening);
    }

    private Seen run(Duration opening) throws IOException {
        var start = System.nanoTime();
        var gap = opening.toNanos() / streams;
        var talking = Frames.PERIOD.multipliedBy(Frames.COUNT);
        var deadline = start + opening.plus(talking).plusSeconds(10).toNanos();
        var opened = 0;
        try (var selector = Selector.open()) {
            while (opened < streams || open > 0) {
                var now = System.nanoTime();
                if (now > deadline) {
                    problem = open + " streams had not ended in time";
                    break;
                }
                while (opened < streams && now >= start + opened * gap) {
                    open(selector);
                    opened++;
                }
                selector.select(this::ready, opened < streams ? 1 : 100);
            }
            for (var key : selector.keys()) {
                key.channel().close();
            }
        }
        var sorted = Arrays.copyOf(delays, stamped);
        Arrays.sort(sorted);
        return new Seen(streams, complete, sorted, frames, problem);
    }

    private void open(Selector selector) throws IOException {
        var socket = SocketChannel.open();
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.register(selector, SelectionKey.OP_CONNECT, new EventReader());
        open++;
    }

    private void ready(SelectionKey key) {
        var reader = (EventReader) key.attachment();
        try {
            if (key.isConnectable()) {
                ask(key);
            } else if (!read(key, reader)) {
                end(key, reader.problem(), reader.complete());
            }
        } catch (IOException broken) {
            end(key, broken.getMessage() + ", " + reader.problem(), false);
        }
    }

    private void ask(SelectionKey key) throws IOException {
        var socket = (SocketChannel) key.channel();
        socket.finishConnect();
        var head = Call.head(port, body.length, Call.KEY, "keep-alive");
        var call = ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
        socket.write(call);
        if (call.hasRemaining()) {
            throw new IOException("a new connection took less than " + call.limit() + " bytes");
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /// False when there is nothing more to read.
    private boolean read(SelectionKey key, EventReader reader) throws IOException {
        in.clear();
        var count = ((SocketChannel) key.channel()).read(in);
        if (count < 0) {
            return false;
        }
        var now = System.nanoTime();
        in.flip().get(bytes, 0, count);
        reader.take(bytes, count, writtenAt -> heard(now, writtenAt));
        return !reader.finished();
    }

    private void heard(long now, long writtenAt) {
        frames++;
        if (writtenAt >= 0) {
            delays[stamped++] = now - writtenAt;
        }
    }

    private void end(SelectionKey key, String why, boolean whole) {
        open--;
        if (whole) {
            complete++;
        } else if (problem.isEmpty()) {
            problem = why;
        }
        try {
            key.channel().close();
        } catch (IOException alreadyGone) {
            key.cancel();
        }
    }
}
