package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A caller that reads slowly slows the provider down; nothing piles up between them.
class BackPressureTest {
    private static final int EVENTS = 12_800;
    private static final int EVENT_BYTES = 16 * 1024;

    /// What the four socket buffers on the way may hold by the system's own choice, and a little of ours.
    private static final long ON_THE_WAY = 16 << 20;

    @TempDir private Path folder = Path.of("");

    @Test
    void aCallerThatDoesNotReadHoldsTheProviderBack() throws Exception {
        try (var upstream = RawUpstream.answering(BackPressureTest::flood);
                var gateway = StreamingGateway.plan(folder).with(upstream).start();
                var client = new Client(gateway.port(), 64 * 1024)) {
            var id = client.ask(Client.stream("m"));
            var reply = client.readHead();

            long stood = awaitStandstill(upstream);

            assertThat(stood).isLessThan(ON_THE_WAY);
            readAllInOrder(reply);
            assertThat(gateway.ledgerOf(id).path("failure").isNull()).isTrue();
        }
    }

    private static void flood(RawUpstream.Wire wire) throws java.io.IOException {
        wire.write(RawUpstream.STREAM_HEAD);
        for (int i = 0; i < EVENTS; i++) {
            wire.writeChunk(event(i));
        }
        wire.writeChunk(
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        wire.end();
    }

    private static String event(int number) {
        var head =
                "data: {\"n\":\"%08d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                        .formatted(number);
        return head + "x".repeat(EVENT_BYTES - head.length() - 7) + "\"}}]}\n\n";
    }

    /// Waits until the provider has not been able to write for a while, and gives what it had written.
    private static long awaitStandstill(RawUpstream upstream) {
        long written = -1;
        while (written < 0 || written != upstream.written()) {
            written = upstream.written();
            LockSupport.parkNanos(400_000_000);
        }
        return written;
    }

    private static void readAllInOrder(Client.Reply reply) throws java.io.IOException {
        var all = new java.io.ByteArrayOutputStream();
        int next = 0;
        for (var part = reply.next(); part != null; part = reply.next()) {
            all.writeBytes(part);
            if (all.size() >= EVENT_BYTES) {
                byte[] bytes = all.toByteArray();
                all.reset();
                int at = 0;
                for (; bytes.length - at >= EVENT_BYTES && next < EVENTS; at += EVENT_BYTES) {
                    var number = new String(bytes, at + 12, 8, StandardCharsets.US_ASCII);
                    assertThat(Integer.parseInt(number)).isEqualTo(next++);
                }
                all.write(bytes, at, bytes.length - at);
            }
        }
        assertThat(next).isEqualTo(EVENTS);
        assertThat(all.toString(StandardCharsets.US_ASCII)).endsWith("data: [DONE]\n\n");
    }

    @Test
    void aCallerThatNeverReadsIsDroppedAndTheProviderWithIt() throws Exception {
        try (var upstream = RawUpstream.answering(BackPressureTest::flood);
                var gateway =
                        StreamingGateway.plan(folder)
                                .callersIdle(Duration.ofMillis(700))
                                .with(upstream)
                                .start();
                var client = new Client(gateway.port(), 64 * 1024)) {
            var id = client.ask(Client.stream("m"));
            client.readHead();

            assertThat(upstream.awaitRefusedWrite()).as("the provider is cut off").isTrue();

            var line = gateway.ledgerOf(id);
            assertThat(line.path("status").asInt()).isEqualTo(499);
            assertThat(line.path("failure").asString("")).isEqualTo("caller_gone");
            assertThat(line.at("/tokens/output").asInt()).isPositive();
            StreamingGateway.await("the connection to close", () -> gateway.openConnections() == 0);
        }
    }

    @Test
    void anAnswerThatNobodyTakesIsDroppedToo() throws Exception {
        try (var upstream = RawUpstream.answering(BackPressureTest::largeCompletion);
                var gateway =
                        StreamingGateway.plan(folder)
                                .callersIdle(Duration.ofMillis(700))
                                .with(upstream)
                                .start();
                var client = new Client(gateway.port(), 64 * 1024)) {
            client.ask(Client.plain("m"));
            client.readHead();

            StreamingGateway.await("the connection to close", () -> gateway.openConnections() == 0);
        }
    }

    @Test
    void anAnswerThatIsTakenSlowlyIsTakenWhole() throws Exception {
        var idle = Duration.ofMillis(700);
        try (var upstream = RawUpstream.answering(BackPressureTest::largeCompletion);
                var gateway =
                        StreamingGateway.plan(folder).callersIdle(idle).with(upstream).start();
                var client = new Client(gateway.port(), 64 * 1024)) {
            client.ask(Client.plain("m"));
            var reply = client.readHead();

            long read = 0;
            for (int part = 0; part < 10; part++) {
                read += client.read(2 << 20);
                LockSupport.parkNanos(idle.dividedBy(4).toNanos()); // a slow reader
            }
            while (read < reply.length()) {
                read += client.read((int) Math.min(2 << 20, reply.length() - read));
            }
            assertThat(read).isEqualTo(reply.length());
        }
    }

    private static void largeCompletion(RawUpstream.Wire wire) throws java.io.IOException {
        var text = "x".repeat(40 << 20);
        var body = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + text + "\"}}]}";
        wire.write(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n");
        wire.write(body);
    }

    @Test
    void noBufferIsLostWithACallThatWasHeldBack() throws Exception {
        try (var leaks = new CapturedLog("io.netty.util.ResourceLeakDetector")) {
            try (var upstream = RawUpstream.answering(BackPressureTest::flood);
                    var gateway = StreamingGateway.plan(folder).with(upstream).start()) {
                for (int i = 0; i < 3; i++) {
                    String id;
                    try (var client = new Client(gateway.port(), 64 * 1024)) {
                        id = client.ask(Client.stream("m"));
                        client.readHead();
                        awaitStandstill(upstream);
                    }
                    gateway.ledgerOf(id);
                }
            }
            ManyCallsTest.collectGarbage();
            assertThat(leaks.lines()).isEmpty();
        }
    }

    @Test
    void aPauseOfTheCallerIsNoSilenceOfTheProvider() throws Exception {
        var idle = Duration.ofMillis(600);
        try (var upstream = RawUpstream.answering(BackPressureTest::flood);
                var gateway =
                        StreamingGateway.plan(folder)
                                .deadlines(Duration.ofSeconds(40), Duration.ofSeconds(5), idle)
                                .with(upstream)
                                .start();
                var client = new Client(gateway.port(), 64 * 1024)) {
            var id = client.ask(Client.stream("m"));
            var reply = client.readHead();
            awaitStandstill(upstream);
            LockSupport.parkNanos(idle.multipliedBy(2).toNanos()); // the pause that this is about

            readAllInOrder(reply);
            assertThat(gateway.ledgerOf(id).path("failure").isNull()).isTrue();
        }
    }
}
