package sluice.access;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.concurrent.atomic.AtomicLong;
import sluice.call.Budget;

/// What was used in the day, week, month or quarter of the calendar in which it is now. What was held in one that is over
/// is settled there, and so counts nowhere any more.
final class CalendarSpan implements Tally {
    private final Budget.Span every;
    private final ZoneId zone;
    private volatile Period current;

    private record Period(long start, long end, AtomicLong used) {}

    CalendarSpan(Budget.Span every, ZoneId zone, long now) {
        this.every = every;
        this.zone = zone;
        this.current = period(now);
    }

    @Override
    public long hold(long amount, long limit, long now) {
        var period = at(now);
        while (true) {
            long used = period.used().get();
            if (amount > limit - used) {
                return REFUSED;
            }
            if (period.used().compareAndSet(used, used + amount)) {
                return period.start();
            }
        }
    }

    @Override
    public long take(long amount, long now) {
        var period = at(now);
        period.used().addAndGet(amount);
        return period.start();
    }

    @Override
    public void settle(long ticket, long held, long used) {
        var period = current;
        if (period.start() == ticket) {
            period.used().addAndGet(used - held);
        }
    }

    @Override
    public long used(long now) {
        return at(now).used().get();
    }

    @Override
    public long waitFor(long amount, long limit, long now) {
        if (amount > limit) {
            return Long.MAX_VALUE;
        }
        var period = at(now);
        return amount <= limit - period.used().get() ? 0 : period.end() - now;
    }

    @Override
    public long untilEmpty(long now) {
        var period = at(now);
        return period.used().get() == 0 ? 0 : period.end() - now;
    }

    /// A clock that is turned back does not bring an old period back.
    private Period at(long now) {
        var period = current;
        return now < period.end() ? period : next(now);
    }

    /// Once in a period somebody may have to wait for somebody else here.
    private synchronized Period next(long now) {
        if (now >= current.end()) {
            current = period(now);
        }
        return current;
    }

    private Period period(long now) {
        var day = Instant.ofEpochMilli(now).atZone(zone).toLocalDate();
        var first = first(day);
        var next =
                switch (every) {
                    case DAY -> first.plusDays(1);
                    case WEEK -> first.plusWeeks(1);
                    case MONTH -> first.plusMonths(1);
                    case QUARTER -> first.plusMonths(3);
                };
        return new Period(millis(first), millis(next), new AtomicLong());
    }

    private LocalDate first(LocalDate day) {
        return switch (every) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case QUARTER -> day.withMonth((day.getMonthValue() - 1) / 3 * 3 + 1).withDayOfMonth(1);
        };
    }

    /// A day begins when its clocks show midnight, or as soon after as they show anything.
    private long millis(LocalDate day) {
        return day.atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
