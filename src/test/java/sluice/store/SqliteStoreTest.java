package sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
    @TempDir Path folder;

    @Override
    Store open() {
        return Stores.sqlite(file());
    }

    private Path file() {
        return folder.resolve("not there yet/it's 100% ours.db");
    }

    @Override
    Connection connect() throws SQLException {
        return connect(file());
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    Migrations migrations() {
        return Migrations.SQLITE;
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        store.put(team("research", "{}"), 0);
        var names = List.of("", "-wal", "-shm");
        for (var name : names) {
            var path = file().resolveSibling(file().getFileName() + name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
        store.close();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));
        store = open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void readersDoNotWaitForTheWriterAndCommitsAreOnTheDisk() throws SQLException {
        try (var connection = connect()) {
            assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
        }
        try (var database = SqliteDatabase.open(file(), Migrations.SQLITE)) {
            assertThat(database.<String>write(each -> pragma(each, "synchronous"))).isEqualTo("2");
            assertThat(database.<String>write(each -> pragma(each, "busy_timeout")))
                    .isEqualTo("5000");
        }
    }

    private static String pragma(Connection connection, String name) throws SQLException {
        return Sql.one(connection, row -> row.getString(1), "PRAGMA " + name).orElseThrow();
    }

    @Test
    void aReaderSeesTheLastCommitWhileAnotherIsUnderWay() throws SQLException {
        store.put(team("research", "{}"), 0);
        try (var other = connect()) {
            Sql.update(other, "BEGIN IMMEDIATE");
            Sql.update(other, "DELETE FROM objects");
            assertThat(store.objects()).hasSize(1);
            store.ping();
            Sql.update(other, "ROLLBACK");
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws IOException {
        var file = folder.resolve("notes.txt");
        Files.writeString(file, "what must not be lost ".repeat(500));
        assertThatThrownBy(() -> Stores.sqlite(file))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not a database");
        assertThat(Files.readString(file)).startsWith("what must").hasSize(22 * 500);
    }

    @Test
    void somebodyElsesDatabaseIsRefusedAndLeftAlone() throws Exception {
        var file = folder.resolve("theirs.db");
        try (var connection = connect(file)) {
            Sql.update(connection, "CREATE TABLE invoices (id INTEGER)");
        }
        var before = Files.readAllBytes(file);
        assertThatThrownBy(() -> Stores.sqlite(file))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("'invoices'")
                .hasMessageContaining("Name an empty one");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aFolderIsRefused() {
        assertThatThrownBy(() -> Stores.sqlite(folder))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is not a file that this program may read and write");
    }

    @Test
    void aFolderThatCannotBeMadeOrWrittenToIsNamed() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Stores.sqlite(file.resolve("sluice.db")))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(file.toString());
        // Nobody may write there, not even root, for whom a folder's permissions mean nothing.
        assertThatThrownBy(() -> Stores.sqlite(Path.of("/proc/sluice.db")))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("Its folder must be one that this program may write to");
    }

    @Test
    void aNameThatTheDriverWouldReadAsOptionsIsRefused() {
        assertThatThrownBy(() -> Stores.sqlite(folder.resolve("a.db?journal_mode=OFF")))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("question mark");
        assertThat(folder.resolve("a.db")).doesNotExist();
    }

    @Test
    void aMigrationThatFailsStopsTheStartAndChangesNothing() throws SQLException {
        store.put(team("research", "{}"), 0);
        store.close();
        var broken =
                new Migrations(
                        "broken-sqlite",
                        List.of("V1__objects_keys_and_spend.sql", "V2__broken.sql"),
                        Migrations.SQLITE.tables());
        assertThatThrownBy(() -> SqliteDatabase.open(folder.resolve("new.db"), broken))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("could not be brought to version 2")
                .hasMessageContaining("no such table: nowhere")
                .hasMessageContaining("Nothing was kept of the version that failed");
        try (var connection = connect(folder.resolve("new.db"))) {
            assertThat(Sql.list(connection, row -> row.getString(1), broken.tables()))
                    .containsExactlyInAnyOrder("one", Migrations.HISTORY);
        }
        // The next start tries again and says the same.
        assertThatThrownBy(() -> SqliteDatabase.open(folder.resolve("new.db"), broken))
                .hasMessageContaining("no such table: nowhere");
        reopen();
        assertThat(store.objects()).hasSize(1);
    }

    @Test
    void aStoreWhoseFileIsGoneDoesNotAnswer() throws IOException {
        Files.delete(file());
        assertThatThrownBy(() -> store.ping())
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("the file is gone");
    }

    @Test
    void aFileThatAnotherProgramHoldsIsUnavailable() throws SQLException {
        store.close();
        try (var other = connect()) {
            Sql.one(other, row -> row.getString(1), "PRAGMA locking_mode = EXCLUSIVE");
            Sql.update(other, "BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> SqliteDatabase.open(file(), Migrations.SQLITE))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("is held by another program");
        }
    }

    @Test
    void allScriptsAreListed() throws Exception {
        assertListed(Migrations.SQLITE);
    }

    static void assertListed(Migrations migrations) throws Exception {
        var place = Migrations.class.getResource(migrations.folder());
        try (var files = Files.list(Path.of(java.util.Objects.requireNonNull(place).toURI()))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted().toList())
                    .isEqualTo(migrations.scripts());
        }
    }
}
