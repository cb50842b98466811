package sluice.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A store with its tables and nothing in them. To make the tables takes longer than all else at a start, so the build
/// makes such a store once, with the same migrations, and a first start takes a copy of it. Whoever runs without one makes
/// the tables.
final class NewStore {
    private static final String NAME = "new.db";

    private NewStore() {}

    /// The one that came with the program; null where none did.
    static @Nullable InputStream shipped() {
        return NewStore.class.getResourceAsStream(NAME);
    }

    /// The file has all of it or is not there, whenever the machine stops. Only its owner may read it.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when somebody else was first
    static void copy(InputStream ready, Path file) throws IOException {
        var making = Files.createTempFile(file.toAbsolutePath().getParent(), "store-", ".new");
        try {
            try (var channel = FileChannel.open(making, StandardOpenOption.WRITE)) {
                ready.transferTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(making, file);
        } finally {
            Files.deleteIfExists(making);
        }
    }

    /// Called by the build: makes one below a folder, at the place where {@link #shipped} looks on the class path.
    static void main(String[] arguments) throws IOException {
        var name = NewStore.class.getPackageName().replace('.', '/') + "/" + NAME;
        make(Path.of(arguments[0]).resolve(name));
    }

    static void make(Path file) throws IOException {
        Stores.sqlite(file).close();
        if (Files.exists(file.resolveSibling(file.getFileName() + "-wal"))) {
            throw new IOException("not all of the new store is in '" + file + "'");
        }
    }
}
