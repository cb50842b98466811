package sluice.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.JsonText;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// The pages of the model hub, in the shapes that other gateways have made usual (facts/forms.md section 6). Printed
/// from what discovery found; nobody is asked while a caller waits.
public final class ModelHub {
    private static final Governed ROW = Governed.of("config");
    private static final Governed CONFIG = Governed.of("served_models", "served_entities");

    /// What of an entity is shown. The rest is not for everybody's eyes: environment variables, instance profiles,
    /// where an external model's key is kept.
    private static final Governed ENTITY =
            Governed.of(
                    "name",
                    "entity_name",
                    "entity_version",
                    "model_name",
                    "model_version",
                    "foundation_model",
                    "external_model",
                    "state",
                    "workload_size",
                    "workload_type",
                    "scale_to_zero_enabled",
                    "creator",
                    "creation_timestamp");

    private static final Governed EXTERNAL_MODEL = Governed.of("name", "provider", "task");

    private ModelHub() {}

    /// {@code GET /public/databricks/serving_endpoints}. With one workspace its address stands at the end; with several
    /// each endpoint carries its target and its workspace's address.
    ///
    /// @param targets those that the caller may see
    /// @throws sluice.call.CallFailed with {@link Failure.Malformed} when the query names a target or a provider that
    ///     is not among them
    public static Bytes servingEndpoints(List<HubTarget> targets, HubQuery query) {
        var workspaces =
                chosen(targets, query).stream()
                        .filter(target -> target.workspaceUrl() != null)
                        .toList();
        boolean several = workspaces.size() > 1;
        var text = new JsonText().object().array("endpoints");
        for (var workspace : workspaces) {
            for (var model : workspace.models()) {
                if (model.servingEndpoint()) {
                    print(text, workspace, model, several);
                }
            }
        }
        text.end();
        if (!several) {
            text.field(
                    "workspace_url",
                    workspaces.isEmpty() ? null : workspaces.getFirst().workspaceUrl());
        }
        return text.end().toBytes();
    }

    private static void print(JsonText text, HubTarget workspace, HubModel model, boolean several) {
        text.object().field("name", model.name()).field("creator", model.creator());
        number(text, "creation_timestamp", model.createdMillis());
        number(text, "last_updated_timestamp", model.updatedMillis());
        text.field("state", model.state());
        var config = config(model.row());
        text.object("config");
        entities(text, config, "served_models");
        entities(text, config, "served_entities");
        text.end();
        text.field(
                "endpoint_url",
                workspace.workspaceUrl()
                        + "/serving-endpoints/"
                        + encoded(model.name())
                        + "/invocations");
        if (several) {
            text.field("target", workspace.id()).field("workspace_url", workspace.workspaceUrl());
        }
        text.end();
    }

    /// {@code GET /public/model_hub}. A model that several targets of one provider serve is one group.
    ///
    /// @param targets those that the caller may see
    /// @throws sluice.call.CallFailed as above
    public static Bytes modelHub(List<HubTarget> targets, HubQuery query) {
        var groups = new LinkedHashMap<String, Group>();
        for (var target : chosen(targets, query)) {
            for (var model : target.models()) {
                var name = target.provider() + "/" + model.name();
                groups.computeIfAbsent(name, _ -> new Group(target.provider(), model.mode()))
                        .models
                        .add(model);
            }
        }
        var text = new JsonText().array();
        groups.forEach((name, group) -> print(text, name, group));
        return text.end().toBytes();
    }

    private static final class Group {
        private final String provider;
        private final String mode;
        private final List<HubModel> models = new ArrayList<>();

        Group(String provider, String mode) {
            this.provider = provider;
            this.mode = mode;
        }
    }

    /// A group can what all its models can, since any of them may get the call.
    private static void print(JsonText text, String name, Group group) {
        var models = group.models;
        text.object()
                .field("model_group", name)
                .array("providers")
                .value(group.provider)
                .end()
                .field("mode", group.mode)
                .field(
                        "supports_function_calling",
                        models.stream().allMatch(HubModel::functionCalling))
                .field("supports_vision", models.stream().allMatch(HubModel::vision))
                .field(
                        "supports_parallel_function_calling",
                        models.stream().allMatch(HubModel::parallelFunctionCalling))
                .field("is_public_model_group", true)
                .end();
    }

    private static List<HubTarget> chosen(List<HubTarget> targets, HubQuery query) {
        var provider = query.provider();
        var target = query.target();
        var chosen =
                targets.stream()
                        .filter(one -> provider == null || one.provider().equals(provider))
                        .filter(one -> target == null || one.id().equals(target))
                        .toList();
        if (chosen.isEmpty() && target != null) {
            throw new Failure.Malformed(
                            "No target of the id in the parameter 'target' is configured here.",
                            "target")
                    .asException();
        }
        return chosen;
    }

    // ---- pieces of a listing's own row ----

    private static @Nullable Fields config(Bytes row) {
        if (row.isEmpty()) {
            return null;
        }
        try {
            var config = Fields.scan(row, ROW, Limits.DEFAULT).find("config");
            return config == null || config.kind() != Kind.OBJECT
                    ? null
                    : config.object(CONFIG, Limits.DEFAULT);
        } catch (NotJson not) {
            return null;
        }
    }

    private static void entities(JsonText text, @Nullable Fields config, String name) {
        text.array(name);
        var field = config == null ? null : config.find(name);
        if (field != null && field.kind() == Kind.ARRAY) {
            try {
                for (var entity : field.elements()) {
                    if (entity.array()[entity.from()] == '{') {
                        var fields = Fields.scan(entity, ENTITY, Limits.DEFAULT);
                        copy(text.object(), fields, ENTITY);
                        text.end();
                    }
                }
            } catch (NotJson alreadyRead) {
                throw new IllegalStateException("the row was read before", alreadyRead);
            }
        }
        text.end();
    }

    private static void copy(JsonText text, Fields fields, Governed governed) throws NotJson {
        for (int index = 0; index < governed.size(); index++) {
            var field = fields.find(index);
            if (field == null) {
                continue;
            }
            if (field.name().equals("external_model") && field.kind() == Kind.OBJECT) {
                var model = field.object(EXTERNAL_MODEL, Limits.DEFAULT);
                copy(text.object(field.name()), model, EXTERNAL_MODEL);
                text.end();
            } else {
                text.field(field.name(), field.value());
            }
        }
    }

    private static void number(JsonText text, String name, long millis) {
        if (millis == 0) {
            text.field(name, (String) null);
        } else {
            text.field(name, millis);
        }
    }

    private static String encoded(String segment) {
        var encoded = new StringBuilder();
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (b >= 'a' && b <= 'z')
                            || (b >= 'A' && b <= 'Z')
                            || (b >= '0' && b <= '9')
                            || "-_.~".indexOf(b) >= 0;
            encoded.append(plain ? Character.toString(b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }
}
