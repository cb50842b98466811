package sluice.call;

import java.util.Locale;

/// Where the time of one call went, station by station, in nanoseconds. Laps follow each other: a lap ends where the
/// next begins. Sent as {@code server-timing} and kept in the ledger.
public final class Timings {

    /// The stations that are timed, in the order of the path.
    public enum Station {
        AUTH(0),
        READ(1),
        POLICY(2),
        ROUTE(3),
        UPSTREAM(4),
        RELAY(5);

        private final int place;
        private final String token = name().toLowerCase(Locale.ROOT);

        Station(int place) {
            this.place = place;
        }

        public String token() {
            return token;
        }
    }

    private static final Station[] STATIONS = Station.values();

    /// Six stations fit, so that the text need not grow.
    private static final int HEADER_CHARACTERS = 128;

    private final long startedNanos;
    private final long[] nanos = new long[STATIONS.length];
    private long lapStartedNanos;
    private int next;

    public Timings(long nowNanos) {
        startedNanos = nowNanos;
        lapStartedNanos = nowNanos;
    }

    /// Books the time since the last lap on {@code station}.
    public void lap(Station station) {
        long now = System.nanoTime();
        nanos[station.place] += now - lapStartedNanos;
        lapStartedNanos = now;
        next = Math.min(station.place + 1, STATIONS.length - 1);
    }

    /// The call stopped: the time since the last lap was spent at the station behind it.
    public void stop() {
        lap(STATIONS[next]);
    }

    public long nanos(Station station) {
        return nanos[station.place];
    }

    public long startedNanos() {
        return startedNanos;
    }

    /// The value of a {@code server-timing} header: every lap that has ended, in milliseconds with three decimals.
    public String serverTiming() {
        var text = new StringBuilder(HEADER_CHARACTERS);
        for (var station : STATIONS) {
            long micros = nanos[station.place] / 1_000;
            if (nanos[station.place] == 0) {
                continue;
            }
            if (!text.isEmpty()) {
                text.append(", ");
            }
            text.append(station.token()).append(";dur=").append(micros / 1_000).append('.');
            long rest = micros % 1_000;
            text.append((char) ('0' + rest / 100));
            text.append((char) ('0' + rest / 10 % 10));
            text.append((char) ('0' + rest % 10));
        }
        return text.isEmpty() ? "auth;dur=0.000" : text.toString();
    }
}
