package sluice.upstream.databricks;

import static sluice.upstream.databricks.DeclaredModels.Source.FOUNDATION_MODELS;
import static sluice.upstream.databricks.DeclaredModels.Source.GATEWAY_ENDPOINTS;
import static sluice.upstream.databricks.DeclaredModels.Source.MODEL_SERVICES;
import static sluice.upstream.databricks.DeclaredModels.Source.SERVING_ENDPOINTS;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.openai.ModelList;
import sluice.upstream.databricks.DeclaredModel.Capabilities;
import sluice.upstream.databricks.DeclaredModel.Mode;
import sluice.upstream.databricks.DeclaredModel.State;
import sluice.upstream.databricks.DeclaredModels.Source;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Joins the listings into one row for each name. Every level of a row may be missing or of another kind; a row without
/// a name is passed over.
final class DeclaredRows {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_ROWS = 10_000;
    private static final int MAX_ENTITIES = 100;

    private final Set<Source> unanswered;
    private final ModelCapabilities known = ModelCapabilities.builtIn();

    /// By endpoint, and by the model's own name: what the foundation models' listing says.
    private final Map<String, Dialects> hosted = new LinkedHashMap<>();

    private final Map<String, DeclaredModel> rows = new LinkedHashMap<>();

    /// The doors that a hosted model's {@code api_types} open, and whether the gateway serves it.
    private record Dialects(Set<Door> doors, boolean gateway) {
        /// On the surfaces where the model is.
        Set<Door> on(Surface surface) {
            var there = EnumSet.noneOf(Door.class);
            doors.stream().filter(door -> door.surface() == surface).forEach(there::add);
            return there;
        }
    }

    private DeclaredRows(Set<Source> unanswered) {
        this.unanswered = EnumSet.noneOf(Source.class);
        this.unanswered.addAll(unanswered);
    }

    static DeclaredModels join(Map<Source, List<Bytes>> documents, Set<Source> unanswered) {
        var joined = new DeclaredRows(unanswered);
        joined.each(documents, FOUNDATION_MODELS, "endpoints", (row, _) -> joined.dialects(row));
        joined.each(documents, SERVING_ENDPOINTS, "endpoints", joined::endpoint);
        // what is listed only as a foundation model is an endpoint too
        joined.each(documents, FOUNDATION_MODELS, "endpoints", joined::endpoint);
        joined.each(documents, GATEWAY_ENDPOINTS, "endpoints", joined::gatewayEndpoint);
        joined.each(documents, MODEL_SERVICES, "model_services", joined::service);
        return new DeclaredModels(List.copyOf(joined.rows.values()), joined.unanswered);
    }

    private interface Reader {
        void row(JsonNode row, Bytes asItCame);
    }

    private void each(
            Map<Source, List<Bytes>> documents, Source source, String list, Reader reader) {
        var governed = Governed.of(list);
        for (var document : documents.getOrDefault(source, List.of())) {
            try {
                var field = Fields.scan(document, governed, Limits.DEFAULT).find(list);
                if (field == null || field.kind() != Kind.ARRAY) {
                    continue;
                }
                for (var row : field.elements()) {
                    if (row.array()[row.from()] == '{' && rows.size() < MAX_ROWS) {
                        reader.row(JSON.readTree(row.array(), row.from(), row.length()), row);
                    }
                }
            } catch (NotJson | JacksonException not) {
                unanswered.add(source);
            }
        }
    }

    // ---- foundation models ----

    private void dialects(JsonNode row) {
        var apiTypes = EnumSet.noneOf(Door.class);
        boolean told = false;
        boolean gateway = false;
        for (var entity : entities(row)) {
            var model = entity.path("foundation_model");
            gateway |= model.path("ai_gateway_v2_supported").asBoolean(false);
            for (var type : model.path("api_types")) {
                told = true;
                apiTypes.addAll(Door.ofApiType(type.asString("")));
            }
        }
        if (told || gateway) {
            var dialects = new Dialects(apiTypes, gateway);
            var name = name(row);
            if (name != null) {
                hosted.putIfAbsent(name, dialects);
            }
            var model = underlying(row);
            if (model != null) {
                hosted.putIfAbsent(model, dialects);
            }
        }
    }

    private @Nullable Dialects dialectsOf(@Nullable String name) {
        return name == null ? null : hosted.get(name);
    }

    // ---- serving endpoints ----

    private void endpoint(JsonNode row, Bytes asItCame) {
        var name = name(row);
        if (name == null || rows.containsKey(name)) {
            return;
        }
        var underlying = underlying(row);
        var task = task(row);
        var dialects = dialectsOf(name);
        dialects = dialects == null ? dialectsOf(underlying) : dialects;
        var surfaces = EnumSet.of(Surface.SERVING);
        var doors = ofTask(task);
        if (dialects != null) {
            doors.addAll(dialects.on(Surface.SERVING));
            if (dialects.gateway()) {
                surfaces.add(Surface.GATEWAY);
                doors.addAll(dialects.on(Surface.GATEWAY));
            }
        } else if (isHosted(name, row)) {
            addFamily(doors, Surface.SERVING, underlying == null ? name : underlying);
        }
        if (doors.contains(Door.SERVING_CHAT) && isOfOpenAi(row)) {
            doors.add(Door.SERVING_RESPONSES); // facts/databricks.md section 1.1
        }
        if (!doors.isEmpty()) {
            doors.add(Door.SERVING_INVOCATIONS);
        }
        put(
                new DeclaredModel(
                        name,
                        surfaces,
                        doors,
                        task,
                        mode(task, doors),
                        state(row.path("state").path("ready").asString("")),
                        text(row.path("state").path("config_update")),
                        scaleToZero(row),
                        capabilities(row).or(known.of(name, underlying)),
                        underlying,
                        text(row.path("creator")),
                        row.path("creation_timestamp").asLong(0),
                        row.path("last_updated_timestamp").asLong(0),
                        asItCame));
    }

    /// Empty when the task says nothing that we know.
    private static Set<Door> ofTask(@Nullable String task) {
        var doors = EnumSet.noneOf(Door.class);
        switch (task == null ? "" : task) {
            case "llm/v1/chat", "agent/v1/chat", "agent/v2/chat" -> doors.add(Door.SERVING_CHAT);
            case "llm/v1/completions" -> doors.add(Door.SERVING_COMPLETIONS);
            case "llm/v1/embeddings" -> doors.add(Door.SERVING_EMBEDDINGS);
            case "agent/v1/responses" -> doors.add(Door.SERVING_RESPONSES);
            default -> {}
        }
        return doors;
    }

    private static Mode mode(@Nullable String task, Set<Door> doors) {
        return switch (task == null ? "" : task) {
            case "llm/v1/chat", "agent/v1/chat", "agent/v2/chat" -> Mode.CHAT;
            case "llm/v1/completions" -> Mode.COMPLETION;
            case "llm/v1/embeddings" -> Mode.EMBEDDING;
            case "agent/v1/responses" -> Mode.RESPONSES;
            default -> mode(doors);
        };
    }

    private static Mode mode(Set<Door> doors) {
        boolean embeds = false;
        boolean completes = false;
        boolean talks = false;
        for (var door : doors) {
            switch (door.dialect()) {
                case CHAT -> {
                    return Mode.CHAT;
                }
                case MESSAGES, RESPONSES -> talks = true;
                case EMBEDDINGS -> embeds = true;
                case COMPLETIONS -> completes = true;
                case COUNT_TOKENS, INVOCATIONS -> {}
            }
        }
        if (talks) {
            return Mode.RESPONSES;
        }
        if (embeds) {
            return Mode.EMBEDDING;
        }
        return completes ? Mode.COMPLETION : Mode.UNKNOWN;
    }

    private static State state(String ready) {
        return switch (ready) {
            case "READY" -> State.READY;
            case "NOT_READY" -> State.NOT_READY;
            default -> State.UNKNOWN;
        };
    }

    private static @Nullable Boolean scaleToZero(JsonNode row) {
        Boolean told = null;
        for (var entity : entities(row)) {
            var flag = truth(entity.path("scale_to_zero_enabled"));
            told = flag == null ? told : Boolean.valueOf(flag || Boolean.TRUE.equals(told));
        }
        return told;
    }

    private static Capabilities capabilities(JsonNode row) {
        var told = ofCapabilities(row.path("capabilities"));
        for (var entity : entities(row)) {
            told =
                    told.or(ofCapabilities(entity.path("capabilities")))
                            .or(
                                    ofCapabilities(
                                            entity.path("foundation_model").path("capabilities")));
        }
        return told;
    }

    private static Capabilities ofCapabilities(JsonNode said) {
        return new Capabilities(
                truth(said.path("vision")),
                truth(said.path("function_calling")),
                truth(said.path("parallel_function_calling")));
    }

    /// A model that Databricks hosts itself (facts/databricks.md section 2.2: the prefix alone would match templates of
    /// apps too).
    private static boolean isHosted(String name, JsonNode row) {
        var entities = entities(row);
        return name.startsWith("databricks-")
                && (entities.isEmpty()
                        || entities.getFirst()
                                .path("entity_name")
                                .asString("system.ai.")
                                .startsWith("system.ai."));
    }

    private static boolean isOfOpenAi(JsonNode row) {
        var entities = entities(row);
        return !entities.isEmpty()
                && entities.stream()
                        .allMatch(entity ->
                                entity.path("external_model")
                                        .path("provider")
                                        .asString("")
                                        .equals("openai"));
    }

    // ---- gateway endpoints, the generation before services ----

    private void gatewayEndpoint(JsonNode row, Bytes asItCame) {
        var name = name(row);
        if (name == null) {
            return;
        }
        var destinations = new ArrayList<String>();
        for (var destination : row.path("config").path("destinations")) {
            var model = text(destination.path("name"));
            if (model != null && destinations.size() < MAX_ENTITIES) {
                destinations.add(model);
            }
        }
        var doors = gatewayDoors(name, destinations, Set.of());
        var before = rows.get(name);
        put(
                before == null
                        ? gatewayRow(name, doors, destinations, row, asItCame)
                        : alsoAtGateway(before, doors));
    }

    /// What all destinations speak, since any of them may get the call; and when nothing is known of any, what the
    /// family of the name suggests.
    private Set<Door> gatewayDoors(String name, List<String> destinations, Set<Door> declared) {
        Set<Door> common = null;
        var candidates = new ArrayList<>(destinations);
        if (destinations.isEmpty()) {
            candidates.add(name);
        }
        for (var destination : candidates) {
            var dialects = dialectsOf(destination);
            if (dialects == null) {
                dialects = dialectsOf(endpointName(destination));
            }
            if (dialects == null) {
                continue;
            }
            if (common == null) {
                common = dialects.on(Surface.GATEWAY);
            } else {
                common.retainAll(dialects.doors());
            }
        }
        var doors = EnumSet.noneOf(Door.class);
        doors.addAll(declared);
        if (common != null) {
            doors.addAll(common);
        } else {
            addFamily(doors, Surface.GATEWAY, candidates.getFirst());
        }
        return doors;
    }

    /// {@code system.ai.x} and {@code system.ai.databricks-x} are the endpoint {@code databricks-x}.
    private static String endpointName(String model) {
        var last = model.substring(model.lastIndexOf('.') + 1);
        return last.startsWith("databricks-") ? last : "databricks-" + last;
    }

    // ---- model services ----

    private void service(JsonNode row, Bytes asItCame) {
        var name = name(row);
        if (name == null) {
            return;
        }
        name = withoutPrefix(name, "model-services/");
        var destinations = new ArrayList<String>();
        var declared = EnumSet.noneOf(Door.class);
        for (var type : row.path("supported_api_types")) {
            for (var door : Door.ofApiType(type.asString(""))) {
                if (door.surface() == Surface.GATEWAY) {
                    declared.add(door);
                }
            }
        }
        var natives = EnumSet.noneOf(Door.class);
        for (var destination : row.path("config").path("routing").path("destinations")) {
            destination(destination, destinations);
            natives.addAll(nativeDoors(destination));
        }
        if (destinations.size() == 1) {
            declared.addAll(natives); // of several, any may get the call
        }
        put(
                gatewayRow(
                        name,
                        gatewayDoors(name, destinations, declared),
                        destinations,
                        row,
                        asItCame));
    }

    private static void destination(JsonNode destination, List<String> into) {
        if (destination.path("is_deleted").asBoolean(false) || into.size() == MAX_ENTITIES) {
            return;
        }
        for (var where :
                List.of(
                        destination.path("pay_per_token_config").path("model"),
                        destination
                                .path("provisioned_throughput_config")
                                .path("model_serving_endpoint"),
                        destination.path("external_model_config").path("target").path("model"))) {
            var text = text(where);
            if (text != null) {
                into.add(withoutPrefix(withoutPrefix(text, "models/"), "serving-endpoints/"));
                return;
            }
        }
    }

    private static Set<Door> nativeDoors(JsonNode destination) {
        var doors = EnumSet.noneOf(Door.class);
        var target = destination.path("external_model_config").path("target");
        for (var type : target.path("native_api_types")) {
            for (var door : Door.ofApiType(type.asString(""))) {
                if (door.surface() == Surface.GATEWAY) {
                    doors.add(door);
                }
            }
        }
        return doors;
    }

    private DeclaredModel gatewayRow(
            String name, Set<Door> doors, List<String> destinations, JsonNode row, Bytes asItCame) {
        var underlying = destinations.isEmpty() ? null : destinations.getFirst();
        return new DeclaredModel(
                name,
                EnumSet.of(Surface.GATEWAY),
                doors,
                null,
                mode(doors),
                State.UNKNOWN,
                null,
                null,
                capabilities(row).or(known.of(name, underlying)),
                underlying,
                firstText(row, "created_by", "creator"),
                millis(row, "create_time", "creation_timestamp"),
                millis(row, "update_time", "last_updated_timestamp"),
                asItCame);
    }

    private static DeclaredModel alsoAtGateway(DeclaredModel model, Set<Door> more) {
        var doors = EnumSet.noneOf(Door.class);
        doors.addAll(model.doors());
        doors.addAll(more);
        return new DeclaredModel(
                model.name(),
                EnumSet.allOf(Surface.class),
                doors,
                model.task(),
                model.mode() == Mode.UNKNOWN ? mode(doors) : model.mode(),
                model.state(),
                model.configUpdate(),
                model.scaleToZero(),
                model.capabilities(),
                model.underlying(),
                model.creator(),
                model.createdMillis(),
                model.updatedMillis(),
                model.row());
    }

    private void put(DeclaredModel model) {
        rows.put(model.name(), model);
    }

    // ---- reading a row, any part of which may be missing ----

    private static void addFamily(Set<Door> doors, Surface surface, String model) {
        var family = ModelFamily.of(List.of(model));
        for (var door : Door.values()) {
            boolean talks =
                    switch (door.dialect()) {
                        case CHAT, MESSAGES, RESPONSES -> true;
                        case COMPLETIONS, EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> false;
                    };
            // an embedding model does not talk, and its task has said so
            boolean embeds =
                    doors.contains(Door.SERVING_EMBEDDINGS)
                            || doors.contains(Door.GATEWAY_EMBEDDINGS);
            if (door.surface() == surface && talks && !embeds && family.speaksAt(door)) {
                doors.add(door);
            }
        }
    }

    private static @Nullable String name(JsonNode row) {
        var name = text(row.path("name"));
        return name == null || !ModelList.isName(name) ? null : name;
    }

    private static @Nullable String task(JsonNode row) {
        var task = text(row.path("task"));
        if (task != null) {
            return task;
        }
        for (var entity : entities(row)) {
            var external = text(entity.path("external_model").path("task"));
            if (external != null) {
                return external;
            }
        }
        return null;
    }

    private static @Nullable String underlying(JsonNode row) {
        for (var entity : entities(row)) {
            for (var model :
                    List.of(
                            entity.path("foundation_model").path("name"),
                            entity.path("external_model").path("name"),
                            entity.path("entity_name"))) {
                var name = text(model);
                if (name != null && ModelList.isName(name)) {
                    return name;
                }
            }
        }
        return null;
    }

    private static List<JsonNode> entities(JsonNode row) {
        var entities = new ArrayList<JsonNode>();
        for (var entity : row.path("config").path("served_entities")) {
            if (entities.size() < MAX_ENTITIES) {
                entities.add(entity);
            }
        }
        return entities;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    private static @Nullable String firstText(JsonNode row, String... names) {
        for (var name : names) {
            var text = text(row.path(name));
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static @Nullable Boolean truth(JsonNode node) {
        return node.isBoolean() ? Boolean.valueOf(node.booleanValue()) : null;
    }

    private static long millis(JsonNode row, String date, String number) {
        var text = text(row.path(date));
        if (text == null) {
            return row.path(number).asLong(0);
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException notOne) {
            return 0;
        }
    }

    private static String withoutPrefix(String text, String prefix) {
        return text.startsWith(prefix) && text.length() > prefix.length()
                ? text.substring(prefix.length())
                : text;
    }
}
