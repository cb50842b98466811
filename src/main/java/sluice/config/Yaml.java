package sluice.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value of a policy file that remembers where it stands. Printing one never prints what was written in it.
sealed interface Yaml {

    Place place();

    /// What was received, for a message: never the value itself.
    String kind();

    record Mapping(Place place, List<Entry> entries) implements Yaml {
        public Mapping {
            entries = List.copyOf(entries);
        }

        Optional<Yaml> find(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }

        /// The text of a key, when there is one.
        Optional<String> text(String key) {
            return find(key).orElse(this) instanceof Scalar scalar
                    ? Optional.of(scalar.text())
                    : Optional.empty();
        }

        /// The mappings that a path of keys leads to: the items of a list, or the one that stands there alone.
        List<Mapping> mappings(String... path) {
            @Nullable Yaml found = this;
            for (var key : path) {
                found = found instanceof Mapping at ? at.find(key).orElse(null) : null;
            }
            return switch (found) {
                case Mapping alone -> List.of(alone);
                case Sequence list ->
                        list.items().stream()
                                .filter(Mapping.class::isInstance)
                                .map(Mapping.class::cast)
                                .toList();
                case Scalar _ -> List.of();
                case null -> List.of();
            };
        }

        /// Where the value of a key stands, or where it would.
        Place place(String key) {
            return find(key).map(Yaml::place).orElseGet(() -> place.key(key));
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /// {@code place} is that of the key.
    record Entry(Place place, String key, Yaml value) {
        @Override
        public String toString() {
            return place.toString();
        }
    }

    record Sequence(Place place, List<Yaml> items) implements Yaml {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    record Scalar(Place place, String text, Type type) implements Yaml {
        /// As YAML 1.2's core schema tells them apart.
        enum Type {
            TEXT("a text"),
            WHOLE("a number"),
            FRACTION("a number"),
            TRUTH("a truth value"),
            NOTHING("nothing");

            private final String name;

            Type(String name) {
                this.name = name;
            }
        }

        @Override
        public String kind() {
            return type.name;
        }

        @Override
        public String toString() {
            return kind();
        }
    }
}
