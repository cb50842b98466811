package sluice.store;

import static sluice.store.SpendQuery.Dimension.DAY;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import sluice.store.SpendQuery.Dimension;

/// One question of what was spent, as a statement. Its text is made of the dimensions' own columns only.
final class Spending {
    private final SpendQuery query;

    /// What rows are told apart by, each once, the day first: also the order of the rows.
    private final List<Dimension> groups;

    private final Rollup rollup;

    Spending(SpendQuery query) {
        this.query = query;
        this.groups =
                query.by().stream()
                        .distinct()
                        .sorted((one, other) -> Boolean.compare(other == DAY, one == DAY))
                        .toList();
        var asked = EnumSet.noneOf(Dimension.class);
        asked.addAll(query.by());
        asked.addAll(query.where().keySet());
        this.rollup = Rollup.covering(asked);
    }

    List<SpendRow> rows(Connection connection) throws SQLException {
        if (query.where().entrySet().stream()
                .anyMatch(where -> where.getKey() != DAY && !Texts.isName(where.getValue()))) {
            return List.of();
        }
        return Sql.list(connection, this::read, sql(), values());
    }

    private String sql() {
        var sums =
                Rollup.MEASURES.stream()
                        .map(each -> "CAST(SUM(%s) AS bigint) AS %s".formatted(each, each))
                        .collect(Collectors.joining(", "));
        var columns = groups.stream().map(Rollup::column).toList();
        var grouped = columns.isEmpty() ? "" : String.join(", ", columns) + ", ";
        var sql = new StringBuilder("SELECT ");
        groups.forEach(each -> sql.append(shown(each)).append(", "));
        sql.append(String.join(", ", Rollup.MEASURES));
        sql.append(" FROM (SELECT ").append(grouped).append(sums);
        sql.append(" FROM ").append(rollup.table()).append(" WHERE day BETWEEN ? AND ?");
        query.where().keySet().stream().sorted().forEach(each -> sql.append(condition(each)));
        if (!columns.isEmpty()) {
            sql.append(" GROUP BY ").append(String.join(", ", columns));
        }
        sql.append(" HAVING COUNT(*) > 0) AS sums");
        groups.stream().filter(each -> each != DAY).forEach(each -> sql.append(join(each)));
        if (!groups.isEmpty()) {
            sql.append(" ORDER BY ");
            sql.append(groups.stream().map(Spending::shown).collect(Collectors.joining(", ")));
        }
        return sql.toString();
    }

    private static String shown(Dimension dimension) {
        var column = Rollup.column(dimension);
        return dimension == DAY ? "sums.day" : "the_" + column + ".name";
    }

    private static String condition(Dimension dimension) {
        var column = Rollup.column(dimension);
        return dimension == DAY
                ? " AND day = ?"
                : " AND " + column + " = (SELECT number FROM names WHERE name = ?)";
    }

    private static String join(Dimension dimension) {
        var column = Rollup.column(dimension);
        return " JOIN names AS the_%s ON the_%s.number = sums.%s".formatted(column, column, column);
    }

    private Object[] values() {
        var values = new ArrayList<Object>();
        values.add(query.since().toEpochDay());
        values.add(query.until().toEpochDay());
        query.where().keySet().stream()
                .sorted()
                .forEach(each -> values.add(value(each, query.where().getOrDefault(each, ""))));
        return values.toArray();
    }

    private static Object value(Dimension dimension, String value) {
        if (dimension != DAY) {
            return value;
        }
        try {
            return LocalDate.parse(value).toEpochDay();
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException(
                    "a day looks like 2026-11-30, got '" + value + "'", unreadable);
        }
    }

    private SpendRow read(ResultSet row) throws SQLException {
        var values = new ArrayList<String>();
        for (var dimension : query.by()) {
            int column = groups.indexOf(dimension) + 1;
            values.add(
                    dimension == DAY
                            ? LocalDate.ofEpochDay(row.getLong(column)).toString()
                            : row.getString(column));
        }
        int first = groups.size() + 1;
        return new SpendRow(
                values,
                new Spent(
                        row.getLong(first),
                        row.getLong(first + 1),
                        row.getLong(first + 2),
                        row.getLong(first + 3),
                        row.getLong(first + 4),
                        row.getLong(first + 5),
                        row.getLong(first + 6)));
    }
}
