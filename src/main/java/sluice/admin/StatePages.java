package sluice.admin;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import sluice.call.Money;
import tools.jackson.databind.node.ObjectNode;

/// {@code GET /admin/v1/accounts} and {@code /admin/v1/events}: how the budgets stand, and what happened to them lately.
final class StatePages {
    private StatePages() {}

    static Answer accounts(Asked asked, Predicate<String> own, List<BudgetRow> rows) {
        asked.knows(Set.of("owner"));
        var page = ObjectPages.JSON.createObjectNode();
        var data = page.putArray("data");
        var owner = asked.query().getOrDefault("owner", "");
        rows.stream()
                .filter(row -> own.test(row.account()))
                .filter(row -> owner.isEmpty() || row.account().startsWith(owner + "/"))
                .sorted(Comparator.comparing(BudgetRow::account))
                .forEach(row -> {
                    var object = data.addObject();
                    object.put("account", row.account());
                    object.put("every", row.every());
                    object.put("rolling", row.rolling());
                    object.put("mode", row.enforced() ? "enforce" : "shadow");
                    put(object, "limit", row.unit(), row.limit());
                    put(object, "spent", row.unit(), row.spent());
                    put(object, "held", row.unit(), row.held());
                    object.put("empty_at", row.empty().toString());
                });
        return Answer.json(200, ObjectPages.bytes(page), null);
    }

    static Answer events(Asked asked, Predicate<String> own, List<EventRow> rows) {
        asked.knows(Set.of());
        var page = ObjectPages.JSON.createObjectNode();
        var data = page.putArray("data");
        rows.stream()
                .filter(row -> own.test(row.account()))
                .forEach(row -> {
                    var object = data.addObject();
                    object.put("time", row.when().toString());
                    object.put("kind", row.kind());
                    object.put("owner", row.owner());
                    object.put("account", row.account());
                    object.put("percent", row.percent());
                    put(object, "used", row.unit(), row.used());
                    put(object, "limit", row.unit(), row.limit());
                });
        return Answer.json(200, ObjectPages.bytes(page), null);
    }

    private static void put(ObjectNode object, String name, String unit, long amount) {
        if (unit.equals("tokens")) {
            object.put(name + "_tokens", amount);
        } else {
            object.put(name + "_usd", new Money(amount).dollars().stripTrailingZeros());
        }
    }
}
