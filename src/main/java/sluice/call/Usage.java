package sluice.call;

/// Tokens of one call in the one form that all dialects are brought to (facts/llm-protocols.md section 13).
///
/// @param freshInput what was read for this call alone: neither from a cache nor into one
/// @param cacheRead read from the provider's cache
/// @param cacheWrite written into the cache for the short time
/// @param cacheWriteHour written into the cache for an hour, which costs more
/// @param output everything written, reasoning included
/// @param reasoning the part of {@code output} that was thought
public record Usage(
        long freshInput,
        long cacheRead,
        long cacheWrite,
        long cacheWriteHour,
        long output,
        long reasoning) {
    private static final long BEYOND_BELIEF = 1_000_000_000_000L;
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

    public Usage {
        if (freshInput < 0
                || cacheRead < 0
                || cacheWrite < 0
                || cacheWriteHour < 0
                || output < 0
                || reasoning < 0) {
            throw new IllegalArgumentException(
                    "token counts never run backwards: %d, %d, %d, %d, %d, %d"
                            .formatted(
                                    freshInput,
                                    cacheRead,
                                    cacheWrite,
                                    cacheWriteHour,
                                    output,
                                    reasoning));
        }
    }

    /// Without a cache.
    public static Usage of(long input, long output) {
        return new Usage(input, 0, 0, 0, output, 0);
    }

    /// A count as a provider told it: one that is negative or beyond belief is none. The reply is worth more than its
    /// statistics.
    public static long believed(long told) {
        return told < 0 || told > BEYOND_BELIEF ? 0 : told;
    }

    /// The whole input, cached or not: what OpenAI's dialects call prompt or input tokens.
    public long input() {
        return freshInput + cacheRead + cacheWrite + cacheWriteHour;
    }

    public long total() {
        return input() + output;
    }
}
