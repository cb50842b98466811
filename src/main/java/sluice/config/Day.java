package sluice.config;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/// A day of the calendar, in UTC.
final class Day {
    static final Shape<LocalDate> SHAPE =
            new Text("a day such as 2026-06-01", Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
                    .then(Day::parse);

    private Day() {}

    private static Optional<LocalDate> parse(String text, Place place, Reading reading) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException _) {
            reading.fault(place, "expected a day of the calendar, got " + Discretion.quote(text));
            return Optional.empty();
        }
    }
}
