package sluice.access;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import sluice.call.Budget;
import sluice.call.Failure;

/// What was spent of one budget of one owner. It outlives configurations: when the operator changes the limit, what was
/// spent stays.
final class BudgetAccount {
    private final String name;
    private final String owner;
    private final Tally tally;
    private final BudgetNews news;
    private final AtomicLong held = new AtomicLong();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicLong toldRefusalAt = new AtomicLong(Long.MIN_VALUE);
    private volatile Budget budget;
    private long age;

    /// @param name names it over restarts
    /// @param owner for messages
    BudgetAccount(String name, String owner, Budget budget, BudgetNews news, long now) {
        this.name = name;
        this.owner = owner;
        this.budget = budget;
        this.news = news;
        this.tally =
                budget.rolling()
                        ? new SlidingWindow(Duration.ofDays(budget.every().days()).toMillis())
                        : new CalendarSpan(budget.every(), budget.zone(), now);
    }

    String name() {
        return name;
    }

    Budget budget() {
        return budget;
    }

    /// @param othersAge that of the configuration which says so
    synchronized void replace(Budget other, long othersAge) {
        if (othersAge >= age) {
            age = othersAge;
            budget = other;
        }
    }

    /// What was spent before this process began.
    ///
    /// @param period when the part of time began that it was counted in
    void seed(long period, long amount, long now) {
        if (tally instanceof SlidingWindow window) {
            window.seed(period, amount, now);
        } else {
            tally.settle(period, 0, amount); // what is of an earlier period counts nowhere
        }
    }

    /// What a call may use of this budget at worst.
    long worst(Need need) {
        return budget.unit() == Budget.Unit.TOKENS ? need.tokens() : need.nanoDollars();
    }

    /// What a sending used of it.
    long of(Use use) {
        return budget.unit() == Budget.Unit.TOKENS ? use.tokens() : use.nanoDollars();
    }

    /// A budget for some models is touched by a call that asks for one of them, or that may go to one.
    boolean concerns(Need need) {
        var models = budget.models();
        return models == null
                || models.permit(need.asked())
                || need.models().stream().anyMatch(models::permit);
    }

    boolean concerns(Use use, Need need) {
        var models = budget.models();
        return models == null || models.permit(need.asked()) || models.permit(use.model());
    }

    /// @return the ticket
    /// @throws sluice.call.CallFailed when it does not fit, unless that is only to be told of
    long hold(Need need, long now) {
        var kept = budget;
        var unpriced = kept.unit() == Budget.Unit.TOKENS ? null : need.unpriced();
        if (unpriced != null && !kept.unpriced() && kept.enforced()) {
            throw new Failure.Unpriced(unpriced.text(), owner, kept.name()).asException();
        }
        long amount = worst(need);
        long limit = kept.limitAt(Instant.ofEpochMilli(now));
        long ticket = tally.hold(amount, limit, now);
        if (ticket == Tally.REFUSED) {
            tellRefusal(kept, limit, now);
            if (kept.enforced()) {
                throw overBudget(kept, amount, limit, now).asException();
            }
            ticket = tally.take(amount, now);
        }
        held.addAndGet(amount);
        return ticket;
    }

    private Failure overBudget(Budget kept, long amount, long limit, long now) {
        long wait = tally.waitFor(amount, limit, now);
        return new Failure.OverBudget(
                owner,
                kept.name(),
                kept.unit() == Budget.Unit.TOKENS,
                limit,
                Math.max(0, limit - tally.used(now)),
                amount,
                wait == Long.MAX_VALUE ? null : Instant.ofEpochMilli(now + wait));
    }

    /// Once a minute at most, whatever callers do.
    private void tellRefusal(Budget kept, long limit, long now) {
        long told = toldRefusalAt.get();
        if ((told == Long.MIN_VALUE || now - told >= 60_000)
                && toldRefusalAt.compareAndSet(told, now)) {
            tell(
                    kept.enforced() ? BudgetEvent.Kind.REFUSED : BudgetEvent.Kind.WOULD_REFUSE,
                    percent(spent(now), limit),
                    limit,
                    now);
        }
    }

    void settle(long ticket, long worst, long used, long now) {
        tally.settle(ticket, worst, used);
        held.addAndGet(-worst);
        if (used > 0) {
            lookAtThresholds(now);
        }
    }

    /// Each threshold is told of once, until less than it is spent again.
    private void lookAtThresholds(long now) {
        var kept = budget;
        long limit = kept.limitAt(Instant.ofEpochMilli(now));
        int percent = percent(spent(now), limit);
        int reached = 0;
        for (int threshold : kept.thresholds()) {
            reached = percent >= threshold ? threshold : reached;
        }
        int before = passed.get();
        if (reached != before && passed.compareAndSet(before, reached) && reached > before) {
            tell(BudgetEvent.Kind.THRESHOLD, reached, limit, now);
        }
    }

    private void tell(BudgetEvent.Kind kind, int percent, long limit, long now) {
        var raise = budget.raise();
        news.tell(
                new BudgetEvent(
                        Instant.ofEpochMilli(now),
                        kind,
                        owner,
                        name,
                        budget.unit(),
                        spent(now),
                        limit,
                        percent,
                        raise == null ? null : raise.reason()));
    }

    private static int percent(long used, long limit) {
        return limit == 0 ? 100 : (int) Math.min(Integer.MAX_VALUE, (long) (used * 100.0 / limit));
    }

    /// What was really spent in the current time.
    long spent(long now) {
        return Math.max(0, tally.used(now) - held.get());
    }

    long held() {
        return held.get();
    }

    long untilEmpty(long now) {
        return tally.untilEmpty(now);
    }
}
