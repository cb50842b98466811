package sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InstantTextTest {
    private final InstantText times = new InstantText();

    @Test
    void writesWhatTheLibraryWrites() {
        var random = new Random(20261130);
        long second = 1_764_500_000;
        for (int i = 0; i < 20_000; i++) {
            second += random.nextInt(8) == 0 ? random.nextLong(-1_000_000_000L, 1_000_000_000L) : 0;
            long step = new long[] {1, 1_000, 1_000_000, 1_000_000_000}[random.nextInt(4)];
            var instant =
                    Instant.ofEpochSecond(second, random.nextInt(1_000_000_000) / step * step);

            assertThat(times.text(instant)).isEqualTo(instant.toString());
        }
    }

    @Test
    void writesTheEndsOfTime() {
        for (var instant :
                new Instant[] {
                    Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.EPOCH.minusNanos(1)
                }) {
            assertThat(times.text(instant)).isEqualTo(instant.toString());
        }
    }
}
