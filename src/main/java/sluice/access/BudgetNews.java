package sluice.access;

/// Takes what happens to budgets. Called on the path of a call, so it hands on and does not wait.
@FunctionalInterface
public interface BudgetNews {
    BudgetNews NOBODY = _ -> {};

    void tell(BudgetEvent event);
}
