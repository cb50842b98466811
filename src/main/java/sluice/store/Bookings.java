package sluice.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What was booked: roll-ups, accounts, and how far each journal was read. Rows are written in one order by every
/// gateway, so that two of them wait for each other and never in a circle.
final class Bookings {
    private static final int ROWS_AT_A_TIME = 1_000;

    /// So many are written without a pause: a call on the same core waits for a few only.
    private static final int ROWS_WRITTEN_AT_ONCE = 64;

    private Bookings() {}

    static void book(Connection connection, SpendBatch batch, String node, long position)
            throws SQLException {
        if (!advance(connection, node, position)) {
            return;
        }
        var spent = new TreeMap<Row, Spent>();
        batch.spent().forEach((spender, more) -> spent.merge(Row.of(spender), more, Spent::plus));
        writeNames(connection, spent.keySet());
        for (var rollup : Rollup.ALL) {
            rest();
            writeRollup(connection, rollup, spent);
        }
        rest();
        writeAccounts(connection, batch.accounts());
    }

    /// @return false when the position is booked already
    private static boolean advance(Connection connection, String node, long position)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO journals (node, position) VALUES (?, 0) ON CONFLICT (node) DO NOTHING",
                node);
        int advanced =
                Sql.update(
                        connection,
                        "UPDATE journals SET position = ? WHERE node = ? AND position < ?",
                        position,
                        node,
                        position);
        if (advanced == 1) {
            return true;
        }
        long booked = booked(connection, node);
        if (booked > position) {
            throw new IllegalStateException(
                    "the journal of '%s' is booked up to %d, so %d came too late"
                            .formatted(node, booked, position));
        }
        return false;
    }

    static long booked(Connection connection, String node) throws SQLException {
        return Sql.one(
                        connection,
                        row -> row.getLong(1),
                        "SELECT position FROM journals WHERE node = ?",
                        node)
                .orElse(0L);
    }

    private static void writeNames(Connection connection, Iterable<Row> rows) throws SQLException {
        var names = new TreeSet<String>();
        rows.forEach(row -> names.addAll(row.names));
        // Known ones are not offered: PostgreSQL would use up a number for each that is refused.
        try (var statement =
                connection.prepareStatement(
                        """
                        INSERT INTO names (name)
                        SELECT CAST(? AS text) WHERE NOT EXISTS (SELECT 1 FROM names WHERE name = ?)
                        ON CONFLICT (name) DO NOTHING
                        """)) {
            for (var name : names) {
                Sql.bind(statement, name, name);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void writeRollup(Connection connection, Rollup rollup, Map<Row, Spent> spent)
            throws SQLException {
        var sums = new TreeMap<Row, Spent>();
        spent.forEach((row, more) -> sums.merge(row.in(rollup), more, Spent::plus));
        try (var statement = connection.prepareStatement(rollup.upsert())) {
            int waiting = 0;
            for (var sum : sums.entrySet()) {
                bind(statement, sum.getKey(), sum.getValue());
                statement.addBatch();
                if (++waiting == ROWS_WRITTEN_AT_ONCE) {
                    statement.executeBatch();
                    waiting = 0;
                    rest();
                }
            }
            statement.executeBatch();
        }
    }

    /// Booking is never in a hurry, and calls are.
    private static void rest() {
        LockSupport.parkNanos(1);
    }

    private static void bind(PreparedStatement statement, Row row, Spent spent)
            throws SQLException {
        int at = 1;
        statement.setLong(at++, row.day);
        for (var name : row.names) {
            statement.setString(at++, name);
        }
        statement.setLong(at++, spent.calls());
        statement.setLong(at++, spent.inputTokens());
        statement.setLong(at++, spent.cachedTokens());
        statement.setLong(at++, spent.outputTokens());
        statement.setLong(at++, spent.nanoDollars());
        statement.setLong(at++, spent.estimated());
        statement.setLong(at, spent.unpriced());
    }

    private static void writeAccounts(Connection connection, List<AccountSpend> accounts)
            throws SQLException {
        var ordered =
                accounts.stream()
                        .sorted(
                                Comparator.comparing(AccountSpend::account)
                                        .thenComparing(AccountSpend::period))
                        .toList();
        try (var statement =
                connection.prepareStatement(
                        """
                        INSERT INTO accounts (account, period, amount) VALUES (?, ?, ?)
                        ON CONFLICT (account, period) DO UPDATE SET amount = accounts.amount + excluded.amount
                        """)) {
            for (var more : ordered) {
                Sql.bind(statement, more.account(), more.period(), more.amount());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    static void accounts(Connection connection, Instant since, Consumer<AccountSpend> each)
            throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        """
                        SELECT account, period, amount FROM accounts WHERE period >= ? ORDER BY account, period
                        """)) {
            statement.setFetchSize(ROWS_AT_A_TIME);
            statement.setLong(1, Moments.nearest(since));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(
                            new AccountSpend(
                                    rows.getString(1), Moments.read(rows, 2), rows.getLong(3)));
                }
            }
        }
    }

    static void forgetAccounts(Connection connection, Instant before) throws SQLException {
        Sql.update(connection, "DELETE FROM accounts WHERE period < ?", Moments.nearest(before));
    }

    /// Forgets the first day that there is before this one, of every roll-up. A day at a time, so that a booking which
    /// comes in between does not wait long.
    ///
    /// @return whether there was one
    static boolean forgetDay(Connection connection, long before) throws SQLException {
        var first =
                Sql.one(
                        connection,
                        row -> row.getLong(1),
                        "SELECT day FROM spend WHERE day < ? ORDER BY day LIMIT 1",
                        before);
        if (first.isEmpty()) {
            return false;
        }
        for (var rollup : Rollup.ALL) {
            Sql.update(connection, "DELETE FROM " + rollup.table() + " WHERE day = ?", first.get());
        }
        return true;
    }

    /// A row of a roll-up: a day, and a name for each of its dimensions.
    private record Row(long day, List<String> names) implements Comparable<Row> {
        static Row of(Spender spender) {
            return new Row(
                    spender.day(),
                    Rollup.WHOLE.dimensions().stream()
                            .map(dimension -> Texts.booked(Rollup.name(spender, dimension)))
                            .toList());
        }

        /// A row of the whole as a row of another roll-up.
        Row in(Rollup rollup) {
            return new Row(
                    day,
                    rollup.dimensions().stream()
                            .map(each -> names.get(Rollup.WHOLE.dimensions().indexOf(each)))
                            .toList());
        }

        @Override
        public int compareTo(Row other) {
            int order = Long.compare(day, other.day);
            for (int at = 0; order == 0 && at < names.size(); at++) {
                order = names.get(at).compareTo(other.names.get(at));
            }
            return order;
        }
    }
}
