package sluice.simulator;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The served endpoints as rows, in the shapes of the workspace, of an OpenAI-compatible provider and of Anthropic.
final class Listing {
    private static final long CREATED = 1_750_000_000L;
    private static final int MODELS_MAX = 1000;

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

    /// The only list that says which dialects a model speaks (facts: databricks, 2.3).
    static Answer foundationModels(Collection<Endpoint> endpoints) {
        var rows =
                endpoints.stream()
                        .filter(Endpoint::foundation)
                        .map(endpoint ->
                                Json.object(
                                        "name",
                                        endpoint.name(),
                                        "config",
                                        Json.object(
                                                "served_entities",
                                                List.of(
                                                        Json.object(
                                                                "name",
                                                                endpoint.name() + "-1",
                                                                "foundation_model",
                                                                Json.object(
                                                                        "name",
                                                                        endpoint.entity(),
                                                                        "display_name",
                                                                        endpoint.name(),
                                                                        "ai_gateway_v2_supported",
                                                                        true,
                                                                        "api_types",
                                                                        apis(endpoint)))))))
                        .toList();
        return Answer.json(200, Json.object("endpoints", rows));
    }

    static Answer models(Collection<Endpoint> endpoints) {
        var rows =
                endpoints.stream()
                        .filter(Endpoint::answers)
                        .map(endpoint -> model(endpoint.name()))
                        .toList();
        return Answer.json(200, Json.object("object", "list", "data", rows));
    }

    static Map<String, @Nullable Object> model(String id) {
        return Json.object(
                "id", id, "object", "model", "created", CREATED, "owned_by", "simulator");
    }

    /// The models of Anthropic itself, a page of them.
    static Answer anthropicModels(Collection<Endpoint> endpoints, Request request) {
        var ids =
                claudes(endpoints)
                        .map(endpoint -> endpoint.name().replaceFirst("^databricks-", ""))
                        .toList();
        var limit = request.parameter("limit");
        int size = limit.matches("[0-9]{1,6}") ? Integer.parseInt(limit) : 20;
        int after = ids.indexOf(request.parameter("after_id")) + 1;
        int to = Math.min(ids.size(), after + Math.clamp(size, 1, MODELS_MAX));
        var page = ids.subList(after, to);
        return Answer.json(
                200,
                Json.object(
                        "data",
                        page.stream().map(Listing::anthropicModel).toList(),
                        "has_more",
                        to < ids.size(),
                        "first_id",
                        page.isEmpty() ? null : page.getFirst(),
                        "last_id",
                        page.isEmpty() ? null : page.getLast()));
    }

    static Map<String, @Nullable Object> anthropicModel(String id) {
        return Json.object(
                "type",
                "model",
                "id",
                id,
                "display_name",
                id.replace('-', ' '),
                "created_at",
                "2025-06-15T15:06:40Z");
    }

    /// What the gateway lists beside Anthropic's dialect: ids and nothing more.
    static Answer gatewayClaudes(Collection<Endpoint> endpoints) {
        return Answer.json(
                200,
                Json.object(
                        "data",
                        claudes(endpoints)
                                .map(endpoint -> Json.object("id", endpoint.service()))
                                .toList()));
    }

    /// The dialects of an endpoint that lists name.
    static List<String> apis(Endpoint endpoint) {
        return Arrays.stream(Endpoint.Api.values())
                .filter(api -> api.listed() && endpoint.speaks(api))
                .map(Endpoint.Api::wire)
                .toList();
    }

    private static Stream<Endpoint> claudes(Collection<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(Endpoint::answers)
                .filter(endpoint -> endpoint.speaks(Endpoint.Api.MESSAGES));
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
        switch (endpoint.state()) {
            case READY, UPDATING, NOT_READY -> {
                row.put("state", state(endpoint));
                row.put("config", config(endpoint));
            }
            case NULL -> {
                row.put("state", null);
                row.put("config", null);
            }
            case UNSAID -> {}
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
        var entity = Json.object("name", served);
        if (endpoint.external()) {
            entity.put(
                    "external_model",
                    Json.object(
                            "name",
                            endpoint.providerModel(),
                            "provider",
                            endpoint.provider(),
                            "task",
                            endpoint.task().wire()));
        } else {
            entity.put("entity_name", endpoint.entity());
            entity.put("entity_version", "1");
        }
        if (endpoint.foundation()) {
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
