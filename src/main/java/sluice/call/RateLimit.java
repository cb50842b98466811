package sluice.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How much somebody may use at a time.
///
/// @param name tells it from the owner's other limits
/// @param per how long the time is; null for calls that run at the same moment
/// @param models what it is for; null for whatever is called
public record RateLimit(
        String name, Unit unit, long limit, @Nullable Per per, @Nullable ModelPatterns models) {

    public enum Unit {
        REQUESTS("requests"),
        TOKENS("tokens"),
        CONCURRENT("concurrent");

        private final String token;

        Unit(String token) {
            this.token = token;
        }

        public String token() {
            return token;
        }
    }

    public enum Per {
        MINUTE("minute", Duration.ofMinutes(1)),
        HOUR("hour", Duration.ofHours(1)),
        DAY("day", Duration.ofDays(1));

        private final String token;
        private final Duration length;

        Per(String token, Duration length) {
            this.token = token;
            this.length = length;
        }

        public String token() {
            return token;
        }

        public Duration length() {
            return length;
        }
    }

    public RateLimit {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is not negative, got " + limit);
        }
        if ((per == null) != (unit == Unit.CONCURRENT)) {
            throw new IllegalArgumentException(
                    unit.token() + (per == null ? " need a time" : " have no time"));
        }
    }
}
