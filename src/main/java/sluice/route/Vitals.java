package sluice.route;

import sluice.call.ModelName;

/// How one model at one target is doing: its recent failures, its pace, and what the target said of its own limits. It
/// outlives configurations and is shared by all loops; lock-free.
final class Vitals {
    /// Below this share of a quota, the share of the traffic falls with it.
    private static final double SCARCE = 0.2;

    /// What remains of the traffic's share when next to nothing is left, so that recovery is noticed.
    private static final double LEAST_SHARE = 0.01;

    private static final long NEVER = Long.MIN_VALUE;

    private final ModelName model;
    private final TargetHealth target;
    private final FailureRing failures = new FailureRing(Health.FAILURES);
    private final Pace pace = new Pace();
    private final RollingMean timePerToken = new RollingMean();
    private final RollingMean timeToFirstToken = new RollingMean();
    private volatile long restUntilNanos = NEVER;
    private volatile QuotaSeen quota = QuotaSeen.NONE;

    /// @param left from 0 to 1
    private record QuotaSeen(double left, long untilNanos) {
        static final QuotaSeen NONE = new QuotaSeen(1, NEVER);
    }

    Vitals(ModelName model, TargetHealth target) {
        this.model = model;
        this.target = target;
    }

    ModelName model() {
        return model;
    }

    TargetHealth target() {
        return target;
    }

    void failed(long nowNanos) {
        failures.add(nowNanos);
    }

    /// The target said how long it wants to be left alone.
    void rests(long untilNanos) {
        restUntilNanos = untilNanos;
    }

    /// The target said how much of its quota is left, and that holds until then.
    void quota(double left, long untilNanos) {
        quota = new QuotaSeen(left, untilNanos);
    }

    /// A call was answered at this speed.
    ///
    /// @param firstTokenNanos from sending to the first token; 0 when nobody could tell
    void answered(long nowNanos, long nanosPerToken, long firstTokenNanos) {
        pace.add(nowNanos, nanosPerToken);
        timePerToken.add(nowNanos, nanosPerToken);
        if (firstTokenNanos > 0) {
            timeToFirstToken.add(nowNanos, firstTokenNanos);
        }
    }

    /// Two failures of a time, a failing probe, or the target's own word make it unfit (design section 8). It recovers
    /// by itself as all of these age.
    Fitness fitness(long nowNanos, Candidate candidate) {
        if (target.isUnhealthy(nowNanos) || failures.isFull(nowNanos, Health.WINDOW_NANOS)) {
            return Fitness.UNHEALTHY;
        }
        if (isResting(nowNanos) || quotaLeft(nowNanos) <= 0) {
            return Fitness.RESTING;
        }
        if (!candidate.isReady()) {
            return Fitness.NOT_READY;
        }
        var sla = candidate.sla();
        return sla != null && sla.isMissed(this, nowNanos) ? Fitness.SLOW : Fitness.FIT;
    }

    private boolean isResting(long nowNanos) {
        long until = restUntilNanos;
        return until != NEVER && nowNanos - until < 0;
    }

    private double quotaLeft(long nowNanos) {
        var seen = quota;
        return seen.untilNanos != NEVER && nowNanos - seen.untilNanos < 0 ? seen.left : 1;
    }

    /// The part of its share that a model still gets: all of it while there is plenty left.
    double share(long nowNanos) {
        double left = quotaLeft(nowNanos);
        return left >= SCARCE ? 1 : Math.max(LEAST_SHARE, left / SCARCE);
    }

    Pace.Summary pace(long nowNanos) {
        return pace.at(nowNanos);
    }

    long meanNanosPerToken(long nowNanos) {
        return timePerToken.mean(nowNanos);
    }

    long meanNanosToFirstToken(long nowNanos) {
        return timeToFirstToken.mean(nowNanos);
    }

    /// How long ago it last failed, itself or its target; never more than the window.
    long failureAge(long nowNanos) {
        return Math.min(target.failureAge(nowNanos), failures.age(nowNanos, Health.WINDOW_NANOS));
    }

    int recentFailures(long nowNanos) {
        return failures.count(nowNanos, Health.WINDOW_NANOS);
    }
}
