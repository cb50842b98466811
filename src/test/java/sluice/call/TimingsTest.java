package sluice.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.call.Timings.Station;

class TimingsTest {
    @Test
    void lapsFollowEachOther() {
        long before = System.nanoTime();
        var timings = new Timings(before);
        timings.lap(Station.AUTH);
        timings.lap(Station.UPSTREAM);
        timings.lap(Station.UPSTREAM);
        long after = System.nanoTime();

        long sum = timings.nanos(Station.AUTH) + timings.nanos(Station.UPSTREAM);
        assertThat(sum).isBetween(0L, after - before);
        assertThat(timings.nanos(Station.RELAY)).isZero();
    }

    @Test
    void theHeaderNamesWhatWasTimedInMilliseconds() {
        var timings = new Timings(System.nanoTime() - 1_234_567_890);
        timings.lap(Station.UPSTREAM);

        assertThat(timings.serverTiming()).matches("upstream;dur=\\d{4,}\\.\\d{3}");
        timings.lap(Station.RELAY);
        assertThat(timings.serverTiming())
                .matches("upstream;dur=\\d+\\.\\d{3}(, relay;dur=\\d+\\.\\d{3})?");
    }

    @Test
    void aCallWithoutALapStillHasAHeader() {
        assertThat(new Timings(0).serverTiming()).isEqualTo("auth;dur=0.000");
    }
}
