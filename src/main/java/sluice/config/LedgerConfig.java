package sluice.config;

import java.nio.file.Path;

/// Where an entry per call is written, how many may wait, and how much is kept.
public record LedgerConfig(
        Destination destination, int queue, WhenFull whenFull, long maxFileBytes, int maxFiles) {

    public sealed interface Destination {
        /// One JSON object a line, in {@code path} and the older files beside it.
        record File(Path path) implements Destination {}

        record StandardOutput() implements Destination {}
    }

    /// What happens to a call when {@code queue} entries wait to be written.
    public enum WhenFull {
        BLOCK,
        DROP_AND_COUNT
    }
}
