package sluice.store;

import java.util.List;

/// @param values one for each dimension of the query, in its order; a day as {@code 2026-11-30}
public record SpendRow(List<String> values, Spent spent) {
    public SpendRow {
        values = List.copyOf(values);
    }
}
