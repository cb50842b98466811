package sluice.admin;

import java.time.Instant;

/// A budget as it is now.
///
/// @param account names it over restarts: whose it is, and its own name
/// @param unit {@code usd} or {@code tokens}
/// @param limit nano-dollars or tokens
/// @param held what running calls may still use
/// @param empty when nothing of it is spent any more, if nothing more is spent
public record BudgetRow(
        String account,
        String unit,
        String every,
        boolean rolling,
        boolean enforced,
        long limit,
        long spent,
        long held,
        Instant empty) {}
