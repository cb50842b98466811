package sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The bench says "complete and in order"; here is what it takes for it to say so.
class EventReaderTest {
    private final List<Long> stamps = new ArrayList<>();

    @Test
    void aWholeStreamIsCompleteHoweverTheBytesAreCut() {
        var stream = stream(IntStream.range(0, Frames.COUNT).toArray());
        for (var size : List.of(1, 7, 300, stream.length)) {
            stamps.clear();

            var reader = read(stream, size);

            assertThat(reader.complete()).as("cut every %d bytes", size).isTrue();
            assertThat(stamps).hasSize(Frames.COUNT);
            assertThat(stamps.subList(0, 3)).containsExactly(1_000L, 1_001L, 1_002L);
            assertThat(stamps.getLast()).as("[DONE] does not say when").isEqualTo(-1);
        }
    }

    @Test
    void framesThatChangePlacesAreNoticed() {
        var order = IntStream.range(0, Frames.COUNT).toArray();
        order[4] = 5;
        order[5] = 4;

        var reader = read(stream(order), 100);

        assertThat(reader.complete()).isFalse();
        assertThat(reader.problem())
                .startsWith("frame 4 was due, got data: {")
                .contains("word 0005");
    }

    @Test
    void aFrameTwiceIsNoticed() {
        var reader = read(stream(0, 1, 1), 100);

        assertThat(reader.problem()).startsWith("frame 2 was due").contains("word 0001");
    }

    @Test
    void aStreamWithoutItsEndIsNotComplete() {
        var whole = stream(IntStream.range(0, Frames.COUNT).toArray());

        var reader = read(Arrays.copyOf(whole, whole.length - 5), 100);

        assertThat(reader.complete()).isFalse();
        assertThat(reader.problem()).isEqualTo("ended after 64 frames, SIZE");
    }

    @Test
    void aRefusalIsNotAStream() {
        var reader = read("HTTP/1.1 429 Too Many Requests\r\n\r\n".getBytes(), 100);

        assertThat(reader.problem()).isEqualTo("answered HTTP/1.1 429 Too Many Requests");
    }

    @Test
    void aBodyHasExactlyTheSizeThatWasAskedFor() {
        for (var size : List.of(512, 10 << 10, 100 << 10, 1 << 20, 10 << 20)) {
            assertThat(Body.ofSize(size, false)).hasSize(size);
        }
    }

    private EventReader read(byte[] stream, int size) {
        var reader = new EventReader();
        for (var at = 0; at < stream.length; at += size) {
            var piece = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + size));
            reader.take(piece, piece.length, stamps::add);
        }
        return reader;
    }

    private static byte[] stream(int... order) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Frames.HEAD);
        for (var index : order) {
            bytes.writeBytes(Frames.chunk(index, 1_000 + index));
        }
        return bytes.toByteArray();
    }
}
