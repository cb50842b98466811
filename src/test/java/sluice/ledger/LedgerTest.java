package sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.call.Attempt;
import sluice.call.CallId;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.ModelPatterns;
import sluice.call.Money;
import sluice.call.Principal;
import sluice.call.Timings;
import sluice.call.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LedgerTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Clock NOON =
            Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
    private static final long LARGE = 1 << 30;

    @TempDir private Path folder = Path.of("");

    @Test
    void aLineSaysWhatHappened() {
        try (var ledger = ledger(LedgerFile.at(file(), LARGE, 2))) {
            try (var entry = open(ledger, "req-1")) {
                entry.caller(Principal.key("notebooks", ModelPatterns.NOTHING));
                entry.asked("m \"\ud800\" \n", true);
                entry.resolved(new ModelName("t", "m"));
                entry.attempt();
                entry.used(new Usage(3, 2, 0, 0, 3, 1), true);
                entry.cost(new Money(153_000));
                entry.failed(new Failure.Rejected("t", 400, "quotes the prompt", "a", "b", "c"));
                entry.answered(400, 10, 20);
            }
        }

        var line = JSON.readTree(lines(file()).getFirst());
        assertThat(line.propertyNames())
                .containsExactlyInAnyOrder(
                        "time",
                        "id",
                        "operation",
                        "key",
                        "asked",
                        "resolved",
                        "stream",
                        "status",
                        "failure",
                        "failed_target",
                        "attempt",
                        "micros",
                        "tokens",
                        "cost_usd",
                        "bytes");
        assertThat(line.path("time").asString()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(line.path("id").asString()).isEqualTo("req-1");
        assertThat(line.path("key").asString()).isEqualTo("notebooks");
        assertThat(line.path("resolved").asString()).isEqualTo("t/m");
        assertThat(line.path("stream").asBoolean()).isTrue();
        assertThat(line.path("status").asInt()).isEqualTo(400);
        assertThat(line.path("failure").asString()).isEqualTo("rejected");
        assertThat(line.path("failed_target").asString()).isEqualTo("t");
        assertThat(line.path("tokens").toString())
                .isEqualTo(
                        "{\"input\":5,\"cache_read\":2,\"cache_write\":0,\"output\":3,\"reasoning\":1,\"estimated\":true}");
        assertThat(line.path("cost_usd").asString()).isEqualTo("0.000153");
        assertThat(line.at("/micros/total").isIntegralNumber()).isTrue();
        assertThat(line.path("bytes").toString()).isEqualTo("{\"in\":10,\"out\":20}");
        assertThat(line.toString()).doesNotContain("quotes the prompt");
    }

    /// What was used on the way is not lost: the lines add up to what the call cost.
    @Test
    void everyAttemptHasItsLineAndWhatItUsed() {
        try (var ledger = ledger(LedgerFile.at(file(), LARGE, 2))) {
            try (var entry = open(ledger, "req-1")) {
                entry.caller(Principal.key("notebooks", ModelPatterns.NOTHING));
                entry.asked("assistant", false);
                entry.attempt();
                entry.used(Usage.of(3, 4), false);
                entry.cost(new Money(2_000));
                entry.failed(
                        new Attempt(
                                1,
                                new ModelName("a", "m"),
                                new Failure.ProtocolError("a", "quotes the prompt"),
                                5_000_000,
                                "fallback",
                                "broken protocol"));
                entry.resolved(new ModelName("b", "m"));
                entry.attempt();
                entry.answered(504, 10, 20);
            }
        }

        var lines = lines(file()).stream().map(JSON::readTree).toList();
        assertThat(lines).hasSize(2);
        var attempt = lines.getFirst();
        assertThat(attempt.path("line").asString()).isEqualTo("attempt");
        assertThat(attempt.path("id").asString()).isEqualTo("req-1");
        assertThat(attempt.path("key").asString()).isEqualTo("notebooks");
        assertThat(attempt.path("resolved").asString()).isEqualTo("a/m");
        assertThat(attempt.path("failure").asString()).isEqualTo("protocol_error");
        assertThat(attempt.path("next").asString()).isEqualTo("fallback");
        assertThat(attempt.path("why").asString()).isEqualTo("broken protocol");
        assertThat(attempt.at("/micros/total").asInt()).isEqualTo(5_000);
        assertThat(attempt.at("/tokens/output").asInt()).isEqualTo(4);
        assertThat(attempt.path("cost_usd").asString()).isEqualTo("0.000002");
        var call = lines.getLast();
        assertThat(call.path("attempt").asInt()).isEqualTo(2);
        assertThat(call.has("tokens")).isFalse();
        assertThat(call.path("cost_usd").isNull()).isTrue();
        assertThat(lines.toString()).doesNotContain("quotes the prompt");
    }

    @Test
    void aLineOfACallThatNeverGotFarIsWholeToo() {
        try (var ledger = ledger(LedgerFile.at(file(), LARGE, 2));
                var entry = open(ledger, "req-1")) {
            entry.failed(new Failure.CallerGone());
            entry.answered(0, 0, 0);
        }

        var line = JSON.readTree(lines(file()).getFirst());
        assertThat(line.path("status").asInt()).isEqualTo(499);
        assertThat(line.path("failure").asString()).isEqualTo("caller_gone");
        assertThat(line.path("key").isNull()).isTrue();
        assertThat(line.has("tokens")).isFalse();
        assertThat(line.path("cost_usd").isNull()).isTrue();
    }

    @Test
    void nothingIsLostUnderManyWritersWhenTheyMayWait() throws InterruptedException {
        var ledger = Ledger.start(LedgerFile.at(file(), LARGE, 2), 16, Ledger.WhenFull.BLOCK, NOON);
        var writers =
                IntStream.range(0, 8)
                        .mapToObj(writer ->
                                Thread.ofVirtual()
                                        .start(() -> {
                                            for (int i = 0; i < 1_000; i++) {
                                                open(ledger, writer + "-" + i).close();
                                            }
                                        }))
                        .toList();
        for (var writer : writers) {
            writer.join();
        }
        ledger.close();

        assertThat(ledger.dropped()).isZero();
        var ids = new HashSet<>(ids(lines(file())));
        assertThat(ids).hasSize(8_000);
        assertThat(lines(file())).hasSize(8_000);
    }

    @Test
    void aFullQueueDropsAndCountsWhenSoChosen() throws Exception {
        var pipe = pipe(); // opening it waits for a reader, so the writer stands still
        var reading = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var ledger =
                Ledger.start(
                        LedgerFile.at(pipe, LARGE, 2), 50, Ledger.WhenFull.DROP_AND_COUNT, NOON);
        int opened = 0;
        while (ledger.dropped() < 10) {
            open(ledger, "req-" + opened++).close();
        }
        long dropped = ledger.dropped();

        assertThat(opened).isGreaterThan(50);
        var written = new ArrayList<String>();
        var in = Channels.newInputStream(reading);
        var reader =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            var lines =
                                    new java.util.Scanner(
                                            in, java.nio.charset.StandardCharsets.UTF_8);
                            while (lines.hasNextLine()) {
                                var line = lines.nextLine();
                                synchronized (written) {
                                    written.add(line);
                                }
                            }
                        });
        ledger.close();
        long kept = opened - dropped;
        await(() -> {
            synchronized (written) {
                return written.size() == kept;
            }
        });
        assertThat(ledger.dropped()).isEqualTo(dropped);
        reader.interrupt();
    }

    @Test
    void aFullQueueMakesCallsWaitWhenSoChosen() throws Exception {
        var pipe = pipe();
        var reading = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var ledger = Ledger.start(LedgerFile.at(pipe, LARGE, 2), 50, Ledger.WhenFull.BLOCK, NOON);
        int calls = 2_000; // more than the pipe and the queue hold
        var caller =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < calls; i++) {
                                open(ledger, "req-" + i).close();
                            }
                        });
        await(() -> caller.getState() == Thread.State.TIMED_WAITING);
        assertThat(ledger.dropped()).isZero();

        var lines =
                new java.util.Scanner(
                        Channels.newInputStream(reading), java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < calls; i++) {
            assertThat(JSON.readTree(lines.nextLine()).path("id").asString()).isEqualTo("req-" + i);
        }
        caller.join();
        ledger.close();
        assertThat(ledger.dropped()).isZero();
    }

    /// More entries than the pipe, the buffers before it and the queue can hold, all opened while there was room.
    private static void fill(Ledger ledger) throws InterruptedException {
        var running =
                IntStream.range(0, 2_000).mapToObj(i -> open(ledger, "running-" + i)).toList();
        var ending = Thread.ofPlatform().daemon().start(() -> running.forEach(Entry::close));
        assertThat(ending.join(Duration.ofSeconds(10))).as("no call waits at its end").isTrue();
    }

    private static Thread held(Ledger ledger) {
        var held = Thread.ofVirtual().start(() -> open(ledger, "held").close());
        await(() -> held.getState() == Thread.State.TIMED_WAITING);
        return held;
    }

    @Test
    void aFullQueueHoldsCallsBeforeTheyBeginAndNoneAtItsEnd() throws Exception {
        var pipe = pipe();
        try (var reading =
                FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var ledger =
                    Ledger.start(LedgerFile.at(pipe, LARGE, 2), 50, Ledger.WhenFull.BLOCK, NOON);
            fill(ledger);
            var held = held(ledger);

            var lines =
                    new java.util.Scanner(
                            Channels.newInputStream(reading),
                            java.nio.charset.StandardCharsets.UTF_8);
            for (int i = 0; i < 2_000; i++) {
                assertThat(tree(lines.nextLine()).path("id").asString()).isEqualTo("running-" + i);
            }
            assertThat(tree(lines.nextLine()).path("id").asString()).isEqualTo("held");
            held.join();
            ledger.close();
            assertThat(ledger.dropped()).isZero();
        }
    }

    @Test
    void closingEndsThoughTheFileTakesNothingAndLetsGoWhatIsHeld() throws Exception {
        var pipe = pipe();
        try (var _ = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var ledger =
                    Ledger.start(
                            LedgerFile.at(pipe, LARGE, 2),
                            50,
                            Ledger.WhenFull.BLOCK,
                            NOON,
                            Duration.ofMillis(100));
            fill(ledger);
            var held = held(ledger);

            var closing = Thread.ofPlatform().daemon().start(ledger::close);

            assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
            assertThat(held.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void closingWritesEverything() {
        try (var ledger = ledger(LedgerFile.at(file(), LARGE, 2))) {
            for (int i = 0; i < 5_000; i++) {
                open(ledger, "req-" + i).close();
            }
        }

        assertThat(lines(file())).hasSize(5_000);
    }

    @Test
    void aFullFileIsSetAsideAndTheOldestIsForgotten() {
        int lineBytes = lineBytes();
        try (var ledger = ledger(LedgerFile.at(file(), 10L * lineBytes, 3))) {
            for (int i = 0; i < 45; i++) {
                open(ledger, "req-" + (100 + i)).close();
            }
        }

        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("ledger", "ledger.1", "ledger.2");
        var kept = new ArrayList<String>();
        for (var name : List.of("ledger.2", "ledger.1", "ledger")) {
            var path = folder.resolve(name);
            assertThat(path.toFile().length()).isLessThanOrEqualTo(10L * lineBytes);
            kept.addAll(ids(lines(path)));
        }
        assertThat(kept)
                .isEqualTo(
                        IntStream.range(145 - kept.size(), 145).mapToObj(i -> "req-" + i).toList());
        assertThat(kept.size()).isBetween(20, 30);
    }

    /// A line with the longest numbers that the lines of these tests have.
    private int lineBytes() {
        var probe = folder.resolveSibling(folder.getFileName() + "-probe");
        try (var ledger = ledger(LedgerFile.at(probe, LARGE, 2))) {
            open(ledger, "req-100").close();
        }
        return (int) probe.toFile().length() + 4;
    }

    @Test
    void oneFileAloneIsBoundToo() {
        try (var ledger = ledger(LedgerFile.at(file(), 1_000, 1))) {
            for (int i = 0; i < 50; i++) {
                open(ledger, "req-" + i).close();
            }
        }

        assertThat(folder.toFile().list()).containsExactly("ledger");
        assertThat(file().toFile().length()).isLessThanOrEqualTo(1_000);
        assertThat(ids(lines(file()))).last().isEqualTo("req-49");
    }

    @Test
    void anExistingFileIsContinued() {
        for (var id : List.of("first", "second")) {
            try (var ledger = ledger(LedgerFile.at(file(), LARGE, 2))) {
                open(ledger, id).close();
            }
        }

        assertThat(ids(lines(file()))).containsExactly("first", "second");
    }

    @Test
    void aFullDiskLosesAndCountsEveryLineAndIsTriedAgain() throws IOException {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        var ledger = ledger(LedgerFile.at(file(), LARGE, 2));
        for (int i = 0; i < 40; i++) {
            open(ledger, "lost-" + i).close();
        }
        await(() -> ledger.dropped() == 40);

        Files.delete(file());
        open(ledger, "kept").close();
        ledger.close();

        assertThat(ledger.dropped()).isEqualTo(40);
        assertThat(ids(lines(file()))).containsExactly("kept");
    }

    @Test
    void aLineBehindATornOneIsWhole() throws IOException {
        Files.writeString(file(), "{\"id\":\"torn");
        try (var ledger = ledger(LedgerFile.at(file(), LARGE, 2))) {
            open(ledger, "whole").close();
        }

        assertThat(JSON.readTree(lines(file()).getLast()).path("id").asString()).isEqualTo("whole");
    }

    @Test
    void aFileThatCannotBeOpenedIsSaidAtTheStart() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> LedgerFile.at(folder.resolve("file/ledger"), LARGE, 2))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("ledger.path");
    }

    private Path file() {
        return folder.resolve("ledger");
    }

    private Path pipe() throws Exception {
        // A writer that nobody reads is still at it when the test is over, so this folder goes with
        // the process.
        var itsOwn = Files.createTempDirectory("ledger-pipe");
        itsOwn.toFile().deleteOnExit();
        var pipe = itsOwn.resolve("pipe");
        pipe.toFile().deleteOnExit();
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    private static Ledger ledger(LedgerFile file) {
        return Ledger.start(file, 100_000, Ledger.WhenFull.BLOCK, NOON);
    }

    private static Entry open(Ledger ledger, String id) {
        return ledger.open(new CallId(id), "chat", new Timings(System.nanoTime()));
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> ids(List<String> lines) {
        return lines.stream()
                .map(LedgerTest::tree)
                .map(line -> line.path("id").asString())
                .toList();
    }

    private static JsonNode tree(String line) {
        return JSON.readTree(line);
    }

    private static void await(BooleanSupplier isSo) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("ten seconds").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
