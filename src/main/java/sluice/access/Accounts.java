package sluice.access;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import sluice.call.Budget;
import sluice.call.RateLimit;

/// What everybody has used so far, of every limit and every budget. Lives as long as the process; a configuration only
/// says what the limits are.
public final class Accounts {
    private final Map<String, BudgetAccount> budgets = new ConcurrentHashMap<>();
    private final Map<String, LimitAccount> limits = new ConcurrentHashMap<>();
    private final Map<String, List<Seed>> seeds = new ConcurrentHashMap<>();
    private final AtomicLong ages = new AtomicLong();
    private final Clock clock;
    private final BudgetNews news;

    private record Seed(long period, long amount) {}

    /// What one budget looks like now.
    ///
    /// @param account names it over restarts
    /// @param spent nano-dollars or tokens, what is held left out
    /// @param held what running calls may still use
    /// @param untilEmptyMillis how long until nothing is spent any more, if nothing more is
    public record BudgetState(
            String account, Budget budget, long spent, long held, long untilEmptyMillis) {}

    public Accounts(Clock clock, BudgetNews news) {
        this.clock = clock;
        this.news = news;
    }

    /// What was spent on an account before this process began, to be called before the first call.
    ///
    /// @param period when the part of time began that it was counted in, in milliseconds since 1970
    public void seed(String account, long period, long amount) {
        seeds.computeIfAbsent(account, _ -> new java.util.ArrayList<>())
                .add(new Seed(period, amount));
    }

    Clock clock() {
        return clock;
    }

    /// What a configuration is older than the next one by. A call that began with an older one changes nothing of what a
    /// newer one said.
    long nextAge() {
        return ages.incrementAndGet();
    }

    BudgetAccount budget(Level level, Budget budget, long age) {
        var measure = budget.measure();
        var name = // a budget that counts something else from now on begins anew
                level.account()
                        + "/"
                        + budget.name()
                        + (budget.name().startsWith(measure) ? "" : "/" + measure)
                        + (budget.rolling() ? "" : "/" + budget.zone());
        var account =
                budgets.computeIfAbsent(
                        name,
                        _ -> {
                            long now = clock.millis();
                            var made = new BudgetAccount(name, level.named(), budget, news, now);
                            var known = seeds.remove(name);
                            if (known != null) {
                                known.forEach(seed -> made.seed(seed.period(), seed.amount(), now));
                            }
                            return made;
                        });
        if (!account.budget().equals(budget)) {
            account.replace(budget, age);
        }
        return account;
    }

    LimitAccount limit(Level level, RateLimit limit, long age) {
        var per = limit.per();
        var name =
                level.account()
                        + "/"
                        + limit.name()
                        + "/"
                        + limit.unit().token()
                        + "/"
                        + (per == null ? "" : per.token());
        var account = limits.computeIfAbsent(name, _ -> new LimitAccount(level.named(), limit));
        if (!account.limit().equals(limit)) {
            account.replace(limit, age);
        }
        return account;
    }

    /// Every budget of a level that is or was declared, or of a caller that has called.
    public void each(Consumer<BudgetState> reader) {
        long now = clock.millis();
        for (var account : budgets.values()) {
            reader.accept(
                    new BudgetState(
                            account.name(),
                            account.budget(),
                            account.spent(now),
                            account.held(),
                            account.untilEmpty(now)));
        }
    }
}
