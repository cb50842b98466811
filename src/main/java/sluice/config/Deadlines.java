package sluice.config;

import java.time.Duration;

/// How long a target may take: for all of a call, for a connection, until the first byte of an answer, and between
/// two bytes of it.
public record Deadlines(Duration total, Duration connect, Duration firstByte, Duration idle) {
    public Deadlines {
        for (var part : new Duration[] {connect, firstByte, idle}) {
            if (!part.isPositive() || part.compareTo(total) > 0) {
                throw new IllegalArgumentException(
                        "a deadline is positive and within the total of "
                                + total
                                + ", got "
                                + part);
            }
        }
    }
}
