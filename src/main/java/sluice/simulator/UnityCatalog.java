package sluice.simulator;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What Unity Catalog and the gateway know of the endpoints: model services, registered models, gateway endpoints
/// (facts: databricks, 0, 2.3, 5 and 5.1).
final class UnityCatalog {
    private static final String SERVICES = "model-services/";
    private static final String SCHEMAS = "schemas/";
    private static final int PAGE_MAX = 100;
    private static final int MODELS_MAX = 1000;
    private static final String TIME = "2025-06-15T15:06:40Z";

    private UnityCatalog() {}

    /// A list that names no schema or no size takes longer than anybody waits, and ends with 499 and nothing; a single
    /// row of any schema, which is how it is found out whether services exist at all, does not.
    static Answer services(Collection<Endpoint> endpoints, Request request) {
        var parent = request.parameter("parent");
        var size = number(request.parameter("page_size"));
        boolean probe = size.orElse(0) == 1;
        if (size.isEmpty() || size.getAsInt() > PAGE_MAX || (parent.isEmpty() && !probe)) {
            return new Answer.Whole(499, Map.of(), "");
        }
        var schema = parent.startsWith(SCHEMAS) ? parent.substring(SCHEMAS.length()) : parent;
        var rows =
                endpoints.stream()
                        .filter(endpoint -> !endpoint.service().isEmpty())
                        .filter(endpoint ->
                                schema.isEmpty() || endpoint.service().startsWith(schema + "."))
                        .map(endpoint -> service(endpoint, request.parameter("view")))
                        .toList();
        return Answer.json(
                200,
                Page.of(rows, size.getAsInt(), request.parameter("page_token"))
                        .json("model_services"));
    }

    static Answer service(Collection<Endpoint> endpoints, String name) throws Refused {
        for (var endpoint : endpoints) {
            if (!name.isEmpty() && endpoint.service().equals(name)) {
                return Answer.json(200, service(endpoint, "FULL"));
            }
        }
        throw new Refused(
                Surface.SERVING.error(
                        404, "NOT_FOUND", "Model service '" + name + "' does not exist."));
    }

    static Answer models(Collection<Endpoint> endpoints, Request request) throws Refused {
        var catalog = request.parameter("catalog_name");
        var schema = request.parameter("schema_name");
        if (catalog.isEmpty() != schema.isEmpty()) {
            throw new Refused(
                    Surface.SERVING.error(
                            400,
                            "INVALID_PARAMETER_VALUE",
                            "catalog_name and schema_name must be given together."));
        }
        int size = number(request.parameter("max_results")).orElse(PAGE_MAX);
        var rows =
                endpoints.stream()
                        .filter(endpoint -> !endpoint.external())
                        .filter(endpoint ->
                                catalog.isEmpty()
                                        || endpoint.entity()
                                                .startsWith(catalog + "." + schema + "."))
                        .map(UnityCatalog::model)
                        .toList();
        return Answer.json(
                200,
                Page.of(rows, Math.clamp(size, 1, MODELS_MAX), request.parameter("page_token"))
                        .json("registered_models"));
    }

    /// What the gateway of the second generation serves.
    static Answer gatewayEndpoints(Collection<Endpoint> endpoints, Request request) {
        var rows =
                endpoints.stream()
                        .filter(endpoint -> !endpoint.service().isEmpty())
                        .map(endpoint ->
                                Json.object(
                                        "name",
                                        endpoint.name(),
                                        "creator",
                                        "platform@example.com",
                                        "create_time",
                                        TIME,
                                        "config",
                                        Json.object(
                                                "destinations", List.of(destination(endpoint)))))
                        .toList();
        int size = number(request.parameter("page_size")).orElse(PAGE_MAX);
        return Answer.json(
                200,
                Page.of(rows, Math.clamp(size, 1, PAGE_MAX), request.parameter("page_token"))
                        .json("endpoints"));
    }

    private static Map<String, @Nullable Object> service(Endpoint endpoint, String view) {
        var row =
                Json.object(
                        "name",
                        SERVICES + endpoint.service(),
                        "effective_owner",
                        "platform@example.com",
                        "created_by",
                        "platform@example.com",
                        "create_time",
                        TIME,
                        "update_time",
                        TIME,
                        "etag",
                        Integer.toHexString(endpoint.hashCode()),
                        "metastore_id",
                        "00000000-0000-0000-0000-000000000001",
                        "supported_api_types",
                        List.of(
                                switch (endpoint.task()) {
                                    case EMBEDDINGS -> "embeddings";
                                    case COMPLETIONS -> "completions";
                                    case CHAT, AGENT, NONE -> "chat";
                                }));
        if (!view.equals("BASIC")) {
            row.put(
                    "config",
                    Json.object(
                            "routing",
                            Json.object("destinations", List.of(destination(endpoint)))));
        }
        return row;
    }

    private static Map<String, @Nullable Object> destination(Endpoint endpoint) {
        var destination = Json.object("name", endpoint.name() + "-1", "traffic_percentage", 100);
        if (endpoint.external()) {
            destination.put("destination_type", "DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL");
            destination.put(
                    "external_model_config",
                    Json.object(
                            "model_provider_service",
                            "model-provider-services/main.services." + endpoint.provider(),
                            "target",
                            Json.object(
                                    "model",
                                    endpoint.providerModel(),
                                    "native_api_types",
                                    Listing.apis(endpoint))));
        } else {
            destination.put("destination_type", "DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL");
            destination.put(
                    "pay_per_token_config", Json.object("model", "models/" + endpoint.entity()));
        }
        return destination;
    }

    private static Map<String, @Nullable Object> model(Endpoint endpoint) {
        var parts = endpoint.entity().split("\\.", 3);
        return Json.object(
                "name",
                parts[parts.length - 1],
                "full_name",
                endpoint.entity(),
                "catalog_name",
                parts[0],
                "schema_name",
                parts.length > 1 ? parts[1] : "",
                "owner",
                "platform@example.com",
                "created_at",
                1_750_000_000_000L,
                "created_by",
                "platform@example.com",
                "updated_at",
                1_750_000_000_000L,
                "metastore_id",
                "00000000-0000-0000-0000-000000000001");
    }

    private static OptionalInt number(String text) {
        return text.matches("[0-9]{1,6}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }
}
