package sluice.config;

import java.util.List;
import java.util.Optional;

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
