package sluice.call;

import java.util.List;
import java.util.stream.Stream;

/// What the operator decided for one level of the organisation: what it may, what it may spend, and how much at a time.
public record Allowance(Terms terms, List<Budget> budgets, List<RateLimit> limits) {
    public static final Allowance SILENT = of(Terms.SILENT);

    public Allowance {
        budgets = List.copyOf(budgets);
        limits = List.copyOf(limits);
    }

    public static Allowance of(Terms terms) {
        return new Allowance(terms, List.of(), List.of());
    }

    /// With no models where nothing is said of them, so that no other level can grant any.
    public Allowance orNoModels() {
        return terms.models() != null
                ? this
                : new Allowance(
                        new Terms(
                                ModelPatterns.NOTHING,
                                terms.requests(),
                                terms.maxTokens(),
                                terms.hours()),
                        budgets,
                        limits);
    }

    /// With more budgets and limits beside its own.
    public Allowance and(Allowance more) {
        return new Allowance(terms, joined(budgets, more.budgets()), joined(limits, more.limits()));
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    public static Allowance models(ModelPatterns models) {
        return of(Terms.models(models));
    }
}
