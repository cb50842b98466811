package sluice.identity;

import java.time.Clock;

/// How many questions may be asked: so many a minute, a quarter of them at once, and so many under way.
final class Ration {
    private static final int MOST_UNDER_WAY = 32;

    private final Clock clock;
    private final double perMilli;
    private final double most;
    private double left;
    private long filledMillis;
    private int underWay;

    Ration(int perMinute, Clock clock) {
        this.clock = clock;
        this.perMilli = perMinute / 60_000.0;
        this.most = Math.max(1, perMinute / 4.0);
        this.left = most;
        this.filledMillis = clock.millis();
    }

    /// @return false when it is used up; else {@link #giveBack} must follow
    synchronized boolean take() {
        long now = clock.millis();
        left = Math.min(most, left + Math.max(0, now - filledMillis) * perMilli);
        filledMillis = now;
        if (left < 1 || underWay >= MOST_UNDER_WAY) {
            return false;
        }
        left--;
        underWay++;
        return true;
    }

    /// The question is over.
    synchronized void giveBack() {
        underWay--;
    }
}
