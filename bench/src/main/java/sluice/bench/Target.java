package sluice.bench;

import java.util.Locale;

/// What the product promises to stay under, and what it aims for. Less is better in every one.
enum Target {
    CPU_PER_CALL("CPU per call, 32 at a time, 0.5 KB", "x nginx", 2.0, 1.5),
    ADDED_P50("added p50 against direct, 1 at a time, one core", "µs", 200, 100),
    ADDED_P99("added p99 against direct, 1 at a time, one core", "µs", 500, 200),
    ACROSS_P50("added p50 against direct, 1 at a time, across cores", "µs", 200, 100),
    ACROSS_P99("added p99 against direct, 1 at a time, across cores", "µs", 500, 200),
    CPU_PER_FRAME("CPU per paced SSE frame", "x nginx", 2.5, 1.6),
    STREAMS_LOST("of 1,000 streams, cut short or out of order", "streams", 0, 0),
    STREAMS_RSS("peak RSS with 1,000 streams", "MB", 400, 250),
    TRANSLATED_SMALL("CPU more per call translated to Messages, 0.5 KB", "µs", 25, 25),
    TRANSLATED_LARGE("CPU more per call translated to Messages, 100 KB", "µs", 1_500, 1_500),
    CPU_PER_BIG_CALL("CPU per 1 MB call", "x nginx", 3.0, 1.6),
    EXTRA_MEMORY("extra memory at the peak of a 10 MB call", "x body", 3.0, 1.0),
    COLD_START("cold start to first 200", "ms", 900, 500),
    RSS_IDLE("RSS idle", "MB", 200, 110),
    RSS_AFTER("RSS after 32 at a time", "MB", 320, 200);

    final String what;
    final String unit;
    final double atLeast;
    final double aim;

    Target(String what, String unit, double atLeast, double aim) {
        this.what = what;
        this.unit = unit;
        this.atLeast = atLeast;
        this.aim = aim;
    }

    String bounds() {
        var digits = unit.startsWith("x ") ? 1 : 0;
        var format = "%." + digits + "f / %." + digits + "f %s";
        return String.format(Locale.ROOT, format, atLeast, aim, unit);
    }

    String verdict(double measured) {
        if (Double.isNaN(measured)) {
            return "not measured";
        }
        if (measured < 0) {
            return "too noisy to say"; // slower without a proxy than with one
        }
        return measured <= aim ? "pass, aim met" : measured <= atLeast ? "pass" : "MISS";
    }
}
