package sluice.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Moments as both databases keep them: microseconds since 1970 as a number, which neither reads in a time zone.
final class Moments {
    private static final long MICROS = 1_000_000;
    private static final Instant EARLIEST = at(Long.MIN_VALUE);
    private static final Instant LATEST = at(Long.MAX_VALUE);

    private Moments() {}

    /// @throws IllegalArgumentException when it is some 290,000 years away
    static long kept(Instant when) {
        if (when.isBefore(EARLIEST) || when.isAfter(LATEST)) {
            throw new IllegalArgumentException("too far away to be kept: " + when);
        }
        return nearest(when);
    }

    /// For a comparison: what is too far away is as far as a moment can be kept.
    static long nearest(Instant when) {
        if (when.isBefore(EARLIEST)) {
            return Long.MIN_VALUE;
        }
        if (when.isAfter(LATEST)) {
            return Long.MAX_VALUE;
        }
        // The seconds of the earliest moments times a million do not fit by themselves.
        return when.getEpochSecond() < 0
                ? (when.getEpochSecond() + 1) * MICROS + when.getNano() / 1_000 - MICROS
                : when.getEpochSecond() * MICROS + when.getNano() / 1_000;
    }

    static Instant at(long kept) {
        return Instant.ofEpochSecond(
                Math.floorDiv(kept, MICROS), Math.floorMod(kept, MICROS) * 1_000);
    }

    /// What a moment is after it was kept.
    static Instant rounded(Instant when) {
        return at(kept(when));
    }

    static Instant read(ResultSet row, int column) throws SQLException {
        return at(row.getLong(column));
    }

    static @Nullable Instant readOptional(ResultSet row, int column) throws SQLException {
        long kept = row.getLong(column);
        return row.wasNull() ? null : at(kept);
    }
}
