package sluice.admin;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.call.Reach;
import sluice.catalog.Catalog;
import sluice.route.Router;

/// What operators may look at: one moment of the running gateway.
///
/// @param door who may come in
/// @param reaches what the virtual key of an id may use; null when there is none
/// @param budgets every budget that anybody has touched
/// @param events what happened to budgets lately, the latest first
public record View(
        Doorkeeper door,
        Router routes,
        Catalog catalog,
        Function<String, @Nullable Reach> reaches,
        List<BudgetRow> budgets,
        List<EventRow> events) {}
