package sluice.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One file of the journal: what was written is found again, and nothing else is.
class JournalSegmentTest {
    @TempDir private Path directory;

    @Test
    void whatManyWriteAtOnceIsReadWhole() throws Exception {
        var segment = JournalSegment.create(directory, 3);
        var written = new ConcurrentHashMap<Integer, String>();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            var random = new Random(t);
            int writer = t;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; true; i++) {
                                    var text =
                                            (writer + "/" + i + "/").repeat(1 + random.nextInt(90));
                                    var bytes = text.getBytes(UTF_8);
                                    int at = segment.append(bytes, bytes.length);
                                    if (at < 0) {
                                        return;
                                    }
                                    written.put(at, text);
                                }
                            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(segment.isFull()).isTrue();
        assertThat(read(segment)).isEqualTo(new TreeMap<>(written));
        segment.force();
        assertThat(segment.forced()).isEqualTo(JournalSegment.BYTES);
        segment.close();

        var again = JournalSegment.open(directory.resolve(JournalSegment.name(3)), 3);
        assertThat(read(again)).isEqualTo(new TreeMap<>(written));
        assertThat(again.append(new byte[1], 1)).isNegative();
        again.delete();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aRecordMayEndWhereTheSegmentEnds() throws IOException {
        var segment = JournalSegment.create(directory, 1);
        int left = JournalSegment.BYTES - segment.begin();
        while (left > 0) {
            int room = left > 700_000 ? 600_000 : left;
            assertThat(segment.append(new byte[room - 8], room - 8)).isPositive();
            left -= room;
        }
        assertThat(segment.append(new byte[1], 1)).isNegative();
        assertThat(segment.isOver(JournalSegment.BYTES)).isTrue();
        assertThat(segment.isOver(JournalSegment.BYTES - 8)).isFalse();
        int at = segment.begin();
        for (var record = segment.read(at); record.length > 0; record = segment.read(at)) {
            at = segment.after(at, record);
        }
        assertThat(at).isEqualTo(JournalSegment.BYTES);
        segment.close();
    }

    @Test
    void aWriterWhoFindsNoRoomLeavesTheEnd() throws IOException {
        var segment = JournalSegment.create(directory, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(segment.append(new byte[1_000_000], 1_000_000)).isPositive();
        }
        assertThat(segment.append(new byte[1_000_000], 1_000_000)).isNegative();
        assertThat(segment.append(new byte[8], 8)).as("nobody comes after").isNegative();
        assertThat(segment.isOver(segment.begin() + 4 * 1_000_008)).isTrue();
        assertThat(segment.isOver(segment.begin() + 4 * 1_000_008 - 8)).isFalse();
        segment.close();
    }

    /// A copy of the file with bytes as a writer leaves them that was killed before it was done.
    @Test
    void aHoleIsSteppedOver() throws IOException {
        var segment = JournalSegment.create(directory, 1);
        var places = new ArrayList<Integer>();
        for (int i = 0; i < 5; i++) {
            places.add(segment.append(("record " + i).getBytes(UTF_8), 8));
        }
        segment.close();
        var file = directory.resolve(JournalSegment.name(1));
        for (int killed : List.of(0, 2, 4)) {
            var bytes = Files.readAllBytes(file);
            bytes[places.get(killed)] = 0; // its length comes last
            var copy = Files.write(directory.resolve("copy-" + killed), bytes);
            var left = JournalSegment.open(copy, 1);
            var expected = new TreeMap<Integer, String>();
            for (int i = 0; i < 5; i++) {
                if (i != killed) {
                    expected.put(places.get(i), "record " + i);
                }
            }
            assertThat(read(left)).isEqualTo(expected);
            assertThat(left.isDamaged(places.get(killed))).isFalse();
            left.close();
        }
    }

    @Test
    void whateverByteIsFlippedNoOtherRecordIsRead() throws IOException {
        var segment = JournalSegment.create(directory, 1);
        var written = new TreeMap<Integer, String>();
        var random = new Random(7);
        for (int i = 0; i < 12; i++) {
            var text = "a record of some length ".repeat(1 + random.nextInt(4)) + i;
            written.put(segment.append(text.getBytes(UTF_8), text.length()), text);
        }
        segment.close();
        var file = directory.resolve(JournalSegment.name(1));
        var bytes = Files.readAllBytes(file);
        int end = written.lastKey() + 110;
        for (int i = 0; i < 150; i++) {
            int at = segment.begin() + random.nextInt(end - segment.begin());
            byte flip = (byte) (1 << random.nextInt(8));
            bytes[at] ^= flip;
            var copy = JournalSegment.open(Files.write(directory.resolve("copy"), bytes), 1);
            var read = read(copy);
            assertThat(written.entrySet()).as("byte " + at).containsAll(read.entrySet());
            assertThat(read.size()).isGreaterThanOrEqualTo(written.size() - 1);
            copy.close();
            bytes[at] ^= flip;
        }
    }

    @Test
    void aSegmentIsNoneElsewhere() throws IOException {
        var segment = JournalSegment.create(directory, 1);
        segment.append("a record".getBytes(UTF_8), 8);
        segment.close();
        var file = directory.resolve(JournalSegment.name(1));
        var elsewhere = JournalSegment.open(file, 2);
        assertThat(read(elsewhere)).isEmpty();
        elsewhere.close();

        Files.write(file, new byte[12]);
        assertThatThrownBy(() -> JournalSegment.open(file, 1)).isInstanceOf(IOException.class);
        Files.write(file, new byte[JournalSegment.BYTES]);
        assertThatThrownBy(() -> JournalSegment.open(file, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsBeingWrittenIsBroughtToTheDiskAgain() throws IOException {
        var segment = JournalSegment.create(directory, 1);
        segment.append(new byte[100], 100);
        segment.force();
        int after = segment.forced();
        assertThat(after).isEqualTo(segment.begin() + 112);
        segment.append(new byte[100], 100);
        segment.force();
        assertThat(segment.forced()).isEqualTo(after + 112);
        segment.close();
        segment.force(); // after its end it is nobody's any more
    }

    private static Map<Integer, String> read(JournalSegment segment) {
        var read = new TreeMap<Integer, String>();
        int at = segment.begin();
        while (at < JournalSegment.BYTES) {
            var record = segment.read(at);
            if (record.length == 0) {
                at = segment.behindHole(at);
            } else {
                read.put(at, new String(record, UTF_8));
                at = segment.after(at, record);
            }
        }
        return read;
    }
}
