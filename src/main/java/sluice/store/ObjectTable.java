package sluice.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The table of objects.
final class ObjectTable {
    private static final String SELECT =
            "SELECT kind, id, document, version, created_at, updated_at, updated_by FROM objects ";

    private ObjectTable() {}

    static List<StoredObject> all(Connection connection) throws SQLException {
        return Sql.list(connection, ObjectTable::read, SELECT + "ORDER BY kind, id");
    }

    static Optional<StoredObject> one(Connection connection, String kind, String id)
            throws SQLException {
        return Sql.one(
                connection, ObjectTable::read, SELECT + "WHERE kind = ? AND id = ?", kind, id);
    }

    static Optional<StoredObject> put(
            Connection connection, StoredObject.Change change, long expected) throws SQLException {
        Changes.begin(connection);
        int written =
                expected == 0
                        ? insert(connection, change)
                        : Sql.update(
                                connection,
                                """
                                UPDATE objects
                                SET document = ?, version = version + 1, updated_at = ?, updated_by = ?
                                WHERE kind = ? AND id = ? AND version = ?
                                """,
                                change.document(),
                                change.when(),
                                change.by(),
                                change.kind(),
                                change.id(),
                                expected);
        if (written == 0) {
            return Optional.empty();
        }
        Changes.write(
                connection, change.kind(), change.id(), expected + 1, change.by(), change.when());
        return one(connection, change.kind(), change.id());
    }

    private static int insert(Connection connection, StoredObject.Change change)
            throws SQLException {
        return Sql.update(
                connection,
                """
                INSERT INTO objects (kind, id, document, version, created_at, updated_at, updated_by)
                VALUES (?, ?, ?, 1, ?, ?, ?)
                ON CONFLICT (kind, id) DO NOTHING
                """,
                change.kind(),
                change.id(),
                change.document(),
                change.when(),
                change.when(),
                change.by());
    }

    static boolean remove(
            Connection connection, String kind, String id, long expected, String by, Instant when)
            throws SQLException {
        Changes.begin(connection);
        int removed =
                Sql.update(
                        connection,
                        "DELETE FROM objects WHERE kind = ? AND id = ? AND version = ?",
                        kind,
                        id,
                        expected);
        if (removed > 0) {
            Changes.writeRemoval(connection, kind, id, by, when);
        }
        return removed > 0;
    }

    private static StoredObject read(ResultSet row) throws SQLException {
        return new StoredObject(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                Moments.read(row, 5),
                Moments.read(row, 6),
                row.getString(7));
    }
}
