package sluice.store;

import java.time.Instant;

/// What was booked on a budget's account within one of its periods.
///
/// @param account names the budget over restarts
/// @param period when the period began
/// @param amount nano-dollars or tokens, as the budget counts
public record AccountSpend(String account, Instant period, long amount) {}
