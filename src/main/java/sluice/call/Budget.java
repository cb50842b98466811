package sluice.call;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much somebody may spend within a span of time.
///
/// @param name tells it from the owner's other budgets, over restarts too
/// @param limit nano-dollars or tokens
/// @param rolling whether the span ends now at every moment; otherwise it is one of the calendar's
/// @param zone where the calendar's days begin
/// @param models what it is for; null for whatever is called
/// @param thresholds parts of the limit, in percent, at which an event is raised
/// @param enforced whether a call that does not fit is refused; otherwise it is only told of
/// @param unpriced whether models without a known price may be called, for which nothing can be held
/// @param raise more for a while; null without
public record Budget(
        String name,
        Unit unit,
        long limit,
        Span every,
        boolean rolling,
        ZoneId zone,
        @Nullable ModelPatterns models,
        List<Integer> thresholds,
        boolean enforced,
        boolean unpriced,
        @Nullable Raise raise) {

    public enum Unit {
        USD,
        TOKENS
    }

    public enum Span {
        DAY("day", 1),
        WEEK("week", 7),
        MONTH("month", 30),
        QUARTER("quarter", 91);

        private final String token;
        private final int days;

        Span(String token, int days) {
            this.token = token;
            this.days = days;
        }

        public String token() {
            return token;
        }

        /// How long a rolling span is.
        public int days() {
            return days;
        }
    }

    /// @param limit the limit until then, in the budget's own unit
    public record Raise(long limit, Instant until, String reason) {}

    public Budget {
        if (limit < 0) {
            throw new IllegalArgumentException("a budget is not negative, got " + limit);
        }
        thresholds = List.copyOf(thresholds);
    }

    /// What it counts and within which time, such as {@code tokens-per-day}.
    public String measure() {
        return measure(unit, rolling, every);
    }

    public static String measure(Unit unit, boolean rolling, Span every) {
        return (unit == Unit.USD ? "usd" : "tokens")
                + (rolling ? "-rolling-" : "-per-")
                + every.token();
    }

    public long limitAt(Instant now) {
        return raise != null && now.isBefore(raise.until())
                ? Math.max(limit, raise.limit())
                : limit;
    }
}
