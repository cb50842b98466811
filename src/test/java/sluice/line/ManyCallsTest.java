package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// Many calls of every kind at once, callers that leave among them, and nothing is left behind.
class ManyCallsTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_120);
    private static final int CALLS = Integer.getInteger("calls", 10_000);
    private static final int AT_ONCE = 64;

    private static final List<String> MODELS =
            List.of(
                    "sim-normal",
                    "sim-normal",
                    "sim-normal",
                    "sim-usage-every-chunk",
                    "sim-tools",
                    "sim-gzip",
                    "sim-one-write",
                    "sim-crlf",
                    "sim-close-delimited",
                    "sim-paced;frames=6;interval=2",
                    "sim-fault",
                    "sim-rate-limited",
                    "sim-error-first",
                    "sim-error-mid",
                    "sim-cut",
                    "sim-cut-before",
                    "sim-cut-in-event",
                    "sim-reset",
                    "sim-no-done",
                    "sim-html",
                    "sim-nowhere");

    @TempDir private Path folder = Path.of("");

    @Test
    void nothingIsLeftBehind() throws Exception {
        System.out.println("ManyCallsTest seed " + SEED);
        var asked = new ConcurrentLinkedQueue<String>();
        try (var leaks = new CapturedLog("io.netty.util.ResourceLeakDetector");
                var bugs = new CapturedLog("sluice.line.ModelCalls");
                var sockets = new CapturedLog("io.vertx");
                var simulator = Simulator.start(0, Settings.standard().withRecorded(1))) {
            try (var gateway = StreamingGateway.plan(folder).with(simulator).start()) {
                makeCalls(gateway, asked);

                assertThat(asked).hasSize(CALLS);
                var lines = gateway.ledger(CALLS);
                StreamingGateway.await(
                        "all connections to close", () -> gateway.openConnections() == 0);
                simulator.recording().awaitOpenRequests(0, Duration.ofSeconds(10));
                assertThat(lines.stream().map(line -> line.path("id").asString()))
                        .containsExactlyInAnyOrderElementsOf(asked);
                assertThat(lines.stream().filter(line -> line.path("status").asInt() == 499))
                        .as("some callers left")
                        .hasSizeGreaterThan(CALLS / 100);
            }
            simulator.recording().awaitOpenConnections(0, Duration.ofSeconds(10));
            collectGarbage();
            assertThat(leaks.lines()).isEmpty();
            assertThat(bugs.lines()).isEmpty();
            assertThat(sockets.lines()).as("what peers do is no error of ours").isEmpty();
        }
    }

    private static void makeCalls(StreamingGateway gateway, Queue<String> asked)
            throws InterruptedException {
        var left = new AtomicInteger(CALLS);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    java.util.stream.IntStream.range(0, AT_ONCE)
                            .mapToObj(caller ->
                                    callers.submit(() -> {
                                        var random = new Random(SEED + caller);
                                        while (left.getAndDecrement() > 0) {
                                            asked.add(call(gateway, random));
                                        }
                                    }))
                            .toList();
            for (var caller : running) {
                try {
                    caller.get();
                } catch (java.util.concurrent.ExecutionException failed) {
                    throw new AssertionError("seed " + SEED, failed);
                }
            }
        }
    }

    private static String call(StreamingGateway gateway, Random random) {
        var model =
                (random.nextBoolean() ? "openai/" : "workspace/")
                        + MODELS.get(random.nextInt(MODELS.size()));
        var body =
                switch (random.nextInt(3)) {
                    case 0 -> Client.plain(model);
                    case 1 -> Client.stream(model);
                    default -> Client.streamWithUsage(model);
                };
        try (var client = gateway.client()) {
            var id = client.ask(body);
            switch (random.nextInt(8)) {
                case 0 -> {} // leaves at once
                case 1 -> client.readHead();
                case 2 -> client.readHead().next();
                default -> client.readHead().readRest();
            }
            return id;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Lost buffers are reported when a later one is allocated.
    static void collectGarbage() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
    }
}
