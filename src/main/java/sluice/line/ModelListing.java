package sluice.line;

import java.util.ArrayList;
import java.util.Comparator;
import sluice.call.Dialect.Family;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.Timings.Station;
import sluice.call.VirtualName;
import sluice.ledger.Entry;
import sluice.protocol.openai.ModelList;
import sluice.server.Exchange;

/// Tells a caller which models it may use, each under {@code target/model}, the name that always
/// works, and the virtual ones under their own. Anthropic's
/// clients see the Claude models under their short names too.
final class ModelListing {
    private ModelListing() {}

    static void all(Exchange exchange, Entry entry, Snapshot now) {
        var caller = now.identity().authenticate(new Arrived(exchange)).principal();
        entry.caller(caller);
        exchange.timings().lap(Station.AUTH);
        var standing = now.access().standing(caller);
        exchange.left(standing.left(null));
        var rows = new ArrayList<ModelList.Row>();
        for (var name : now.catalog().visibleTo(standing)) {
            rows.add(row(name.text(), name));
        }
        if (exchange.family() == Family.ANTHROPIC) {
            for (var name : now.catalog().claudes(standing)) {
                rows.add(row(name, now.catalog().resolve(name, standing)));
            }
            rows.sort(Comparator.comparing(ModelList.Row::id));
        }
        var page = ListingPage.parse(exchange.query());
        var shown = page.of(rows);
        exchange.answer(200, "application/json", ModelList.print(shown, page.goesOn(rows, shown)));
    }

    static void one(String id, Exchange exchange, Entry entry, Snapshot now) {
        var caller = now.identity().authenticate(new Arrived(exchange)).principal();
        entry.caller(caller);
        entry.asked(id, false);
        exchange.timings().lap(Station.AUTH);
        var standing = now.access().standing(caller);
        exchange.left(standing.left(null));
        var model = now.catalog().resolve(id, standing);
        standing.authorize(model);
        if (model instanceof ModelName located) {
            entry.resolved(located);
            exchange.resolved(located.text());
        }
        exchange.answer(200, "application/json", ModelList.print(row(id, model)));
    }

    /// A virtual model belongs to the gateway; any other to its target.
    private static ModelList.Row row(String name, Meaning meaning) {
        return switch (meaning) {
            case ModelName located -> new ModelList.Row(name, located.target());
            case VirtualName _ -> new ModelList.Row(name, "sluice");
        };
    }
}
