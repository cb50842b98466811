package sluice.loop;

/// What is done to bytes, and how many of them a loop does it to itself. Every other call of the loop stands still
/// meanwhile, so it is given about 200 us; to hand a call over and back costs 10 to 45 us. The sizes are measured (two
/// shared cores, `ScannerBenchmark` and `TranslationBenchmark` in `bench`; RATIONALE.md).
public enum Work {
    /// Looking at every byte once: reading an envelope, searching for a name, copying. 384 KB take 40 us where they are
    /// plain English, and 200 us where every third byte is escaped or no ASCII.
    SCAN(384 << 10),

    /// Reading a document as a tree and writing it anew. 64 KB take 110 us where they are a few long texts; many small
    /// parts take a few times as long.
    TRANSLATION(64 << 10),

    /// Searching a text by regular expressions. 8 KB take 200 us.
    PATTERNS(8 << 10);

    private final int mostBytes;

    Work(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    boolean fitsOnLoop(long bytes) {
        return bytes <= mostBytes;
    }
}
