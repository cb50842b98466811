package sluice.admin;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Reach;
import sluice.catalog.Catalog;
import sluice.route.Router;

/// What operators may look at: one moment of the running gateway.
///
/// @param door who may come in
/// @param reaches what the virtual key of an id may use; null when there is none
/// @param budgets every budget, made when somebody looks
/// @param events what happened to budgets lately, the latest first
public record View(
        Doorkeeper door,
        Router routes,
        Catalog catalog,
        Function<String, @Nullable Reach> reaches,
        Supplier<List<BudgetRow>> budgets,
        Supplier<List<EventRow>> events) {}
