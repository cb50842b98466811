package sluice.bench;

/// What is counted, and in what.
enum Metric {
    CPU_PER_CALL("CPU", "µs/call"),
    CPU_PER_FRAME("CPU", "µs/frame"),
    CPU_MORE("CPU more", "µs/call"),
    P50("p50", "µs"),
    P99("p99", "µs"),
    P999("p99.9", "µs"),
    CALLS("calls", "/s"),
    RSS("RSS", "MB"),
    PEAK_RSS("peak RSS", "MB"),
    EXTRA_MEMORY("extra memory", "x body"),
    COMPILERS("compilers", "% of a core"),
    START("start to first 200", "ms");

    final String title;
    final String unit;

    Metric(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }
}
