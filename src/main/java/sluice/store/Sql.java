package sluice.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Statements with values bound to their marks: a text, a number, bytes, a moment, or null. No statement is put together
/// from what a caller sent.
final class Sql {
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Sql() {}

    static int update(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    static <T> Optional<T> one(
            Connection connection, Row<T> row, String sql, @Nullable Object... values)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
            }
        }
    }

    static <T> List<T> list(
            Connection connection, Row<T> row, String sql, @Nullable Object... values)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (var rows = statement.executeQuery()) {
                var list = new ArrayList<T>();
                while (rows.next()) {
                    list.add(row.read(rows));
                }
                return list;
            }
        }
    }

    static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int at = 0; at < values.length; at++) {
            switch (values[at]) {
                case String text -> statement.setString(at + 1, text);
                case Long number -> statement.setLong(at + 1, number);
                case Integer number -> statement.setInt(at + 1, number);
                case byte[] bytes -> statement.setBytes(at + 1, bytes);
                case Instant when -> statement.setLong(at + 1, Moments.kept(when));
                case null -> statement.setNull(at + 1, Types.NULL);
                default ->
                        throw new IllegalArgumentException(
                                "no column takes a " + values[at].getClass());
            }
        }
    }
}
