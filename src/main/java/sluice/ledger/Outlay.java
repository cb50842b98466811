package sluice.ledger;

import sluice.call.ModelName;

/// What one sending of a call used.
///
/// @param inputTokens all of them, cached or not
/// @param cachedTokens those that were read from a cache
/// @param nanoDollars 0 when the price is not known
/// @param estimated whether the provider told nothing
/// @param unpriced whether the price is not known
public record Outlay(
        ModelName model,
        long inputTokens,
        long cachedTokens,
        long outputTokens,
        long nanoDollars,
        boolean estimated,
        boolean unpriced) {}
