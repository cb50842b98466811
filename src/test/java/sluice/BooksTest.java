package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.config.StoreConfig;

/// What outlives a start, as files.
class BooksTest {
    @TempDir private Path directory;

    private Books open() {
        return Books.open(
                new StoreConfig(
                        new StoreConfig.Kind.Embedded(),
                        directory,
                        Optional.empty(),
                        Duration.ofMillis(50),
                        64 << 20,
                        true,
                        Duration.ofMinutes(10),
                        Duration.ofDays(800)),
                Clock.systemUTC());
    }

    @Test
    void aDirectoryBelongsToOne() {
        try (var first = open()) {
            assertThat(first.refusal()).isEmpty();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another gateway uses the directory");
            assertThat(first.refusal()).isEmpty();
        }
        open().close();
    }

    @Test
    void halfANameOfTheNodeIsMadeAgain() throws IOException {
        open().close();
        var name = Files.readString(directory.resolve("node"));
        open().close();
        assertThat(directory.resolve("node")).hasContent(name);
        Files.writeString(directory.resolve("node"), "");
        open().close();
        assertThat(Files.readString(directory.resolve("node"))).isNotBlank();
    }

    @Test
    void aFailedStartHoldsNothing() throws IOException {
        open().close();
        var strange = directory.resolve("journal/spend-none.journal");
        Files.writeString(strange, "not ours");
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no segment");
        Files.delete(strange);
        open().close();
    }
}
