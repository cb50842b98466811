package sluice.config;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Budget;
import sluice.call.ModelPatterns;
import sluice.call.Money;

/// {@code budget}, {@code budgets[]}: how much may be spent.
final class BudgetSection {
    private static final long MOST_DOLLARS = 900_000_000;
    private static final long MOST_TOKENS = 1_000_000_000_000_000L;

    private static final Key<BigDecimal> LIMIT_USD =
            Key.optional("limit_usd", new Amount(MOST_DOLLARS), "how much, in US dollars");
    private static final Key<Long> LIMIT_TOKENS =
            Key.optional("limit_tokens", new Whole(0, MOST_TOKENS), "how much, in tokens");
    private static final Key<Budget.Span> EVERY =
            Key.required(
                    "every",
                    new OneOf<>(spans(), Set.of()),
                    "within which time: day, week, month or quarter");
    private static final Key<Boolean> ROLLING =
            Key.defaulting(
                    "rolling",
                    new Truth(),
                    false,
                    "true for the last 1, 7, 30 or 91 days at every moment, instead of the calendar's");
    private static final Key<ZoneId> TIME_ZONE =
            Key.defaulting("time_zone", Zone.SHAPE, "UTC", "where the calendar's days begin");
    private static final Key<List<String>> MODELS =
            Key.optional("models", Patterns.SHAPE, "what it is for; for every model without it");
    private static final Key<List<Integer>> THRESHOLDS =
            Key.defaulting(
                    "thresholds_percent",
                    new ListOf<>(Whole.small(1, 1_000), 16, ""),
                    List.of(75L, 90L, 95L, 100L),
                    "at which parts of the limit an event is raised");
    private static final Key<Boolean> ENFORCED =
            Key.defaulting(
                    "mode",
                    new OneOf<>(modes(), Set.of()),
                    "enforce",
                    "enforce refuses what does not fit; shadow only tells of it");
    private static final Key<Boolean> UNPRICED =
            Key.defaulting(
                    "unpriced_models",
                    new OneOf<>(unpriced(), Set.of()),
                    "refuse",
                    "what is done with a model whose price is not known, in a budget of dollars");

    private static final Key<BigDecimal> RAISED_USD =
            Key.optional(
                    "limit_usd", new Amount(MOST_DOLLARS), "the limit meanwhile, in US dollars");
    private static final Key<Long> RAISED_TOKENS =
            Key.optional(
                    "limit_tokens", new Whole(0, MOST_TOKENS), "the limit meanwhile, in tokens");
    private static final Key<Instant> UNTIL =
            Key.required("until", Moment.SHAPE, "when it ends, such as 2026-12-31T00:00:00Z");
    private static final Key<String> REASON = Key.required("reason", Text.LABEL, "why");
    private static final Section<Raised> RAISE_SECTION =
            new Section<>(
                    "raise",
                    List.of(RAISED_USD, RAISED_TOKENS, UNTIL, REASON),
                    Set.of(),
                    raise -> oneLimit(raise, RAISED_USD, RAISED_TOKENS),
                    raise ->
                            new Raised(
                                    limit(raise, RAISED_USD, RAISED_TOKENS),
                                    raise.given(RAISED_USD),
                                    raise.the(UNTIL),
                                    raise.the(REASON)));
    private static final Key<Raised> RAISE =
            Key.optional("raise", RAISE_SECTION, "more for a while, with the reason");

    private record Raised(long limit, boolean dollars, Instant until, String reason) {}

    private static final List<Key<?>> KEYS =
            List.of(
                    LIMIT_USD,
                    LIMIT_TOKENS,
                    EVERY,
                    ROLLING,
                    TIME_ZONE,
                    MODELS,
                    THRESHOLDS,
                    ENFORCED,
                    UNPRICED,
                    RAISE);

    static final Section<Budget> SECTION =
            new Section<>(
                    "a budget", KEYS, Set.of(), BudgetSection::check, fields -> read(fields, null));

    private static final Key<String> ID =
            Key.required("id", Text.ID, "the name of this budget in messages");

    /// {@code governance.budgets[]}, which stand apart from their owners.
    static final Section<Governance.OwnedBudget> OWNED =
            new Section<>(
                    "a budget",
                    OwnerKeys.with(ID, KEYS),
                    Set.of(),
                    fields -> {
                        check(fields);
                        OwnerKeys.check(fields);
                    },
                    fields ->
                            new Governance.OwnedBudget(
                                    fields.the(ID),
                                    OwnerKeys.owner(fields),
                                    read(fields, fields.the(ID)),
                                    fields.place()));

    private BudgetSection() {}

    private static Budget read(Fields budget, @Nullable String id) {
        boolean dollars = budget.given(LIMIT_USD);
        var unit = dollars ? Budget.Unit.USD : Budget.Unit.TOKENS;
        var models = budget.find(MODELS).map(ModelPatterns::new).orElse(null);
        var every = budget.the(EVERY);
        var rolling = budget.the(ROLLING);
        var name =
                id != null
                        ? id
                        : Budget.measure(unit, rolling, every)
                                + (models == null ? "" : "-" + String.join(",", models.patterns()));
        return new Budget(
                name,
                unit,
                limit(budget, LIMIT_USD, LIMIT_TOKENS),
                every,
                rolling,
                budget.the(TIME_ZONE),
                models,
                budget.the(THRESHOLDS).stream().distinct().sorted().toList(),
                budget.the(ENFORCED),
                budget.the(UNPRICED),
                budget.find(RAISE)
                        .map(raise ->
                                new Budget.Raise(raise.limit(), raise.until(), raise.reason()))
                        .orElse(null));
    }

    private static void check(Fields budget) {
        oneLimit(budget, LIMIT_USD, LIMIT_TOKENS);
        budget.find(RAISE)
                .filter(raise -> raise.dollars() != budget.given(LIMIT_USD))
                .ifPresent(_ -> budget.fault(RAISE, "must be in the unit of the budget itself"));
    }

    private static void oneLimit(Fields fields, Key<BigDecimal> dollars, Key<Long> tokens) {
        if (fields.given(dollars) == fields.given(tokens)) {
            fields.fault(
                    fields.place(),
                    "expected either 'limit_usd' or 'limit_tokens', got "
                            + (fields.given(dollars) ? "both" : "neither"));
        }
    }

    private static long limit(Fields fields, Key<BigDecimal> dollars, Key<Long> tokens) {
        return fields.find(dollars)
                .map(amount -> Money.ofDollars(amount).nanoDollars())
                .or(() -> fields.find(tokens))
                .orElseThrow();
    }

    private static Map<String, Budget.Span> spans() {
        var spans = new LinkedHashMap<String, Budget.Span>();
        for (var span : Budget.Span.values()) {
            spans.put(span.token(), span);
        }
        return spans;
    }

    private static Map<String, Boolean> modes() {
        var modes = new LinkedHashMap<String, Boolean>();
        modes.put("enforce", true);
        modes.put("shadow", false);
        return modes;
    }

    private static Map<String, Boolean> unpriced() {
        var choices = new LinkedHashMap<String, Boolean>();
        choices.put("refuse", false);
        choices.put("allow", true);
        return choices;
    }
}
