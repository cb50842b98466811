package sluice.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.config.LedgerConfig.Destination;
import sluice.config.LedgerConfig.WhenFull;

/// {@code ledger}: where the entries of calls are written.
final class LedgerSection {
    private static final Key<Path> PATH =
            Key.defaulting(
                    "path",
                    FilePath.SHAPE,
                    "./data/ledger.jsonl",
                    "the file that entries are appended to; '-' is standard output");
    private static final Key<Integer> QUEUE =
            Key.defaulting(
                    "queue",
                    Whole.small(1, 1 << 22),
                    65_536L,
                    "how many entries may wait to be written");
    private static final Key<WhenFull> WHEN_FULL =
            Key.defaulting(
                    "when_full",
                    new OneOf<>(whenFull(), Set.of()),
                    "block",
                    "what a call does when the queue is full: wait, or go on and be counted as lost");
    private static final Key<Long> MAX_FILE =
            Key.defaulting(
                    "max_file_mib",
                    new Whole(1, 65_536),
                    256L,
                    "how large one file grows, in mebibytes, before the next is begun");
    private static final Key<Integer> MAX_FILES =
            Key.defaulting(
                    "max_files",
                    Whole.small(1, 10_000),
                    8L,
                    "how many files are kept; the oldest goes first");

    static final Section<LedgerConfig> SECTION =
            new Section<>(
                    "ledger",
                    List.of(PATH, QUEUE, WHEN_FULL, MAX_FILE, MAX_FILES),
                    Set.of(),
                    _ -> {},
                    ledger ->
                            new LedgerConfig(
                                    ledger.the(PATH).toString().equals("-")
                                            ? new Destination.StandardOutput()
                                            : new Destination.File(ledger.the(PATH)),
                                    ledger.the(QUEUE),
                                    ledger.the(WHEN_FULL),
                                    ledger.the(MAX_FILE) * 1024 * 1024,
                                    ledger.the(MAX_FILES)));

    private LedgerSection() {}

    private static Map<String, WhenFull> whenFull() {
        var choices = new LinkedHashMap<String, WhenFull>();
        choices.put("block", WhenFull.BLOCK);
        choices.put("drop-and-count", WhenFull.DROP_AND_COUNT);
        return choices;
    }
}
