package sluice.call;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/// When calls are allowed: on some days of the week, from one time of day to another, where a place's clocks count.
///
/// @param from the first moment of the day
/// @param until the first that is too late; before {@code from} when the time goes over midnight, equal to it for the
///     whole day
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime until, ZoneId zone) {
    public Hours {
        days = Set.copyOf(days);
    }

    /// What goes over midnight belongs to the day on which it began.
    public boolean include(Instant moment) {
        var local = moment.atZone(zone);
        var time = local.toLocalTime();
        if (from.isBefore(until)) {
            return days.contains(local.getDayOfWeek())
                    && !time.isBefore(from)
                    && time.isBefore(until);
        }
        return time.isBefore(until)
                ? days.contains(local.getDayOfWeek().minus(1))
                : !time.isBefore(from) && days.contains(local.getDayOfWeek());
    }

    /// {@code 08:00-18:00 Europe/Berlin on MONDAY, TUESDAY}.
    @Override
    public String toString() {
        return from
                + "-"
                + until
                + " "
                + zone
                + " on "
                + String.join(", ", days.stream().sorted().map(DayOfWeek::name).toList());
    }
}
