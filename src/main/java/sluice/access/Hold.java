package sluice.access;

import java.util.List;
import sluice.call.CallFailed;

/// What is set aside for one call until it is settled: all of it was there, or the call did not begin.
public final class Hold {
    private final Need need;
    private final BudgetAccount[] budgets;
    private final LimitAccount[] limits;
    private final long[] worst;
    private final long[] tickets;
    private final Accounts accounts;
    private int taken;
    private boolean settled;

    private Hold(Need need, BudgetAccount[] budgets, LimitAccount[] limits, Accounts accounts) {
        this.need = need;
        this.budgets = budgets;
        this.limits = limits;
        this.accounts = accounts;
        this.worst = new long[budgets.length + limits.length];
        this.tickets = new long[worst.length];
    }

    /// @throws CallFailed when something does not fit; nothing is held then
    static Hold of(Need need, BudgetAccount[] budgets, LimitAccount[] limits, Accounts accounts) {
        var hold = new Hold(need, budgets, limits, accounts);
        try {
            hold.take();
        } catch (RuntimeException | Error refused) {
            hold.giveBack();
            throw refused;
        }
        return hold;
    }

    private void take() {
        long now = accounts.clock().millis();
        for (var limit : limits) {
            worst[taken] = limit.worst(need);
            tickets[taken] = limit.concerns(need) ? limit.hold(need, now) : Tally.REFUSED;
            taken++;
        }
        for (var budget : budgets) {
            worst[taken] = budget.worst(need);
            tickets[taken] = budget.concerns(need) ? budget.hold(need, now) : Tally.REFUSED;
            taken++;
        }
    }

    private void giveBack() {
        long now = accounts.clock().millis();
        for (int i = 0; i < taken; i++) {
            if (tickets[i] == Tally.REFUSED) {
                continue;
            }
            if (i < limits.length) {
                limits[i].giveBack(tickets[i], worst[i]);
            } else {
                budgets[i - limits.length].settle(tickets[i], worst[i], 0, now);
            }
        }
    }

    /// Replaces what was set aside by what was used. Only the first time counts.
    ///
    /// @param uses one for each sending that used anything
    public void settle(List<Use> uses) {
        if (settled) {
            return;
        }
        settled = true;
        long now = accounts.clock().millis();
        long tokens = 0;
        for (var use : uses) {
            tokens += use.tokens();
        }
        for (int i = 0; i < limits.length; i++) {
            if (tickets[i] != Tally.REFUSED) {
                limits[i].settle(tickets[i], worst[i], tokens);
            }
        }
        for (int i = 0; i < budgets.length; i++) {
            int at = limits.length + i;
            if (tickets[at] != Tally.REFUSED) {
                budgets[i].settle(tickets[at], worst[at], used(budgets[i], uses), now);
            }
        }
    }

    private long used(BudgetAccount budget, List<Use> uses) {
        long used = 0;
        for (var use : uses) {
            used += budget.concerns(use, need) ? budget.of(use) : 0;
        }
        return used;
    }

    /// How many budgets it is booked on.
    public int accounts() {
        return budgets.length;
    }

    /// Names the account of a budget over restarts.
    public String account(int budget) {
        return budgets[budget].name();
    }

    /// When the part of time began that the call is counted in, in milliseconds since 1970.
    public long period(int budget) {
        return Math.max(0, tickets[limits.length + budget]);
    }

    /// What is set aside for the call there.
    public long held(int budget) {
        int at = limits.length + budget;
        return tickets[at] == Tally.REFUSED ? 0 : worst[at];
    }

    /// What the call used of a budget.
    public long used(int budget, List<Use> uses) {
        return tickets[limits.length + budget] == Tally.REFUSED ? 0 : used(budgets[budget], uses);
    }
}
