package sluice.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Several files laid over each other: of two objects with one id the later file's stands, whole; of two settings of a
/// section, the later file's; of two lists without ids, the later file's. What is covered is not read any further.
final class Layers {
    /// Sections, the lists in them, and settings that are mappings; below these an object is replaced whole.
    private static final int MERGED_LEVELS = 3;

    private Layers() {}

    static Yaml.Mapping merge(List<Yaml.Mapping> files, Reading reading) {
        var merged = new Yaml.Mapping(Place.startOf("defaults"), List.of());
        for (int i = 0; i < files.size(); i++) {
            var used = withoutDisabledPack(files.get(i), reading);
            merged = i == 0 ? used : over(merged, used, MERGED_LEVELS);
        }
        return merged;
    }

    private static Yaml.Mapping withoutDisabledPack(Yaml.Mapping file, Reading reading) {
        if (file.find("pack").orElse(file) instanceof Yaml.Mapping pack
                && pack.find("enabled").orElse(pack) instanceof Yaml.Scalar enabled
                && enabled.type() == Yaml.Scalar.Type.TRUTH
                && enabled.text().equalsIgnoreCase("false")) {
            reading.warn(
                    enabled.place(), "the pack is not enabled: nothing else in this file is used");
            return new Yaml.Mapping(
                    file.place(),
                    file.entries().stream().filter(entry -> entry.key().equals("pack")).toList());
        }
        return file;
    }

    private static Yaml.Mapping over(Yaml.Mapping earlier, Yaml.Mapping later, int levels) {
        var entries = new LinkedHashMap<String, Yaml.Entry>();
        earlier.entries().forEach(entry -> entries.put(entry.key(), entry));
        for (var entry : later.entries()) {
            var below = entries.get(entry.key());
            entries.put(
                    entry.key(),
                    below == null
                            ? entry
                            : new Yaml.Entry(
                                    entry.place(),
                                    entry.key(),
                                    over(below.value(), entry.value(), levels - 1)));
        }
        return new Yaml.Mapping(later.place(), List.copyOf(entries.values()));
    }

    private static Yaml over(Yaml earlier, Yaml later, int levels) {
        if (levels > 0
                && earlier instanceof Yaml.Mapping below
                && later instanceof Yaml.Mapping above) {
            return over(below, above, levels);
        }
        if (earlier instanceof Yaml.Sequence below && later instanceof Yaml.Sequence above) {
            return over(below, above);
        }
        return later;
    }

    /// Only objects of the earlier file are replaced: two with one id in one file both stay, to be refused as such.
    private static Yaml.Sequence over(Yaml.Sequence earlier, Yaml.Sequence later) {
        if (!allObjects(earlier) || !allObjects(later)) {
            return later;
        }
        var items = new ArrayList<>(earlier.items());
        var covers = new HashMap<String, Integer>();
        for (int i = 0; i < items.size(); i++) {
            int index = i;
            id(items.get(i)).ifPresent(id -> covers.putIfAbsent(id, index));
        }
        for (var item : later.items()) {
            var covered = id(item).map(covers::remove);
            if (covered.isPresent()) {
                items.set(covered.get(), item);
            } else {
                items.add(item);
            }
        }
        return new Yaml.Sequence(later.place(), items);
    }

    private static boolean allObjects(Yaml.Sequence list) {
        return list.items().stream().allMatch(Yaml.Mapping.class::isInstance);
    }

    /// Objects have an id; virtual models are known by their name, issuers by what their tokens say, workspaces by their
    /// host.
    private static Optional<String> id(Yaml item) {
        return item instanceof Yaml.Mapping mapping
                ? Stream.of("id", "name", "issuer", "host")
                        .flatMap(key -> mapping.find(key).stream())
                        .findFirst()
                        .filter(Yaml.Scalar.class::isInstance)
                        .map(id -> ((Yaml.Scalar) id).text())
                : Optional.empty();
    }
}
