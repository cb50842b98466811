package sluice.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.Left;
import sluice.call.Meaning;
import sluice.call.Principal;
import sluice.call.RateLimit;
import sluice.call.Reach;
import sluice.call.RequestType;

/// Where one caller stands. Each of its levels can only narrow what the one above it grants; a level that names no models
/// leaves them to the others, and what nobody grants is not allowed. Of a caller's roles it is enough that one allows.
public final class Standing implements Reach {
    private final Principal caller;
    private final @Nullable String team;
    private final @Nullable String customer;
    private final List<Level> levels;
    private final List<Level> roles;
    private final Accounts accounts;
    private final BudgetAccount[] budgets;
    private final LimitAccount[] limits;

    Standing(
            Principal caller,
            @Nullable String team,
            @Nullable String customer,
            List<Level> levels,
            List<Level> roles,
            Accounts accounts,
            long age) {
        this.caller = caller;
        this.team = team;
        this.customer = customer;
        this.levels = List.copyOf(levels);
        this.roles = List.copyOf(roles);
        this.accounts = accounts;
        this.budgets =
                this.levels.stream()
                        .flatMap(level ->
                                level.own().budgets().stream()
                                        .map(budget -> accounts.budget(level, budget, age)))
                        .toArray(BudgetAccount[]::new);
        this.limits =
                this.levels.stream()
                        .flatMap(level ->
                                level.own().limits().stream()
                                        .map(limit -> accounts.limit(level, limit, age)))
                        .toArray(LimitAccount[]::new);
    }

    public Principal caller() {
        return caller;
    }

    public @Nullable String team() {
        return team;
    }

    public @Nullable String customer() {
        return customer;
    }

    @Override
    public boolean permits(Meaning model) {
        boolean granted = !roles.isEmpty() && roles.stream().anyMatch(role -> grants(role, model));
        if (!roles.isEmpty() && !granted) {
            return false;
        }
        for (var level : levels) {
            var models = level.terms().models();
            if (models != null) {
                if (!models.permit(model)) {
                    return false;
                }
                granted = true;
            }
        }
        return granted;
    }

    /// @throws sluice.call.CallFailed with {@code Failure.ModelNotAllowed}, which names who does not grant it
    public Grant authorize(Meaning model) {
        if (!permits(model)) {
            throw new Failure.ModelNotAllowed(model.text(), self().named(), refuser(model))
                    .asException();
        }
        return new Grant(caller, model);
    }

    /// What holds for a call whose model was granted.
    ///
    /// @param maxTokens how many output tokens it asks for at most, 0 when it does not say
    /// @throws sluice.call.CallFailed when the kind of request, its size or the hour is not allowed
    public void admit(Meaning model, RequestType type, long maxTokens, Instant now) {
        for (var level : levels) {
            var terms = level.terms();
            var requests = terms.requests();
            if (requests != null && !requests.contains(type)) {
                throw new Failure.RequestNotAllowed(level.named(), type.token()).asException();
            }
            var hours = terms.hours();
            if (hours != null && !hours.include(now)) {
                throw new Failure.OutsideHours(level.named(), hours.toString()).asException();
            }
        }
        var cap = cap(model);
        if (maxTokens > cap.terms().maxTokens()) {
            throw new Failure.TooManyTokens(cap.named(), maxTokens, cap.terms().maxTokens())
                    .asException();
        }
    }

    /// The most output tokens that one request for this model may ask for, {@link sluice.call.Terms#ANY_NUMBER} when
    /// there is no such number.
    public long maxTokens(Meaning model) {
        return cap(model).terms().maxTokens();
    }

    /// The level that allows the fewest tokens; of the roles that grant the model, the one that allows the most stands for
    /// all.
    private Level cap(Meaning model) {
        var tightest = levels.getFirst();
        for (var level : levels) {
            tightest = tighter(tightest, level);
        }
        Level widest = null;
        for (var role : roles) {
            boolean wider = widest == null || role.terms().maxTokens() > widest.terms().maxTokens();
            widest = grants(role, model) && wider ? role : widest;
        }
        return widest == null ? tightest : tighter(tightest, widest);
    }

    private static Level tighter(Level one, Level other) {
        return other.terms().maxTokens() < one.terms().maxTokens() ? other : one;
    }

    /// Whether anything is counted for this caller beside what it spends.
    public boolean isLimited() {
        return budgets.length + limits.length > 0;
    }

    /// Sets aside the worst that a call can use, on every limit and every budget that it falls under.
    ///
    /// @throws sluice.call.CallFailed with {@code Failure.OverLimit}, {@code Failure.OverBudget} or {@code
    ///     Failure.Unpriced}; nothing is held then
    public Hold hold(Need need) {
        return Hold.of(need, budgets, limits, accounts);
    }

    /// What is left of the tightest limits.
    ///
    /// @param need the call that they are for; null for the limits that hold whatever is called
    public Left left(@Nullable Need need) {
        long now = accounts.clock().millis();
        Left.Of requests = null;
        Left.Of tokens = null;
        for (var account : limits) {
            var limit = account.limit();
            boolean concerned = need == null ? limit.models() == null : account.concerns(need);
            if (!concerned || limit.unit() == RateLimit.Unit.CONCURRENT) {
                continue;
            }
            var of = new Left.Of(limit.limit(), account.left(now), account.untilEmpty(now));
            if (limit.unit() == RateLimit.Unit.REQUESTS) {
                requests = of.isTighterThan(requests) ? of : requests;
            } else {
                tokens = of.isTighterThan(tokens) ? of : tokens;
            }
        }
        return requests == null && tokens == null
                ? Left.NOTHING_LIMITED
                : new Left(requests, tokens);
    }

    private static boolean grants(Level role, Meaning model) {
        var models = role.terms().models();
        return models != null && models.permit(model);
    }

    private Level self() {
        return levels.getLast();
    }

    private String refuser(Meaning model) {
        for (var level : levels) {
            var models = level.terms().models();
            if (models != null && !models.permit(model)) {
                return level.named();
            }
        }
        return roles.isEmpty()
                ? self().named()
                : String.join(" and ", roles.stream().map(Level::named).toList());
    }
}
