package sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sluice.store.Stores;

/// An empty store, ready-made: hundreds of gateways need one, and making it takes longer than most tests.
final class FreshStore {
    private static final byte[] MADE = made();

    private FreshStore() {}

    static void in(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("sluice.db"), MADE);
    }

    private static byte[] made() {
        try {
            var directory = Files.createTempDirectory("store");
            var file = directory.resolve("sluice.db");
            Stores.sqlite(file).close();
            var bytes = Files.readAllBytes(file);
            try (var files = Files.list(directory)) {
                for (var each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
            return bytes;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
