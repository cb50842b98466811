package sluice.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The patterns of {@code governance}, seen beside what is there to permit. One that permits nothing is seldom what was
/// meant; it is warned about, because what a target lists may be known only when it is asked.
final class GrantedModels {
    private final Fields file;
    private final Declared declared;

    /// The names that a pattern without a slash may mean: virtual models, and the models that targets name.
    private final Set<String> bare;

    /// Whether there are names that only a target knows.
    private final boolean open;

    private GrantedModels(Fields file, Declared declared) {
        this.file = file;
        this.declared = declared;
        this.bare = new LinkedHashSet<>(declared.virtualNames());
        boolean discovers = declared.targets().size() < declared.ids().size();
        for (var target : declared.targets().values()) {
            switch (target.models()) {
                case ModelSelection.All _ -> discovers = true;
                case ModelSelection.None _ -> {}
                case ModelSelection.Named(var names) -> bare.addAll(names);
            }
        }
        this.open = discovers;
    }

    static void check(Fields file, Declared declared) {
        if (declared.ids().isEmpty()) {
            return;
        }
        var granted = new GrantedModels(file, declared);
        for (var list :
                List.of(
                        "organisation",
                        "customers",
                        "teams",
                        "users",
                        "virtual_keys",
                        "anonymous")) {
            for (var level : file.mappings("governance", list)) {
                granted.check(level);
            }
        }
    }

    private void check(Yaml.Mapping level) {
        if (level.find("models").orElse(level) instanceof Yaml.Sequence patterns) {
            for (var pattern : patterns.items()) {
                if (pattern instanceof Yaml.Scalar text) {
                    check(text.text(), level.place("models"));
                }
            }
        }
    }

    private void check(String pattern, Place place) {
        int slash = pattern.indexOf('/');
        var first = slash < 0 ? pattern : pattern.substring(0, slash);
        if (first.contains("*")) {
            return;
        }
        if (slash < 0) {
            checkBare(pattern, place);
        } else if (!declared.ids().contains(first)) {
            file.warn(
                    place,
                    "no target has the id "
                            + Discretion.quote(first)
                            + declared.nearestId(first, ", so the pattern permits nothing"));
        }
    }

    /// Where targets are asked what they list, a name may be one of theirs; then only one that is nearly a virtual
    /// model's is worth a word.
    private void checkBare(String name, Place place) {
        if (bare.contains(name)) {
            return;
        }
        if (open) {
            Nearest.to(name, declared.virtualNames())
                    .ifPresent(near ->
                            file.warn(
                                    place,
                                    "no virtual model has the name "
                                            + Discretion.quote(name)
                                            + "; did you mean "
                                            + Discretion.quote(near)
                                            + "? It permits a model of that name, if a target"
                                            + " lists one"));
            return;
        }
        file.warn(
                place,
                "neither a virtual model nor a target's model has the name "
                        + Discretion.quote(name)
                        + Nearest.to(name, bare)
                                .map(near -> "; did you mean " + Discretion.quote(near) + "?")
                                .orElse(", so the pattern permits nothing"));
    }
}
