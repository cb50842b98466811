package sluice.config;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;

/// A time zone by its name in the tz database.
final class Zone {
    static final Shape<ZoneId> SHAPE =
            new Text(
                            "a time zone such as UTC or Europe/Berlin",
                            Pattern.compile("[A-Za-z][A-Za-z0-9_+/-]{0,63}"))
                    .then(Zone::parse);

    private Zone() {}

    private static Optional<ZoneId> parse(String text, Place place, Reading reading) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException _) {
            reading.fault(
                    place,
                    "no time zone has the name "
                            + Discretion.quote(text)
                            + Nearest.to(text, ZoneId.getAvailableZoneIds())
                                    .map(near -> "; did you mean " + Discretion.quote(near) + "?")
                                    .orElse(""));
            return Optional.empty();
        }
    }
}
