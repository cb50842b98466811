package sluice.simulator;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The served endpoints as rows, in the shapes of the workspace and of an OpenAI-compatible provider.
final class Listing {
    private static final long CREATED = 1_750_000_000L;

    private Listing() {}

    static Answer all(Collection<Endpoint> endpoints) {
        return Answer.json(
                200, Json.object("endpoints", endpoints.stream().map(Listing::row).toList()));
    }

    static Answer one(Endpoint endpoint) {
        var row = row(endpoint);
        row.put("permission_level", "CAN_QUERY");
        row.put("route_optimized", false);
        return Answer.json(200, row);
    }

    static Answer models(Collection<Endpoint> endpoints) {
        var rows =
                endpoints.stream()
                        .filter(Endpoint::answers)
                        .map(endpoint ->
                                Json.object(
                                        "id",
                                        endpoint.name(),
                                        "object",
                                        "model",
                                        "created",
                                        CREATED,
                                        "owned_by",
                                        "simulator"))
                        .toList();
        return Answer.json(200, Json.object("object", "list", "data", rows));
    }

    private static Map<String, @Nullable Object> row(Endpoint endpoint) {
        var row =
                Json.object(
                        "name",
                        endpoint.name(),
                        "id",
                        Integer.toHexString(endpoint.name().hashCode()),
                        "creator",
                        "platform@example.com",
                        "creation_timestamp",
                        CREATED * 1000,
                        "last_updated_timestamp",
                        CREATED * 1000,
                        "tags",
                        List.of());
        if (endpoint.task() != Endpoint.Task.NONE) {
            row.put("task", endpoint.task().wire());
        }
        if (endpoint.state() != Endpoint.State.UNSAID) {
            row.put("state", state(endpoint));
            row.put("config", config(endpoint));
        }
        return row;
    }

    private static Map<String, @Nullable Object> state(Endpoint endpoint) {
        return Json.object(
                "ready", endpoint.answers() ? "READY" : "NOT_READY",
                "config_update",
                        endpoint.state() == Endpoint.State.READY ? "NOT_UPDATING" : "IN_PROGRESS");
    }

    private static Map<String, @Nullable Object> config(Endpoint endpoint) {
        var served = endpoint.name() + "-1";
        var entity =
                Json.object(
                        "name", served, "entity_name", endpoint.entity(), "entity_version", "1");
        if (endpoint.entity().startsWith("system.ai.")) {
            entity.put(
                    "foundation_model",
                    Json.object("name", endpoint.entity(), "display_name", endpoint.name()));
        }
        return Json.object(
                "served_entities",
                List.of(entity),
                "traffic_config",
                Json.object(
                        "routes",
                        List.of(
                                Json.object(
                                        "served_model_name", served, "traffic_percentage", 100))));
    }
}
