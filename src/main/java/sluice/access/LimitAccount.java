package sluice.access;

import java.time.Duration;
import sluice.call.Failure;
import sluice.call.RateLimit;

/// What is in use of one limit of one owner. It outlives configurations.
final class LimitAccount {
    private final String owner;
    private final Tally tally;
    private volatile RateLimit limit;
    private long age;

    LimitAccount(String owner, RateLimit limit) {
        this.owner = owner;
        this.limit = limit;
        var per = limit.per();
        this.tally = per == null ? new AtOnce() : new SlidingWindow(per.length().toMillis());
    }

    RateLimit limit() {
        return limit;
    }

    /// @param othersAge that of the configuration which says so
    synchronized void replace(RateLimit other, long othersAge) {
        if (othersAge >= age) {
            age = othersAge;
            limit = other;
        }
    }

    boolean concerns(Need need) {
        var models = limit.models();
        return models == null
                || models.permit(need.asked())
                || need.models().stream().anyMatch(models::permit);
    }

    long worst(Need need) {
        return limit.unit() == RateLimit.Unit.TOKENS ? need.tokens() : 1;
    }

    /// @return the ticket
    /// @throws sluice.call.CallFailed when it does not fit
    long hold(Need need, long now) {
        var kept = limit;
        long amount = worst(need);
        long ticket = tally.hold(amount, kept.limit(), now);
        if (ticket == Tally.REFUSED) {
            long wait = tally.waitFor(amount, kept.limit(), now);
            var per = kept.per();
            throw new Failure.OverLimit(
                            owner,
                            kept.name(),
                            kept.unit().token(),
                            per == null ? null : per.token(),
                            kept.limit(),
                            amount,
                            wait == Long.MAX_VALUE ? null : Duration.ofMillis(Math.max(1, wait)))
                    .asException();
        }
        return ticket;
    }

    /// A request stays counted; tokens are what was used in the end; a call that is over does not run.
    void settle(long ticket, long held, long tokens) {
        switch (limit.unit()) {
            case REQUESTS -> {}
            case TOKENS -> tally.settle(ticket, held, tokens);
            case CONCURRENT -> tally.settle(ticket, held, 0);
        }
    }

    /// The call is refused for another reason, so it does not count here.
    void giveBack(long ticket, long held) {
        tally.settle(ticket, held, 0);
    }

    long left(long now) {
        return Math.max(0, limit.limit() - tally.used(now));
    }

    long untilEmpty(long now) {
        return tally.untilEmpty(now);
    }
}
