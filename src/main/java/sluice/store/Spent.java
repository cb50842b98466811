package sluice.store;

/// How much.
///
/// @param nanoDollars of the calls whose price is known
/// @param estimated calls of which the provider told no usage
/// @param unpriced calls whose price is not known
public record Spent(
        long calls,
        long inputTokens,
        long cachedTokens,
        long outputTokens,
        long nanoDollars,
        long estimated,
        long unpriced) {

    public Spent plus(Spent other) {
        return new Spent(
                Math.addExact(calls, other.calls),
                Math.addExact(inputTokens, other.inputTokens),
                Math.addExact(cachedTokens, other.cachedTokens),
                Math.addExact(outputTokens, other.outputTokens),
                Math.addExact(nanoDollars, other.nanoDollars),
                Math.addExact(estimated, other.estimated),
                Math.addExact(unpriced, other.unpriced));
    }
}
