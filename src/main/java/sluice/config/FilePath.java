package sluice.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// A path in the file, relative to the directory in which the gateway was started.
final class FilePath {
    static final Shape<Path> SHAPE =
            new Text("a path", Pattern.compile("[^\\x00-\\x1f\\x7f]{1,1024}"))
                    .then(FilePath::parse);

    private FilePath() {}

    private static Optional<Path> parse(String text, Place place, Reading reading) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            reading.fault(place, "expected a path, got " + Discretion.quote(text));
            return Optional.empty();
        }
    }
}
