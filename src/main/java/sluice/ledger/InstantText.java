package sluice.ledger;

import java.time.Instant;

/// Writes instants as {@link Instant#toString} does, for one thread. The text of a second is kept for the next instant,
/// which is nearly always of the same one.
final class InstantText {
    private final StringBuilder text = new StringBuilder(32);
    private long second = Long.MIN_VALUE;
    private int secondLength;

    String text(Instant instant) {
        if (second != instant.getEpochSecond()) {
            second = instant.getEpochSecond();
            text.setLength(0);
            text.append(Instant.ofEpochSecond(second));
            secondLength = text.length() - 1; // without the Z
        }
        text.setLength(secondLength);
        fraction(instant.getNano());
        return text.append('Z').toString();
    }

    /// Three digits, six or nine, as many as it needs.
    private void fraction(int nanos) {
        if (nanos == 0) {
            return;
        }
        text.append('.');
        int last = nanos % 1_000_000 == 0 ? 1_000_000 : nanos % 1_000 == 0 ? 1_000 : 1;
        for (int unit = 100_000_000; unit >= last; unit /= 10) {
            text.append((char) ('0' + nanos / unit % 10));
        }
    }
}
