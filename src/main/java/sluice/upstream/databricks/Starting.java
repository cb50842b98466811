package sluice.upstream.databricks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The endpoints of a workspace that said they were not ready yet, such as one that was scaled to zero and is being
/// started. Each is forgotten when it answers well, when the workspace lists its endpoints anew, or after a while.
final class Starting {
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MAX_REMEMBERED = 4_096;

    private final Map<String, Instant> until = new ConcurrentHashMap<>();
    private final Clock clock;

    Starting(Clock clock) {
        this.clock = clock;
    }

    void refused(String model) {
        if (until.size() < MAX_REMEMBERED) {
            until.put(model, clock.instant().plus(REMEMBERED));
        }
    }

    void answered(String model) {
        if (!until.isEmpty()) {
            until.remove(model);
        }
    }

    void forget() {
        until.clear();
    }

    boolean is(String model) {
        if (until.isEmpty()) {
            return false;
        }
        var end = until.get(model);
        return end != null && clock.instant().isBefore(end);
    }
}
