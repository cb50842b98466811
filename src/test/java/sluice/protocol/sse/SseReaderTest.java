package sluice.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Bytes;

class SseReaderTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_120);
    private static final int ROUNDS = 3_000;
    private static final int LIMIT = 16 << 20;

    private static final List<List<String>> LINE_ENDS =
            List.of(List.of("\n"), List.of("\r\n"), List.of("\r"), List.of("\n", "\r\n", "\r"));

    /// What a reader made of some reads.
    private record Reading(List<String> data, Bytes raw, boolean atBoundary) {}

    @Test
    void theEventsAreTheSameHoweverTheReadsFall() throws EventTooLarge {
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(SEED + round);
            var stream = Stream.drawn(random, 1 + random.nextInt(6), style(round));
            var reading = read(cutByChance(stream.bytes(), random));

            assertThat(reading.data()).as("seed %d", SEED + round).isEqualTo(stream.data());
            assertThat(reading.raw()).as("seed %d", SEED + round).isEqualTo(stream.bytes());
            assertThat(reading.atBoundary()).as("seed %d", SEED + round).isTrue();
        }
    }

    @Test
    void aCutAtAnyPlaceChangesNothing() throws EventTooLarge {
        for (int round = 0; round < 40; round++) {
            var stream = Stream.drawn(new Random(SEED + round), 3, style(round));
            for (int cut = 0; cut <= stream.bytes().length(); cut++) {
                var reading =
                        read(
                                List.of(
                                        stream.bytes().slice(0, cut),
                                        stream.bytes().slice(cut, stream.bytes().length())));

                assertThat(reading.data())
                        .as("seed %d, cut at %d", SEED + round, cut)
                        .isEqualTo(stream.data());
                assertThat(reading.raw()).isEqualTo(stream.bytes());
            }
        }
    }

    private static List<String> style(int round) {
        return LINE_ENDS.get(round % LINE_ENDS.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anEventIsGivenAsSoonAsItsLastByteCame(String lineEnd) throws EventTooLarge {
        var reader = new SseReader(LIMIT);
        for (int i = 0; i < 3; i++) {
            var event = Bytes.utf8("data: " + i + lineEnd + lineEnd);
            for (int at = 0; at < event.length() - 1; at++) {
                assertThat(reader.read(event.slice(at, at + 1))).isEmpty();
            }
            var last = reader.read(event.slice(event.length() - 1, event.length()));

            assertThat(last).extracting(SseEvent::raw).containsExactly(event);
            assertThat(reader.atBoundary()).isTrue();
        }
    }

    @Test
    void aLineFeedThatComesLateBelongsToTheLineEndBeforeIt() throws EventTooLarge {
        var reader = new SseReader(LIMIT);

        assertThat(reader.read(Bytes.utf8("data: a\r\r"))).hasSize(1);
        assertThat(reader.read(Bytes.utf8("\n"))).isEmpty();
        assertThat(reader.atBoundary()).isTrue();
        assertThat(reader.read(Bytes.utf8("data: b\r\n\r\n")))
                .extracting(event -> event.data().utf8())
                .containsExactly("b");
    }

    @Test
    void aCommentIsAnEventWithoutData() throws EventTooLarge {
        var reading = read(List.of(Bytes.utf8(": ping\n\n\ndata: x\n\n")));

        assertThat(reading.data()).containsExactly("", "", "x");
    }

    @Test
    void whatIsHalfReadIsNoBoundary() throws EventTooLarge {
        for (var half : List.of("d", "data: x", "data: x\n", "data: x\r\n\r", ": ping\n")) {
            assertThat(read(List.of(Bytes.utf8(half))).atBoundary()).as(half).isFalse();
        }
    }

    @Test
    void anEventThatLiesInOneReadIsNotCopied() throws EventTooLarge {
        var read = Bytes.utf8("data: x\n\n");

        assertThat(new SseReader(LIMIT).read(read).getFirst().data().array())
                .isSameAs(read.array());
    }

    @Test
    void eventsGivenEarlierStayAsTheyWere() throws EventTooLarge {
        var reader = new SseReader(LIMIT);
        reader.read(Bytes.utf8("data: fir"));
        var first = reader.read(Bytes.utf8("st\n\ndata: sec")).getFirst();
        reader.read(Bytes.utf8("ond\n\ndata: third, which is longer\n\n"));

        assertThat(first.raw().utf8()).isEqualTo("data: first\n\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1024})
    void anEventOfSixteenMegabytesInSmallReadsTakesLinearTime(int read) {
        var event = new byte[LIMIT];
        Arrays.fill(event, (byte) 'x');
        System.arraycopy("data: ".getBytes(StandardCharsets.UTF_8), 0, event, 0, 6);
        event[LIMIT - 2] = '\n';
        event[LIMIT - 1] = '\n';

        var events =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(10),
                        () -> {
                            var reader = new SseReader(LIMIT);
                            var all = new ArrayList<SseEvent>();
                            for (int at = 0; at < LIMIT; at += read) {
                                int to = Math.min(at + read, LIMIT);
                                all.addAll(reader.read(Bytes.of(event, at, to)));
                            }
                            return all;
                        });

        assertThat(events).hasSize(1);
        assertThat(events.getFirst().raw()).isEqualTo(Bytes.of(event));
    }

    /// What is much is done off the loop: each time costs a way there and back, and perhaps a wait.
    @Test
    void aLargeEventIsNotWorkedAtAgainForEachOfItsParts() throws EventTooLarge {
        var reader = new SseReader(16 << 20);
        var event = Bytes.utf8("data: " + "x".repeat(8 << 20) + "\n\n");
        int part = 16 << 10;
        long worked = 0;
        int large = 0;
        int last = 0;
        var events = new ArrayList<SseEvent>();
        for (int from = 0; from < event.length(); from += part) {
            var read = event.slice(from, Math.min(event.length(), from + part));
            last = reader.toWorkAt(read);
            worked += last;
            large += last > 256 << 10 ? 1 : 0;
            events.addAll(reader.read(read));
        }

        assertThat(events).hasSize(1);
        assertThat(last).isEqualTo(event.length());
        assertThat(large).isLessThan(10);
        assertThat(worked).isLessThan(5L * event.length());
    }

    @Test
    void manyLinesInManyReadsTakeLinearTime() {
        var event = Bytes.utf8("data: x\n".repeat(200_000) + "\n");

        var events =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(10), () -> read(inReadsOf(event, 64)).data());

        assertThat(events).hasSize(1);
        assertThat(events.getFirst()).hasSize(400_000 - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 64, 1000})
    void theLimitHoldsForEachEventHoweverTheReadsFall(int read) throws EventTooLarge {
        var fits = "data: 34567890\n\n"; // 16 bytes
        var stream = Bytes.utf8(fits.repeat(20));
        var reader = new SseReader(16);
        int events = 0;
        for (var part : inReadsOf(stream, read)) {
            events += reader.read(part).size();
        }
        assertThat(events).isEqualTo(20);

        var larger = inReadsOf(Bytes.utf8(fits + "data: 345678901\n\n"), read);
        assertThatThrownBy(
                        () -> {
                            var strict = new SseReader(16);
                            for (var part : larger) {
                                strict.read(part);
                            }
                        })
                .isInstanceOf(EventTooLarge.class)
                .hasMessageContaining("16 bytes");
    }

    private static Reading read(List<Bytes> reads) throws EventTooLarge {
        var reader = new SseReader(LIMIT);
        var data = new ArrayList<String>();
        var raw = new ByteArrayOutputStream();
        for (var read : reads) {
            for (var event : reader.read(read)) {
                data.add(event.data().utf8());
                raw.writeBytes(event.raw().copy());
            }
        }
        return new Reading(data, Bytes.of(raw.toByteArray()), reader.atBoundary());
    }

    private static List<Bytes> inReadsOf(Bytes all, int size) {
        var reads = new ArrayList<Bytes>();
        for (int at = 0; at < all.length(); at += size) {
            reads.add(all.slice(at, Math.min(at + size, all.length())));
        }
        return reads;
    }

    /// Reads as a socket gives them: arrays of their own, sometimes of a byte, sometimes of all.
    private static List<Bytes> cutByChance(Bytes all, Random random) {
        var reads = new ArrayList<Bytes>();
        int longest = 1 << random.nextInt(8);
        for (int at = 0; at < all.length(); ) {
            int to = Math.min(all.length(), at + 1 + random.nextInt(longest));
            reads.add(Bytes.of(all.slice(at, to).copy()));
            at = to;
        }
        return reads;
    }
}
