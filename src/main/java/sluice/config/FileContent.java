package sluice.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sluice.call.Bytes;

/// A file that another part of the product reads, with its name for messages. It is read with the configuration, so a
/// change of it is a change of the configuration.
public record FileContent(Path file, Bytes bytes) {
    private static final int MAX_BYTES = 1024 * 1024;

    static Optional<FileContent> read(Path file, Place place, Reading reading) {
        try {
            var bytes = Bytes.of(reading.sources().read(file, MAX_BYTES));
            return Optional.of(new FileContent(file, bytes));
        } catch (IOException why) {
            reading.fault(
                    place,
                    "the file " + Discretion.quote(file.toString()) + " " + why.getMessage());
            return Optional.empty();
        }
    }
}
