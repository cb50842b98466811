package sluice.route;

/// How a target is doing as a place: whether it can be reached and takes our credential, whatever the model. Shared by
/// all loops; lock-free.
final class TargetHealth {
    private final FailureRing failures = new FailureRing(Health.FAILURES);
    private final RetryBudget retries = new RetryBudget();
    private volatile boolean probeFails;

    void failed(long nowNanos) {
        failures.add(nowNanos);
    }

    /// What the last probe said; without probes it never fails.
    void probed(boolean well) {
        probeFails = !well;
    }

    boolean probeFails() {
        return probeFails;
    }

    RetryBudget retries() {
        return retries;
    }

    int recentFailures(long nowNanos) {
        return failures.count(nowNanos, Health.WINDOW_NANOS);
    }

    long failureAge(long nowNanos) {
        return failures.age(nowNanos, Health.WINDOW_NANOS);
    }

    boolean isUnhealthy(long nowNanos) {
        return probeFails || failures.isFull(nowNanos, Health.WINDOW_NANOS);
    }
}
