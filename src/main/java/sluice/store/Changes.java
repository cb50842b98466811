package sluice.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What was changed and by whom, and the revision, which counts the changes. A change begins by taking the one row of the
/// revision. So there is one change at a time over all gateways: no reader sees a revision before a lower one, and no two
/// keys get one hash from two sides.
final class Changes {
    private Changes() {}

    /// Waits for the changes of others; the row is held until the end of the transaction.
    static void begin(Connection connection) throws SQLException {
        Sql.update(connection, "UPDATE revision SET value = value WHERE single = 1");
    }

    static long revision(Connection connection) throws SQLException {
        return Sql.one(
                        connection,
                        row -> row.getLong(1),
                        "SELECT value FROM revision WHERE single = 1")
                .orElseThrow(() -> new SQLException("the table revision is empty"));
    }

    static void write(
            Connection connection, String kind, String id, long version, String by, Instant when)
            throws SQLException {
        write(connection, kind, id, (Long) version, by, when);
    }

    static void writeRemoval(Connection connection, String kind, String id, String by, Instant when)
            throws SQLException {
        write(connection, kind, id, null, by, when);
    }

    private static void write(
            Connection connection,
            String kind,
            String id,
            @Nullable Long version,
            String by,
            Instant when)
            throws SQLException {
        Sql.update(connection, "UPDATE revision SET value = value + 1 WHERE single = 1");
        Sql.update(
                connection,
                """
                INSERT INTO changes (revision, kind, id, version, changed_by, changed_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                revision(connection),
                kind,
                id,
                version,
                by,
                when);
    }
}
