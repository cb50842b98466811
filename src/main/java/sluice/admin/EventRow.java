package sluice.admin;

import java.time.Instant;

/// Something that happened to a budget.
///
/// @param kind {@code threshold}, {@code refused} or {@code would_refuse}
/// @param used nano-dollars or tokens
public record EventRow(
        Instant when,
        String kind,
        String owner,
        String account,
        String unit,
        long used,
        long limit,
        int percent) {}
