package sluice.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a target says is left of what it allows, in the headers of an answer (facts/llm-protocols.md section 8).
///
/// @param left of the tightest of its limits, from 0 to 1
/// @param resetsIn when that limit is whole again; null when it did not say
public record Quota(double left, @Nullable Duration resetsIn) {
    private static final String[][] LIMITS = {
        openAi("requests"),
        openAi("tokens"),
        anthropic("requests"),
        anthropic("tokens"),
        anthropic("input-tokens"),
        anthropic("output-tokens"),
    };

    /// Pieces such as {@code 6m0s} and {@code 250ms}, or a bare number of seconds.
    private static final Pattern PIECE =
            Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h|d)");

    private static final Duration LONGEST = Duration.ofDays(1);

    private static String[] openAi(String what) {
        var names = new String[3];
        names[0] = "x-ratelimit-limit-" + what;
        names[1] = "x-ratelimit-remaining-" + what;
        names[2] = "x-ratelimit-reset-" + what;
        return names;
    }

    private static String[] anthropic(String what) {
        var before = "anthropic-ratelimit-" + what;
        return new String[] {before + "-limit", before + "-remaining", before + "-reset"};
    }

    /// @param header a header of the answer, null where there is none
    /// @return null when the target told nothing that makes sense
    public static @Nullable Quota of(Function<String, @Nullable String> header, Instant now) {
        Quota tightest = null;
        for (var names : LIMITS) {
            double limit = number(header.apply(names[0]));
            double remaining = limit > 0 ? number(header.apply(names[1])) : -1;
            if (remaining < 0) {
                continue;
            }
            double left = Math.min(1, remaining / limit);
            if (tightest == null || left < tightest.left) {
                tightest = new Quota(left, resetsIn(header.apply(names[2]), now));
            }
        }
        return tightest;
    }

    /// @return -1 for what is no number from 0 on
    private static double number(@Nullable String text) {
        if (text == null || !text.strip().matches("[0-9]{1,15}(\\.[0-9]{1,9})?")) {
            return -1;
        }
        return Double.parseDouble(text.strip());
    }

    private static @Nullable Duration resetsIn(@Nullable String text, Instant now) {
        if (text == null || text.length() > 64) {
            return null;
        }
        double seconds = number(text);
        var told = seconds >= 0 ? Duration.ofMillis((long) (seconds * 1_000)) : spelt(text, now);
        return told == null || told.isNegative() || told.compareTo(LONGEST) > 0 ? null : told;
    }

    private static @Nullable Duration spelt(String text, Instant now) {
        var pieces = PIECE.matcher(text.strip());
        long millis = 0;
        int end = 0;
        while (pieces.find() && pieces.start() == end) {
            millis += (long) (Double.parseDouble(pieces.group(1)) * unitMillis(pieces.group(2)));
            end = pieces.end();
        }
        if (end > 0 && end == text.strip().length()) {
            return Duration.ofMillis(millis);
        }
        try {
            return Duration.between(now, Instant.parse(text.strip()));
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    private static long unitMillis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }
}
