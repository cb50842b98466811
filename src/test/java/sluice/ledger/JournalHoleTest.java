package sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A writer that was killed between taking room and writing the length leaves a hole.
class JournalHoleTest {
    @TempDir Path folder;

    @Test
    void theNextRecordBehindAHoleIsFoundHoweverLongTheHoleIs() throws IOException {
        var segment = JournalSegment.create(folder, 1);
        var random = new Random(5);
        var places = new ArrayList<Integer>();
        for (int record = 0; record < 200; record++) {
            var bytes = new byte[1 + random.nextInt(record % 10 == 0 ? 60_000 : 300)];
            random.nextBytes(bytes);
            places.add(segment.append(bytes, bytes.length));
        }
        for (int hole = 0; hole < places.size() - 1; hole++) {
            if (hole % 3 != 0) {
                punch(places.get(hole));
            }
        }

        for (int hole = 0; hole < places.size() - 1; hole++) {
            if (hole % 3 != 0) {
                int next =
                        hole + 1 == places.size() - 1 || (hole + 1) % 3 == 0 ? hole + 1 : hole + 2;
                assertThat(segment.read(places.get(hole))).isEmpty();
                assertThat(segment.behindHole(places.get(hole))).isEqualTo(places.get(next));
            }
        }
    }

    @Test
    void behindTheLastRecordIsNone() throws IOException {
        var segment = JournalSegment.create(folder, 1);
        int last = segment.append(new byte[] {1, 2, 3}, 3);

        int behind = segment.after(last, segment.read(last));

        assertThat(segment.behindHole(behind)).isEqualTo(JournalSegment.BYTES);
        assertThat(segment.behindHole(JournalSegment.BYTES - 16)).isEqualTo(JournalSegment.BYTES);
    }

    private void punch(int place) throws IOException {
        try (var channel =
                FileChannel.open(
                        folder.resolve(JournalSegment.name(1)), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4), place);
        }
    }
}
