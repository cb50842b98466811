package sluice.store;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// @param since the first day, in UTC
/// @param until the last day, in UTC
/// @param by the dimensions that rows are told apart by, in this order
/// @param where the values that dimensions must have
public record SpendQuery(
        LocalDate since, LocalDate until, List<Dimension> by, Map<Dimension, String> where) {
    public SpendQuery {
        by = List.copyOf(by);
        where = Map.copyOf(where);
    }

    public enum Dimension {
        DAY,
        KEY,
        TEAM,
        CUSTOMER,
        USER,
        MODEL,
        TARGET
    }
}
