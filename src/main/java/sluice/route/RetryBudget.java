package sluice.route;

/// How often calls may be sent again to one target: a tenth of its calls of the last ten seconds, and three a second
/// beside, so that a sick provider is not stormed and a quiet one may still be asked twice.
final class RetryBudget {
    static final int SECONDS = 10;
    static final int FREE_PER_SECOND = 3;
    static final int CALLS_PER_RETRY = 10;

    private final RollingCount calls = new RollingCount(SECONDS);
    private final RollingCount retries = new RollingCount(SECONDS);

    /// A call is sent for the first time.
    void called(long nowNanos) {
        calls.add(nowNanos);
    }

    /// Takes one retry out, when one is left. Two that ask in the same instant may both get the last.
    boolean take(long nowNanos) {
        if (left(nowNanos) <= 0) {
            return false;
        }
        retries.add(nowNanos);
        return true;
    }

    long left(long nowNanos) {
        return (long) FREE_PER_SECOND * SECONDS
                + calls.sum(nowNanos) / CALLS_PER_RETRY
                - retries.sum(nowNanos);
    }
}
