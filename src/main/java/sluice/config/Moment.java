package sluice.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/// A moment, with the offset of the clock it was read from.
final class Moment {
    static final Shape<Instant> SHAPE =
            new Text(
                            "a moment such as 2026-12-31T23:59:59Z",
                            Pattern.compile(
                                    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})"))
                    .then(Moment::parse);

    private Moment() {}

    private static Optional<Instant> parse(String text, Place place, Reading reading) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            reading.fault(
                    place, "expected a moment of the calendar, got " + Discretion.quote(text));
            return Optional.empty();
        }
    }
}
