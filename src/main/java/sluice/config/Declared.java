package sluice.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What a file declares that others refer to. A target that is wrong in itself has its id here and nothing more.
///
/// @param ids of all targets
/// @param targets those that are good, by id
/// @param virtualNames of all virtual models
record Declared(Set<String> ids, Map<String, TargetConfig> targets, Set<String> virtualNames) {

    static Declared in(Fields file) {
        var ids = new LinkedHashSet<String>();
        var targets = new LinkedHashMap<String, TargetConfig>();
        for (var target : file.mappings("providers", "targets")) {
            target.text("id").ifPresent(ids::add);
            file.find(TargetSection.SECTION, target)
                    .ifPresent(read -> targets.put(read.id(), read));
        }
        var names = new LinkedHashSet<String>();
        file.mappings("virtual_models").forEach(model -> model.text("name").ifPresent(names::add));
        return new Declared(ids, targets, names);
    }

    /// The end of a sentence about an id that no target has. Ids may be wrong in themselves, and are quoted with care.
    String nearestId(String id, String otherwise) {
        return Nearest.to(id, ids)
                .map(near -> "; did you mean " + Discretion.quote(near) + "?")
                .orElse(otherwise);
    }
}
