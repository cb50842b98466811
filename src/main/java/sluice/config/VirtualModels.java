package sluice.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.ModelName;
import sluice.call.RequestType;

/// What the virtual models of a file must agree on with its targets and with each other. Parts that are wrong in
/// themselves are passed over, and the good ones beside them are checked all the same.
final class VirtualModels {
    private static final List<String> PROVIDERS =
            List.of("databricks", "openai", "anthropic", "custom");

    private final Fields file;
    private final Declared declared;

    private VirtualModels(Fields file, Declared declared) {
        this.file = file;
        this.declared = declared;
    }

    static void check(Fields file, Declared declared) {
        var models = new VirtualModels(file, declared);
        file.mappings("virtual_models").forEach(models::check);
    }

    private void check(Yaml.Mapping model) {
        model.text("name").ifPresent(name -> checkName(name, model.place("name")));
        @Nullable RequestsOf before = null;
        for (var target : model.mappings("routing_config", "load_balance_targets")) {
            var named = file.find(BalancedTargetSection.SECTION, target);
            if (named.isPresent()) {
                before = check(named.get().model(), target.place("target"), before);
            }
        }
    }

    private @Nullable RequestsOf check(ModelName name, Place place, @Nullable RequestsOf before) {
        if (!declared.ids().contains(name.target())) {
            file.fault(place, unknown(name.target()));
            return before;
        }
        var target = declared.targets().get(name.target());
        return target != null && serves(target, name.model(), place)
                ? commonWith(before, target, name.text(), place)
                : before;
    }

    private void checkName(String name, Place place) {
        if (declared.ids().contains(name)) {
            file.fault(place, Discretion.quote(name) + " is a target's id already; choose another");
        } else if (PROVIDERS.contains(name)) {
            file.fault(place, Discretion.quote(name) + " is a provider's name; choose another");
        }
        for (var target : declared.targets().values()) {
            if (target.models() instanceof ModelSelection.Named(var listed)
                    && listed.contains(name)) {
                file.warn(
                        place,
                        "the target '"
                                + target.id()
                                + "' has a model of that name, which is then asked for as '"
                                + target.id()
                                + "/"
                                + Discretion.printable(name)
                                + "' only");
            }
        }
    }

    private String unknown(String id) {
        if (declared.virtualNames().contains(id)) {
            return Discretion.quote(id)
                    + " is a virtual model; one cannot stand behind another. Name its targets here";
        }
        return "no target has the id "
                + Discretion.quote(id)
                + declared.nearestId(id, declared.ids().isEmpty() ? "; none is declared" : "");
    }

    private boolean serves(TargetConfig target, String model, Place place) {
        return switch (target.models()) {
            case ModelSelection.All _ -> true;
            case ModelSelection.None _ -> {
                file.fault(
                        place,
                        "the target '"
                                + target.id()
                                + "' serves no model at all (its models is []); name the model"
                                + " there");
                yield false;
            }
            case ModelSelection.Named(var names) -> {
                if (names.contains(model)) {
                    yield true;
                }
                file.fault(
                        place,
                        "the target '"
                                + target.id()
                                + "' does not serve "
                                + Discretion.quote(model)
                                + Nearest.to(model, names)
                                        .map(name -> "; did you mean '" + name + "'?")
                                        .orElse("; add it to its models"));
                yield false;
            }
        };
    }

    /// What the targets so far can all be asked, by whom it came.
    private record RequestsOf(String target, Set<RequestType> types) {}

    private RequestsOf commonWith(
            @Nullable RequestsOf before, TargetConfig target, String name, Place place) {
        var own = requests(target);
        if (before == null) {
            return new RequestsOf(name, own);
        }
        var common = EnumSet.copyOf(own);
        common.retainAll(before.types());
        if (common.isEmpty()) {
            file.fault(
                    place,
                    Discretion.quote(name)
                            + " takes no kind of request that '"
                            + before.target()
                            + "' takes too, so no call could go to both");
            return before;
        }
        return new RequestsOf(before.target(), common);
    }

    /// The kinds of call that can be put to a target, as they are or translated.
    private static Set<RequestType> requests(TargetConfig target) {
        var types = EnumSet.allOf(RequestType.class);
        types.remove(RequestType.LIST_MODELS);
        types.remove(RequestType.COUNT_TOKENS); // counted here where the target cannot
        switch (target.provider()) {
            case Provider.Databricks _ -> {}
            case Provider.OpenAi _ -> types.remove(RequestType.INVOCATIONS);
            case Provider.Anthropic _ ->
                    types.removeAll(Set.of(RequestType.INVOCATIONS, RequestType.EMBEDDINGS));
            case Provider.Custom(var format) -> {
                types.remove(RequestType.INVOCATIONS);
                if (format == Provider.BaseFormat.ANTHROPIC) {
                    types.remove(RequestType.EMBEDDINGS);
                }
                types.retainAll(target.requests().allowed());
            }
        }
        return types;
    }
}
