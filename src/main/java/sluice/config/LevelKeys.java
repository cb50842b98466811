package sluice.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.call.Allowance;
import sluice.call.Budget;
import sluice.call.Hours;
import sluice.call.ModelPatterns;
import sluice.call.RateLimit;
import sluice.call.RequestType;
import sluice.call.Terms;

/// The keys that every level has, from the organisation to a single key.
final class LevelKeys {
    private static final int MAX = 32;

    static final Key<List<String>> MODELS =
            Key.optional(
                    "models",
                    Patterns.SHAPE,
                    "patterns of the models that may be used, where * stands for anything: [] none, [\"*\"]"
                            + " all; what no level names is not allowed");
    private static final Key<List<RequestType>> REQUEST_TYPES =
            Key.optional(
                    "request_types",
                    new ListOf<>(new OneOf<>(requestTypes(), Set.of()), 16, ""),
                    "the kinds of request that may be made; all without it");
    private static final Key<Long> MAX_TOKENS =
            Key.optional(
                    "max_tokens_per_request",
                    new Whole(1, 1_000_000_000),
                    "the most output tokens that one request may ask for");
    private static final Key<Hours> HOURS =
            Key.optional("allowed_hours", HoursSection.SECTION, "when calls are allowed");
    private static final Key<Budget> BUDGET =
            Key.optional("budget", BudgetSection.SECTION, "how much may be spent");
    private static final Key<List<Budget>> BUDGETS =
            Key.defaulting(
                    "budgets",
                    new ListOf<>(BudgetSection.SECTION, MAX, "id"),
                    List.of(),
                    "several of them; each of them holds");
    private static final Key<List<RateLimit>> RATE_LIMITS =
            Key.defaulting(
                    "rate_limits",
                    new ListOf<>(RateLimitSection.SECTION, MAX, "id"),
                    List.of(),
                    "how much may be used at a time; each of them holds");
    private static final List<Key<?>> ALL =
            List.of(MODELS, REQUEST_TYPES, MAX_TOKENS, HOURS, BUDGET, BUDGETS, RATE_LIMITS);

    private LevelKeys() {}

    static List<Key<?>> after(Key<?>... own) {
        var keys = new ArrayList<Key<?>>(Arrays.asList(own));
        keys.addAll(ALL);
        return keys;
    }

    static Allowance level(Fields fields) {
        return new Allowance(
                new Terms(
                        fields.find(MODELS).map(ModelPatterns::new).orElse(null),
                        fields.find(REQUEST_TYPES)
                                .map(types ->
                                        types.isEmpty()
                                                ? Set.<RequestType>of()
                                                : EnumSet.copyOf(types))
                                .orElse(null),
                        fields.find(MAX_TOKENS).orElse(Terms.ANY_NUMBER),
                        fields.find(HOURS).orElse(null)),
                budgets(fields),
                fields.the(RATE_LIMITS));
    }

    /// Two of one kind would be booked on one account.
    static void check(Fields fields) {
        if (fields.given(BUDGET) && fields.given(BUDGETS)) {
            fields.fault(BUDGET, "write one budget, or several under 'budgets', and not both");
            return;
        }
        var names = new HashSet<String>();
        for (var budget : budgets(fields)) {
            if (!names.add(budget.name())) {
                fields.fault(
                        BUDGETS,
                        "two budgets of the same unit, time and models; the smaller would always count."
                                + " Leave one out");
            }
        }
        names.clear();
        for (var limit : fields.find(RATE_LIMITS).orElse(List.of())) {
            if (!names.add(limit.name())) {
                fields.fault(
                        RATE_LIMITS,
                        "two limits of the same unit, time and models; the smaller would always count."
                                + " Leave one out");
            }
        }
    }

    private static List<Budget> budgets(Fields fields) {
        var all = new ArrayList<>(fields.find(BUDGETS).orElse(List.of()));
        fields.find(BUDGET).ifPresent(all::add);
        return all;
    }

    private static Map<String, RequestType> requestTypes() {
        var types = new LinkedHashMap<String, RequestType>();
        for (var type : RequestType.values()) {
            if (type != RequestType.LIST_MODELS) {
                types.put(type.token(), type);
            }
        }
        return types;
    }
}
