package sluice.line;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.upstream.Patience;

/// How much time a call has, over all its attempts together.
///
/// @param untilNanos its end, on the scale of {@link System#nanoTime}
/// @param whole how long that is from the beginning
/// @param firstToken how long each attempt may take to its first token; null when nobody minds
record CallTime(long untilNanos, Duration whole, @Nullable Duration firstToken) {

    static CallTime of(Duration whole, @Nullable Duration firstToken) {
        return new CallTime(System.nanoTime() + whole.toNanos(), whole, firstToken);
    }

    long leftNanos() {
        return untilNanos - System.nanoTime();
    }

    /// For an attempt that begins now.
    Patience patience() {
        return Patience.until(untilNanos, whole, firstToken);
    }
}
