package sluice.store;

import static sluice.store.SpendQuery.Dimension.CUSTOMER;
import static sluice.store.SpendQuery.Dimension.DAY;
import static sluice.store.SpendQuery.Dimension.KEY;
import static sluice.store.SpendQuery.Dimension.MODEL;
import static sluice.store.SpendQuery.Dimension.TARGET;
import static sluice.store.SpendQuery.Dimension.TEAM;
import static sluice.store.SpendQuery.Dimension.USER;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import sluice.store.SpendQuery.Dimension;

/// A table of sums for each day and each combination of some dimensions, the one with the fewest rows first. Keys have
/// owners, and each of them uses many models, so the tables that leave one or the other out are a fraction of the whole.
///
/// @param dimensions those beside the day, which every table has
/// @param upsert adds to a row, or makes it; its marks are the day, the names, the measures
record Rollup(String table, List<Dimension> dimensions, String upsert) {
    static final List<String> MEASURES =
            List.of(
                    "calls",
                    "input_tokens",
                    "cached_tokens",
                    "output_tokens",
                    "nano_dollars",
                    "estimated",
                    "unpriced");

    static final Rollup WHOLE = of("spend", KEY, TEAM, CUSTOMER, USER, MODEL, TARGET);

    static final List<Rollup> ALL =
            List.of(
                    of("spend_of_customers", CUSTOMER, MODEL, TARGET),
                    of("spend_of_teams", TEAM, MODEL, TARGET),
                    of("spend_of_callers", KEY, TEAM, CUSTOMER, USER),
                    of("spend_of_callers_by_model", KEY, TEAM, CUSTOMER, USER, MODEL),
                    WHOLE);

    private static Rollup of(String table, Dimension... dimensions) {
        return new Rollup(table, List.of(dimensions), upsert(table, List.of(dimensions)));
    }

    /// The smallest that tells these dimensions apart.
    static Rollup covering(Collection<Dimension> asked) {
        return ALL.stream()
                .filter(rollup -> asked.stream().allMatch(rollup::tells))
                .findFirst()
                .orElse(WHOLE);
    }

    private boolean tells(Dimension dimension) {
        return dimension == DAY || dimensions.contains(dimension);
    }

    static String column(Dimension dimension) {
        return switch (dimension) {
            case DAY -> "day";
            case KEY -> "key_name";
            case TEAM -> "team_name";
            case CUSTOMER -> "customer_name";
            case USER -> "user_name";
            case MODEL -> "model_name";
            case TARGET -> "target_name";
        };
    }

    /// What a spender is called in a dimension.
    static String name(Spender spender, Dimension dimension) {
        return switch (dimension) {
            case DAY -> throw new IllegalArgumentException("a day has no name");
            case KEY -> spender.key();
            case TEAM -> spender.team();
            case CUSTOMER -> spender.customer();
            case USER -> spender.user();
            case MODEL -> spender.model();
            case TARGET -> spender.target();
        };
    }

    private static String upsert(String table, List<Dimension> dimensions) {
        var columns = dimensions.stream().map(Rollup::column).toList();
        return "INSERT INTO %s (day, %s, %s) VALUES (?%s%s) ON CONFLICT (day, %s) DO UPDATE SET %s"
                .formatted(
                        table,
                        String.join(", ", columns),
                        String.join(", ", MEASURES),
                        ", (SELECT number FROM names WHERE name = ?)".repeat(columns.size()),
                        ", ?".repeat(MEASURES.size()),
                        String.join(", ", columns),
                        MEASURES.stream()
                                .map(each ->
                                        each + " = " + table + "." + each + " + excluded." + each)
                                .collect(Collectors.joining(", ")));
    }
}
