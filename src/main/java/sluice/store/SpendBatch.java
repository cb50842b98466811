package sluice.store;

import java.util.List;
import java.util.Map;

/// What is booked at one time: more for the roll-ups, and more on accounts.
public record SpendBatch(Map<Spender, Spent> spent, List<AccountSpend> accounts) {
    public SpendBatch {
        spent = Map.copyOf(spent);
        accounts = List.copyOf(accounts);
    }
}
