package sluice.route;

/// How slow a candidate may be before others go first, over the last three minutes; 0 where it does not matter.
public record Sla(long nanosPerToken, long nanosToFirstToken) {

    boolean isMissed(Vitals vitals, long nowNanos) {
        return (nanosPerToken > 0 && vitals.meanNanosPerToken(nowNanos) > nanosPerToken)
                || (nanosToFirstToken > 0
                        && vitals.meanNanosToFirstToken(nowNanos) > nanosToFirstToken);
    }
}
