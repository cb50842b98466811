package sluice.ledger;

import sluice.call.ModelName;

/// Who is about to spend, on what, and how much at worst. What a call does not have is empty.
///
/// @param model where the call goes first
/// @param nanoDollars at worst; 0 when the price is not known
public record Commitment(
        long startedMillis,
        String key,
        String team,
        String customer,
        String user,
        ModelName model,
        long inputTokens,
        long outputTokens,
        long nanoDollars,
        boolean unpriced) {}
