package sluice.line;

import java.util.List;
import java.util.function.BiFunction;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.Reach;
import sluice.call.Timings.Station;
import sluice.catalog.HubQuery;
import sluice.catalog.HubTarget;
import sluice.catalog.ModelHub;
import sluice.ledger.Entry;
import sluice.server.Exchange;

/// The model hub (facts/forms.md section 6): what the workspaces serve, for whoever holds a key, and of that only what
/// the key may use.
final class ModelHubs {
    private ModelHubs() {}

    static void endpoints(Exchange exchange, Entry entry, Snapshot now) {
        answer(
                exchange,
                entry,
                now,
                (targets, query) -> {
                    if (targets.stream().allMatch(target -> target.workspaceUrl() == null)) {
                        throw new Failure.Malformed(
                                        "Missing Databricks credentials: no target of this gateway is a"
                                                + " Databricks workspace. The operator declares one under"
                                                + " providers.targets, with its own credential; a caller"
                                                + " cannot bring one.",
                                        null)
                                .asException();
                    }
                    return ModelHub.servingEndpoints(targets, query);
                });
    }

    static void models(Exchange exchange, Entry entry, Snapshot now) {
        answer(exchange, entry, now, ModelHub::modelHub);
    }

    private static void answer(
            Exchange exchange,
            Entry entry,
            Snapshot now,
            BiFunction<List<HubTarget>, HubQuery, Bytes> print) {
        var caller = now.identity().authenticate(new Arrived(exchange)).principal();
        entry.caller(caller);
        exchange.timings().lap(Station.AUTH);
        var standing = now.access().standing(caller);
        exchange.left(standing.left(null));
        var query = HubQuery.parse(exchange.query());
        var targets = now.hub().get().stream().map(target -> visible(target, standing)).toList();
        exchange.answer(200, "application/json", print.apply(targets, query));
    }

    private static HubTarget visible(HubTarget target, Reach caller) {
        var models =
                target.models().stream()
                        .filter(model -> caller.permits(new ModelName(target.id(), model.name())))
                        .toList();
        return new HubTarget(target.id(), target.provider(), target.workspaceUrl(), models);
    }
}
