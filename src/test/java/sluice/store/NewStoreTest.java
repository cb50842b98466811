package sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewStoreTest {
    @TempDir Path folder;

    @Test
    void aCopyIsAStoreInWhichNothingIsLeftToDo() throws IOException, SQLException {
        NewStore.make(folder.resolve("ready.db"));
        var file = folder.resolve("store/sluice.db");
        Files.createDirectories(file.getParent());

        copy(file);

        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            assertThat(Migrations.SQLITE.areApplied(connection, "the copy")).isTrue();
        }
        try (var store = Stores.sqlite(file)) {
            assertThat(store.objects()).isEmpty();
            assertThat(store.revision()).isZero();
            assertThat(store.keep("a-secret", new byte[] {1})).containsExactly(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aStoreThatIsThereIsNeverReplaced() throws IOException {
        NewStore.make(folder.resolve("ready.db"));
        var file = Files.writeString(folder.resolve("sluice.db"), "somebody else's");

        assertThatThrownBy(() -> copy(file)).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(file).hasContent("somebody else's");
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(List.of("ready.db", "sluice.db"));
        }
    }

    private void copy(Path file) throws IOException {
        try (InputStream ready = Files.newInputStream(folder.resolve("ready.db"))) {
            NewStore.copy(ready, file);
        }
    }
}
