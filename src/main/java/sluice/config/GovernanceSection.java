package sluice.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.call.Allowance;
import sluice.config.Governance.CustomerConfig;
import sluice.config.Governance.OwnedBudget;
import sluice.config.Governance.OwnedLimit;
import sluice.config.Governance.TeamConfig;
import sluice.config.Governance.UserConfig;

/// {@code governance}: who may call, and what.
final class GovernanceSection {
    private static final int MAX_OBJECTS = 10_000;

    private static final Key<Allowance> ORGANISATION =
            Key.defaulting(
                    "organisation", UserSection.ORGANISATION, Map.of(), "what holds for everybody");
    private static final Key<List<CustomerConfig>> CUSTOMERS =
            list("customers", UserSection.CUSTOMERS, "for whom teams work");
    private static final Key<List<TeamConfig>> TEAMS =
            list("teams", UserSection.TEAMS, "who shares keys and budgets");
    private static final Key<List<UserConfig>> USERS =
            list("users", UserSection.USERS, "people, as tokens and keys name them");
    private static final Key<List<VirtualKeyConfig>> VIRTUAL_KEYS =
            Key.defaulting(
                    "virtual_keys",
                    new ListOf<>(VirtualKeySection.SECTION, MAX_OBJECTS, "id")
                            .then(GovernanceSection::differentKeys),
                    List.of(),
                    "the keys that callers present");
    private static final Key<Allowance> ANONYMOUS =
            Key.optional(
                    "anonymous",
                    UserSection.ANONYMOUS,
                    "what callers without a key, or with the key 'unused', may do; nothing without it");
    private static final Key<List<OwnedBudget>> BUDGETS =
            list("budgets", BudgetSection.OWNED, "budgets that stand apart from their owners");
    private static final Key<List<OwnedLimit>> RATE_LIMITS =
            list(
                    "rate_limits",
                    RateLimitSection.OWNED,
                    "limits that stand apart from their owners");

    static final Section<Governance> SECTION =
            new Section<>(
                    "governance",
                    List.of(
                            ORGANISATION,
                            CUSTOMERS,
                            TEAMS,
                            USERS,
                            VIRTUAL_KEYS,
                            ANONYMOUS,
                            BUDGETS,
                            RATE_LIMITS),
                    Set.of(),
                    GovernanceSection::check,
                    fields ->
                            new Governance(
                                    fields.the(ORGANISATION),
                                    fields.the(CUSTOMERS),
                                    fields.the(TEAMS),
                                    fields.the(USERS),
                                    fields.the(VIRTUAL_KEYS),
                                    fields.find(ANONYMOUS),
                                    Map.of(),
                                    fields.the(BUDGETS),
                                    fields.the(RATE_LIMITS)));

    private GovernanceSection() {}

    private static <T> Key<List<T>> list(String name, Section<T> section, String meaning) {
        return Key.defaulting(name, new ListOf<>(section, MAX_OBJECTS, "id"), List.of(), meaning);
    }

    /// Two keys with one value could not be told apart when a caller presents it.
    private static Optional<List<VirtualKeyConfig>> differentKeys(
            List<VirtualKeyConfig> keys, Place list, Reading reading) {
        var holders = new HashMap<String, String>();
        boolean different = true;
        for (var key : keys) {
            var holder =
                    key.key()
                            .<Optional<String>>use(value ->
                                    Optional.ofNullable(holders.putIfAbsent(value, key.id())));
            if (holder.isPresent()) {
                different = false;
                reading.fault(
                        key.place().key("key"),
                        "has the same value as the key of '"
                                + holder.get()
                                + "'; each virtual key needs its own");
            }
        }
        return different ? Optional.of(keys) : Optional.empty();
    }

    /// Whoever belongs to somebody must belong to somebody who is there. Parts that are wrong in themselves are passed
    /// over, and the good ones beside them are checked all the same.
    private static void check(Fields governance) {
        var customers = ids("customers", governance);
        var teams = ids("teams", governance);
        var keys = ids("virtual_keys", governance);
        for (var team : governance.mappings("teams")) {
            refer(team, "customer", customers, governance);
        }
        for (var user : governance.mappings("users")) {
            refer(user, "team", teams, governance);
        }
        for (var key : governance.mappings("virtual_keys")) {
            refer(key, "team", teams, governance);
            refer(key, "customer", customers, governance);
        }
        for (var list : List.of("budgets", "rate_limits")) {
            for (var owned : governance.mappings(list)) {
                refer(owned, "team", teams, governance);
                refer(owned, "customer", customers, governance);
                warnOfUnknownKey(owned, keys, governance);
            }
        }
    }

    /// Keys are made elsewhere too.
    private static void warnOfUnknownKey(Yaml.Mapping owned, List<String> keys, Fields governance) {
        owned.text("key")
                .filter(id -> owned.find("key").isPresent() && !keys.contains(id))
                .ifPresent(id ->
                        governance.warn(
                                owned.place("key"),
                                "no key of this file has the id "
                                        + Discretion.quote(id)
                                        + "; one that was made through the API may"));
    }

    private static List<String> ids(String list, Fields governance) {
        return governance.mappings(list).stream()
                .flatMap(each -> each.text("id").stream())
                .toList();
    }

    private static void refer(
            Yaml.Mapping from, String kind, List<String> known, Fields governance) {
        from.text(kind)
                .filter(id -> from.find(kind).isPresent() && !known.contains(id))
                .ifPresent(id ->
                        governance.fault(
                                from.place(kind),
                                "no "
                                        + kind
                                        + " has the id "
                                        + Discretion.quote(id)
                                        + Nearest.to(id, known)
                                                .map(near ->
                                                        "; did you mean "
                                                                + Discretion.quote(near)
                                                                + "?")
                                                .orElse(
                                                        known.isEmpty()
                                                                ? "; none is declared"
                                                                : "")));
    }
}
