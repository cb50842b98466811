package sluice.bench.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Random;

/// Virtual keys as an operator's tool makes them: of a few hundred teams and many users, with documents that repeat.
final class ManyKeys {
    static final int TEAMS = 200;

    private ManyKeys() {}

    /// Beside the store, which writes each to the disk before it takes the next.
    static void fill(Path file, int count) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO keys (id, hash, disabled, team, user_id, document, version, created_at,
                                    updated_at, updated_by)
                                VALUES (?, ?, 0, ?, ?, ?, 1, ?, ?, 'admin')
                                """)) {
            connection.setAutoCommit(false);
            var hash = new Random(7);
            var bytes = new byte[32];
            for (var at = 0; at < count; at++) {
                hash.nextBytes(bytes);
                insert.setString(1, "key-%016x".formatted(ByteBuffer.wrap(bytes).getLong()));
                insert.setBytes(2, bytes);
                insert.setString(3, "team-" + at % TEAMS);
                insert.setString(4, "user-" + at % 90_000);
                insert.setString(
                        5,
                        "{\"models\": [\"databricks-claude-*\", \"fast\"], \"metadata\": {\"app\": \"app-%d\"}}"
                                .formatted(at % 300));
                insert.setLong(6, 1_790_000_000_000_000L + at);
                insert.setLong(7, 1_790_000_000_000_000L + at);
                insert.executeUpdate();
            }
            connection.commit();
        }
    }
}
