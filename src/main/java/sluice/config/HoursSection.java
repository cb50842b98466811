package sluice.config;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Hours;

/// {@code allowed_hours}: when calls are allowed.
final class HoursSection {
    private static final Shape<LocalTime> TIME =
            new Text("a time such as 08:30", Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]"))
                    .then((text, _, _) -> Optional.of(LocalTime.parse(text)));
    private static final Key<List<DayOfWeek>> DAYS =
            Key.defaulting(
                    "days",
                    new ListOf<>(new OneOf<>(days(), Set.of()), 7, ""),
                    List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
                    "on which days of the week");
    private static final Key<LocalTime> FROM =
            Key.defaulting("from", TIME, "00:00", "the first minute of the day");
    private static final Key<LocalTime> UNTIL =
            Key.defaulting(
                    "until",
                    TIME,
                    "00:00",
                    "the first minute that is too late; the night's, where it is before 'from'");
    private static final Key<ZoneId> TIME_ZONE =
            Key.defaulting("time_zone", Zone.SHAPE, "UTC", "where the clock hangs");

    static final Section<Hours> SECTION =
            new Section<>(
                    "allowed_hours",
                    List.of(DAYS, FROM, UNTIL, TIME_ZONE),
                    Set.of(),
                    _ -> {},
                    hours ->
                            new Hours(
                                    hours.the(DAYS).isEmpty()
                                            ? Set.of()
                                            : EnumSet.copyOf(hours.the(DAYS)),
                                    hours.the(FROM),
                                    hours.the(UNTIL),
                                    hours.the(TIME_ZONE)));

    private HoursSection() {}

    private static Map<String, DayOfWeek> days() {
        var days = new LinkedHashMap<String, DayOfWeek>();
        for (var day : DayOfWeek.values()) {
            days.put(day.name().substring(0, 3).toLowerCase(Locale.ROOT), day);
        }
        return days;
    }
}
