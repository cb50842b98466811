package sluice.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.loop.Strand;

/// How long one attempt may take beside the target's own limits: until the whole call's time is up, and until the first
/// token, where the caller set that.
///
/// @param untilNanos the end of the call's time, on the scale of {@link System#nanoTime}
/// @param whole how long the call may take in all, for the message
/// @param firstTokenNanos until when a stream must have brought a token; {@link Strand#NEVER} when nobody asked
/// @param firstToken how long that is, for the message
public record Patience(long untilNanos, Duration whole, long firstTokenNanos, Duration firstToken) {
    public static final Patience NONE =
            new Patience(Strand.NEVER, Duration.ZERO, Strand.NEVER, Duration.ZERO);

    /// For an attempt that begins now.
    ///
    /// @param firstToken null when nobody minds how long the first token takes
    public static Patience until(long untilNanos, Duration whole, @Nullable Duration firstToken) {
        return firstToken == null
                ? new Patience(untilNanos, whole, Strand.NEVER, Duration.ZERO)
                : new Patience(
                        untilNanos, whole, System.nanoTime() + firstToken.toNanos(), firstToken);
    }

    /// For an answer that does not come in tokens.
    Patience forWhole() {
        return asksForToken() ? new Patience(untilNanos, whole, Strand.NEVER, Duration.ZERO) : this;
    }

    boolean asksForToken() {
        return firstTokenNanos != Strand.NEVER;
    }
}
