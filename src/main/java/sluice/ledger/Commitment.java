package sluice.ledger;

import sluice.call.ModelName;

/// Who is about to spend, on what, and how much at worst. What a call does not have is empty.
///
/// @param call its id, as the ledger's lines and {@code x-request-id} have it
/// @param model where the call goes first
/// @param nanoDollars at worst; 0 when the price is not known
public record Commitment(
        String call,
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
