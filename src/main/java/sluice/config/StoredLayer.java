package sluice.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The objects of the store as the one policy file that they might have been.
final class StoredLayer {
    /// What the places of such objects begin with.
    static final String FILE = "store:";

    /// Of a policy: whether it is in the chain, and what it is set to.
    private static final String CHAINED = "chained";

    private static final String SETTINGS = "settings";

    private final Reading reading;
    private final Place place = Place.startOf(FILE);
    private final Map<ObjectKind, List<Yaml.Entry>> objects = new EnumMap<>(ObjectKind.class);
    private final List<Yaml> chain = new ArrayList<>();

    private StoredLayer(Reading reading) {
        this.reading = reading;
    }

    static Yaml.Mapping of(List<StoredDocument> documents, Reading reading) {
        var layer = new StoredLayer(reading);
        documents.forEach(layer::add);
        return layer.mapping();
    }

    private void add(StoredDocument document) {
        var file = FILE + document.kind().token() + "/" + Discretion.printable(document.id());
        var bytes = document.json().getBytes(StandardCharsets.UTF_8);
        var read = YamlFile.read(file, bytes, reading);
        if (read.isEmpty()) {
            return;
        }
        if (document.kind() == ObjectKind.POLICIES) {
            addPolicy(document.id(), read.get());
            return;
        }
        objects.computeIfAbsent(document.kind(), _ -> new ArrayList<>())
                .add(new Yaml.Entry(read.get().place(), document.id(), read.get()));
    }

    private void addPolicy(String name, Yaml.Mapping policy) {
        for (var entry : policy.entries()) {
            switch (entry.key()) {
                case CHAINED -> {
                    if (new Truth().read(entry.value(), reading).orElse(false)) {
                        chain.add(new Yaml.Scalar(entry.place(), name, Yaml.Scalar.Type.TEXT));
                    }
                }
                case SETTINGS ->
                        objects.computeIfAbsent(ObjectKind.POLICIES, _ -> new ArrayList<>())
                                .add(new Yaml.Entry(entry.place(), name, entry.value()));
                default ->
                        reading.fault(
                                entry.place(),
                                "unknown key; a policy has " + CHAINED + " and " + SETTINGS);
            }
        }
    }

    private Yaml.Mapping mapping() {
        var file = new Tree();
        objects.forEach((kind, entries) -> {
            var at = kind.path();
            if (kind.idKey().isEmpty()) {
                entries.forEach(entry -> file.at(at).put(entry.key(), entry.value()));
            } else {
                file.at(at.subList(0, at.size() - 1))
                        .put(at.getLast(), new Yaml.Sequence(place, listed(kind, entries)));
            }
        });
        if (!chain.isEmpty()) {
            file.at(List.of("policies")).put("chain", new Yaml.Sequence(place, chain));
        }
        return file.mapping(place);
    }

    private static List<Yaml> listed(ObjectKind kind, List<Yaml.Entry> objects) {
        var list = new ArrayList<Yaml>();
        for (var object : objects) {
            if (object.value() instanceof Yaml.Mapping mapping) {
                var id = new Yaml.Scalar(mapping.place(), object.key(), Yaml.Scalar.Type.TEXT);
                var entries = new ArrayList<Yaml.Entry>();
                entries.add(new Yaml.Entry(mapping.place(), kind.idKey(), id));
                entries.addAll(mapping.entries());
                list.add(new Yaml.Mapping(mapping.place(), entries));
            }
        }
        return list;
    }

    /// A mapping that is being filled.
    private static final class Tree {
        private final Map<String, Tree> branches = new LinkedHashMap<>();
        private final Map<String, Yaml> leaves = new LinkedHashMap<>();

        Tree at(List<String> path) {
            var here = this;
            for (var key : path) {
                here = here.branches.computeIfAbsent(key, _ -> new Tree());
            }
            return here;
        }

        void put(String key, Yaml value) {
            if (value instanceof Yaml.Mapping mapping && branches.containsKey(key)) {
                mapping.entries()
                        .forEach(entry -> at(List.of(key)).put(entry.key(), entry.value()));
            } else {
                leaves.put(key, value);
            }
        }

        Yaml.Mapping mapping(Place place) {
            var entries = new ArrayList<Yaml.Entry>();
            leaves.forEach((key, value) -> {
                if (!branches.containsKey(key)) {
                    entries.add(new Yaml.Entry(place, key, value));
                }
            });
            branches.forEach((key, branch) -> {
                Optional.ofNullable(leaves.get(key))
                        .filter(Yaml.Mapping.class::isInstance)
                        .map(Yaml.Mapping.class::cast)
                        .ifPresent(leaf ->
                                leaf.entries()
                                        .forEach(entry -> branch.put(entry.key(), entry.value())));
                entries.add(new Yaml.Entry(place, key, branch.mapping(place)));
            });
            return new Yaml.Mapping(place, entries);
        }
    }
}
