package sluice.call;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What a model's tokens cost, from one day on (facts/databricks.md section 10, facts/llm-protocols.md section 13).
/// Amounts are US dollars for a million tokens.
///
/// @param since the first day, in UTC
/// @param until the last day of a promotion, in UTC; null when there is no end
/// @param tier the service tier it is for, {@link #STANDARD} unless the provider sells others
/// @param aboveInputTokens it is for calls with more input than this, cached or not, and then for all of their tokens;
///     -1 for calls of any size
/// @param input what is read for the call alone
/// @param output what is written, reasoning included
/// @param cacheWrite what is written into the cache for the short time
/// @param cacheWriteHour what is written into the cache for an hour
/// @param cacheRead what is read from the cache
public record Price(
        LocalDate since,
        @Nullable LocalDate until,
        String tier,
        long aboveInputTokens,
        BigDecimal input,
        BigDecimal output,
        BigDecimal cacheWrite,
        BigDecimal cacheWriteHour,
        BigDecimal cacheRead) {
    public static final String STANDARD = "standard";
    public static final long ANY_SIZE = -1;

    public Price {
        if (until != null && until.isBefore(since)) {
            throw new IllegalArgumentException(
                    "a price ends after it begins, got " + since + " until " + until);
        }
        if (aboveInputTokens < ANY_SIZE) {
            throw new IllegalArgumentException(
                    "a price is for more than so many tokens, got " + aboveInputTokens);
        }
        for (var rate : new BigDecimal[] {input, output, cacheWrite, cacheWriteHour, cacheRead}) {
            if (rate.signum() < 0) {
                throw new IllegalArgumentException("a price is not negative, got " + rate);
            }
        }
    }

    /// The same price with all amounts multiplied, for amounts in another unit than dollars.
    public Price times(BigDecimal factor) {
        return new Price(
                since,
                until,
                tier,
                aboveInputTokens,
                input.multiply(factor),
                output.multiply(factor),
                cacheWrite.multiply(factor),
                cacheWriteHour.multiply(factor),
                cacheRead.multiply(factor));
    }

    public boolean isValidOn(LocalDate day) {
        return !day.isBefore(since) && (until == null || !day.isAfter(until));
    }

    public boolean isFor(Usage usage) {
        if (aboveInputTokens < 0) {
            return true;
        }
        long left = aboveInputTokens; // a sum of what a provider tells could overflow
        for (long part :
                new long[] {
                    usage.freshInput(),
                    usage.cacheRead(),
                    usage.cacheWrite(),
                    usage.cacheWriteHour()
                }) {
            if (part > left) {
                return true;
            }
            left -= part;
        }
        return false;
    }

    /// Rounded once, at the end.
    ///
    /// @throws ArithmeticException when it is more than {@link Money} holds
    public Money cost(Usage usage) {
        var millionths =
                input.multiply(BigDecimal.valueOf(usage.freshInput()))
                        .add(cacheRead.multiply(BigDecimal.valueOf(usage.cacheRead())))
                        .add(cacheWrite.multiply(BigDecimal.valueOf(usage.cacheWrite())))
                        .add(cacheWriteHour.multiply(BigDecimal.valueOf(usage.cacheWriteHour())))
                        .add(output.multiply(BigDecimal.valueOf(usage.output())));
        return Money.ofDollars(millionths.movePointLeft(6));
    }
}
