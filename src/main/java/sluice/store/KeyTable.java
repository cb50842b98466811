package sluice.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The table of keys.
final class KeyTable {
    /// How a change of a key is called among the changes.
    static final String KIND = "keys";

    private static final int ROWS_AT_A_TIME = 1_000;
    private static final String SELECT =
            """
            SELECT id, hash, replaced_hash, replaced_until, disabled, expires_at, team, customer, user_id,
                document, version, created_at, updated_at, updated_by
            FROM keys
            """;

    private KeyTable() {}

    static void each(Connection connection, Consumer<StoredKey> each) throws SQLException {
        try (var statement = connection.prepareStatement(SELECT)) {
            statement.setFetchSize(ROWS_AT_A_TIME);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(read(rows));
                }
            }
        }
    }

    static Optional<StoredKey> one(Connection connection, String id) throws SQLException {
        return Sql.one(connection, KeyTable::read, SELECT + "WHERE id = ?", id);
    }

    static List<StoredKey> page(Connection connection, KeyFilter filter, String after, int atMost)
            throws SQLException {
        var sql = new StringBuilder(SELECT).append("WHERE id > ?");
        var values = new ArrayList<Object>(List.of(after));
        restrict(sql, values, " AND team = ?", filter.team());
        restrict(sql, values, " AND customer = ?", filter.customer());
        restrict(sql, values, " AND user_id = ?", filter.user());
        restrict(sql, values, " AND disabled = ?", number(filter.disabled()));
        values.add(atMost);
        return Sql.list(
                connection,
                KeyTable::read,
                sql.append(" ORDER BY id LIMIT ?").toString(),
                values.toArray());
    }

    private static void restrict(
            StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            values.add(value);
        }
    }

    static Optional<StoredKey> put(Connection connection, StoredKey key, long expected)
            throws SQLException {
        Changes.begin(connection);
        if (version(connection, key.id()) != expected) {
            return Optional.empty();
        }
        refuseSharedHash(connection, key);
        if (expected == 0) {
            insert(connection, key);
        } else {
            update(connection, key);
        }
        Changes.write(connection, KIND, key.id(), expected + 1, key.updatedBy(), key.updatedAt());
        return one(connection, key.id());
    }

    private static long version(Connection connection, String id) throws SQLException {
        return Sql.one(
                        connection,
                        row -> row.getLong(1),
                        "SELECT version FROM keys WHERE id = ?",
                        id)
                .orElse(0L);
    }

    private static void refuseSharedHash(Connection connection, StoredKey key) throws SQLException {
        byte[] hash = key.hash().bytes();
        byte @Nullable [] replaced = bytes(key.replacedHash());
        var other =
                Sql.one(
                        connection,
                        row -> row.getString(1),
                        """
                        SELECT id FROM keys
                        WHERE id <> ? AND (hash = ? OR hash = ? OR replaced_hash = ? OR replaced_hash = ?)
                        LIMIT 1
                        """,
                        key.id(),
                        hash,
                        replaced,
                        hash,
                        replaced);
        if (other.isPresent()) {
            throw new IllegalArgumentException(
                    "the keys '" + key.id() + "' and '" + other.get() + "' would be the same key");
        }
    }

    private static void insert(Connection connection, StoredKey key) throws SQLException {
        Sql.update(
                connection,
                """
                INSERT INTO keys (id, hash, replaced_hash, replaced_until, disabled, expires_at, team, customer,
                    user_id, document, version, created_at, updated_at, updated_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
                """,
                key.id(),
                key.hash().bytes(),
                bytes(key.replacedHash()),
                key.replacedUntil(),
                number(key.disabled()),
                key.expiresAt(),
                key.team(),
                key.customer(),
                key.user(),
                key.document(),
                key.createdAt(),
                key.updatedAt(),
                key.updatedBy());
    }

    private static void update(Connection connection, StoredKey key) throws SQLException {
        Sql.update(
                connection,
                """
                UPDATE keys
                SET hash = ?, replaced_hash = ?, replaced_until = ?, disabled = ?, expires_at = ?, team = ?,
                    customer = ?, user_id = ?, document = ?, version = version + 1, updated_at = ?, updated_by = ?
                WHERE id = ?
                """,
                key.hash().bytes(),
                bytes(key.replacedHash()),
                key.replacedUntil(),
                number(key.disabled()),
                key.expiresAt(),
                key.team(),
                key.customer(),
                key.user(),
                key.document(),
                key.updatedAt(),
                key.updatedBy(),
                key.id());
    }

    static boolean remove(Connection connection, String id, long expected, String by, Instant when)
            throws SQLException {
        Changes.begin(connection);
        int removed =
                Sql.update(
                        connection, "DELETE FROM keys WHERE id = ? AND version = ?", id, expected);
        if (removed > 0) {
            Changes.writeRemoval(connection, KIND, id, by, when);
        }
        return removed > 0;
    }

    private static StoredKey read(ResultSet row) throws SQLException {
        byte[] replaced = row.getBytes(3);
        return new StoredKey(
                row.getString(1),
                KeyHash.of(row.getBytes(2)),
                replaced == null ? null : KeyHash.of(replaced),
                Moments.readOptional(row, 4),
                row.getInt(5) != 0,
                Moments.readOptional(row, 6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getLong(11),
                Moments.read(row, 12),
                Moments.read(row, 13),
                row.getString(14));
    }

    private static byte @Nullable [] bytes(@Nullable KeyHash hash) {
        return hash == null ? null : hash.bytes();
    }

    private static @Nullable Integer number(@Nullable Boolean flag) {
        return flag == null ? null : flag ? 1 : 0;
    }
}
