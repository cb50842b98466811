package sluice.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.call.Bytes;

/// {@code GET /admin/v1/openapi.json}: what the operators' door takes and gives, generated from what it does.
final class OpenApi {
    private static final Map<String, Object> ETAG =
            parameter("If-Match", "header", true, "the object's etag, as it was seen");
    private static final Map<String, Object> DRY =
            parameter(
                    "dry_run", "query", false, "true to be told what is wrong, and change nothing");
    private static final Map<String, Object> ID = parameter("id", "path", true, "the object's id");

    private OpenApi() {}

    static Bytes print(Declared declared) {
        var paths = new LinkedHashMap<String, Object>();
        var schemas = new LinkedHashMap<String, Object>();
        for (var kind : declared.kinds()) {
            schemas.put(kind, declared.schema(kind));
            paths.put("/admin/v1/" + kind, collection(kind));
            paths.put("/admin/v1/" + kind + "/{id}", one(kind));
        }
        for (var action : List.of("rotate", "disable", "enable")) {
            paths.put(
                    "/admin/v1/keys/{id}/" + action,
                    Map.of(
                            "post",
                            operation(action + " a key", List.of(ID), false, "keys", "200")));
        }
        paths.put("/admin/v1/spend", looks("what was spent", spendParameters()));
        paths.put("/admin/v1/accounts", looks("how the budgets stand", List.of()));
        paths.put("/admin/v1/events", looks("what happened to budgets lately", List.of()));
        paths.put("/admin/v1/routing", looks("where calls would go now, and why", List.of()));
        paths.put(
                "/admin/v1/claim",
                Map.of(
                        "post",
                        Map.of(
                                "summary",
                                "an admin key for the one-time token of the first start",
                                "responses",
                                Map.of("201", Map.of("description", "the key, told once")))));
        var document = new LinkedHashMap<String, Object>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", "Sluice, the operators' door", "version", "1"));
        document.put("security", List.of(Map.of("bearer", List.of())));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "securitySchemes",
                        Map.of("bearer", Map.of("type", "http", "scheme", "bearer")),
                        "schemas",
                        schemas));
        return Bytes.utf8(ObjectPages.JSON.writeValueAsString(document));
    }

    private static Map<String, Object> collection(String kind) {
        var methods = new LinkedHashMap<String, Object>();
        methods.put(
                "get",
                operation(
                        "list " + kind,
                        List.of(
                                parameter("limit", "query", false, "how many at most"),
                                parameter(
                                        "after", "query", false, "the last id of the page before"),
                                parameter("team", "query", false, "those of a team only")),
                        false,
                        kind,
                        "200"));
        methods.put("post", operation("make one of the " + kind, List.of(DRY), true, kind, "201"));
        return methods;
    }

    private static Map<String, Object> one(String kind) {
        var methods = new LinkedHashMap<String, Object>();
        methods.put("get", operation("show one of the " + kind, List.of(ID), false, kind, "200"));
        methods.put(
                "put",
                operation("change one of the " + kind, List.of(ID, ETAG, DRY), true, kind, "200"));
        methods.put(
                "delete",
                operation("remove one of the " + kind, List.of(ID, ETAG, DRY), false, kind, "200"));
        return methods;
    }

    private static Map<String, Object> looks(String summary, List<Map<String, Object>> parameters) {
        return Map.of(
                "get",
                Map.of(
                        "summary",
                        summary,
                        "parameters",
                        parameters,
                        "responses",
                        Map.of("200", Map.of("description", summary))));
    }

    private static List<Map<String, Object>> spendParameters() {
        return List.of(
                parameter("by", "query", false, "day, key, team, customer, user, model, target"),
                parameter("since", "query", false, "the first day, or how many, such as 7d"),
                parameter("until", "query", false, "the last day"),
                parameter("format", "query", false, "json or csv"));
    }

    private static Map<String, Object> operation(
            String summary,
            List<Map<String, Object>> parameters,
            boolean body,
            String kind,
            String status) {
        var operation = new LinkedHashMap<String, Object>();
        operation.put("summary", summary);
        operation.put("parameters", parameters);
        var content =
                Map.of(
                        "application/json",
                        Map.of("schema", Map.of("$ref", "#/components/schemas/" + kind)));
        if (body) {
            operation.put("requestBody", Map.of("required", true, "content", content));
        }
        operation.put(
                "responses",
                Map.of(status, Map.of("description", "as it is now", "content", content)));
        return operation;
    }

    private static Map<String, Object> parameter(
            String name, String in, boolean required, String description) {
        return Map.of(
                "name",
                name,
                "in",
                in,
                "required",
                required,
                "description",
                description,
                "schema",
                Map.of("type", "string"));
    }
}
