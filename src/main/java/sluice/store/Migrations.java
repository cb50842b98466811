package sluice.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// What the tables of a store must be, and how they become so. Loading Flyway takes longer than everything else at a
/// start, so its history is read here first, and Flyway is asked only when something is to be done.
///
/// @param folder of the scripts, below this package
/// @param scripts in their order; a test holds this list against the folder
/// @param tables a statement that lists the tables of the place, those of the database itself left out
record Migrations(String folder, List<String> scripts, String tables) {
    static final String HISTORY = "sluice_schema_history";

    static final Migrations SQLITE =
            new Migrations(
                    "sqlite",
                    List.of("V1__objects_keys_and_spend.sql"),
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'");

    /// Only the schema that tables are made in counts, and not what an extension brought along.
    static final Migrations POSTGRESQL =
            new Migrations(
                    "postgresql",
                    List.of("V1__objects_keys_and_spend.sql"),
                    """
                    SELECT relname FROM pg_class
                    WHERE relkind IN ('r', 'p') AND relnamespace = CAST(current_schema() AS regnamespace)
                        AND NOT EXISTS (SELECT 1 FROM pg_depend
                            WHERE classid = CAST('pg_class' AS regclass) AND objid = pg_class.oid AND deptype = 'e')
                    """);

    Migrations {
        scripts = List.copyOf(scripts);
    }

    /// @param place names the store in a message
    /// @return whether nothing is left to do; if not, {@link #apply} does it
    /// @throws StoreRefused when the store must not be used
    boolean areApplied(Connection connection, String place) throws SQLException {
        var found = Sql.list(connection, row -> row.getString(1), tables);
        if (found.isEmpty()) {
            return false;
        }
        if (!found.contains(HISTORY)) {
            throw new StoreRefused(
                    "%s belongs to something else: it has tables such as '%s' and no '%s'. Name an empty one."
                            .formatted(place, found.getFirst(), HISTORY));
        }
        return compare(history(connection), place);
    }

    private static List<Applied> history(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                row -> new Applied(row.getString(1), row.getInt(2), row.getString(3)),
                "SELECT version, checksum, CASE WHEN success THEN 'yes' ELSE 'no' END FROM "
                        + HISTORY
                        + " WHERE version IS NOT NULL ORDER BY installed_rank");
    }

    /// A migration as the history tells it.
    private record Applied(String version, int checksum, String success) {}

    private boolean compare(List<Applied> history, String place) {
        for (int at = 0; at < history.size(); at++) {
            var applied = history.get(at);
            if (at >= scripts.size()) {
                throw new StoreRefused(
                        "%s has version %s and this program knows versions up to %d: a newer one used it. Start that one again, or restore a backup from before."
                                .formatted(place, history.getLast().version, scripts.size()));
            }
            if (!applied.success.equals("yes")) {
                throw new StoreRefused(
                        "the migration of %s to version %s failed. Restore a backup from before."
                                .formatted(place, applied.version));
            }
            var script = scripts.get(at);
            if (!script.startsWith("V" + applied.version + "__")
                    || applied.checksum != checksum(script)) {
                throw new StoreRefused(
                        "%s was brought to version %s by another script than %s of this program. Use the program that made it, or restore a backup."
                                .formatted(place, applied.version, script));
            }
        }
        return history.size() == scripts.size();
    }

    /// As Flyway has it: the CRC-32 of the lines in UTF-8, without what ends them. A test compares the two.
    int checksum(String script) {
        var sum = new CRC32();
        try (var stream =
                        Objects.requireNonNull(Migrations.class.getResourceAsStream(path(script)));
                var reader =
                        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                sum.update(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return (int) sum.getValue();
    }

    private String path(String script) {
        return folder + "/" + script;
    }

    void apply(DataSource source, String place) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .resourceProvider(new Scripts(folder, scripts))
                    .validateMigrationNaming(true)
                    .table(HISTORY)
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            throw new StoreRefused(
                    "%s could not be brought to version %d: %s. Nothing was kept of the version that failed."
                            .formatted(place, scripts.size(), reason(failed)),
                    failed);
        }
    }

    private static String reason(FlywayException failed) {
        Throwable deepest = failed;
        for (Throwable each = failed; each != null; each = each.getCause()) {
            deepest = each;
        }
        return String.valueOf(deepest.getMessage()).strip();
    }
}
