package sluice.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values of one section while it is read.
final class Fields {
    private final Yaml.Mapping mapping;
    private final Reading reading;
    private final Map<String, Object> values = new HashMap<>();

    Fields(Yaml.Mapping mapping, Reading reading) {
        this.mapping = mapping;
        this.reading = reading;
    }

    <V> void put(Key<V> key, V value) {
        values.put(key.name(), value);
    }

    /// The value as written or by default; nothing when it is absent or wrong.
    @SuppressWarnings("unchecked") // put by the same key, whose type it has
    <V> Optional<V> find(Key<V> key) {
        return Optional.ofNullable((V) values.get(key.name()));
    }

    /// The value of a key that is required or has a default, once the section is known to be good.
    <V> V the(Key<V> key) {
        return find(key).orElseThrow();
    }

    /// Whether the key was written, rightly or wrongly.
    boolean given(String name) {
        return mapping.find(name).isPresent();
    }

    boolean given(Key<?> key) {
        return given(key.name());
    }

    /// Where the section stands.
    Place place() {
        return mapping.place();
    }

    /// Where the value stands, or where it would.
    Place place(Key<?> key) {
        return mapping.place(key.name());
    }

    /// The mappings that a path of keys leads to, good or not.
    List<Yaml.Mapping> mappings(String... path) {
        return mapping.mappings(path);
    }

    /// What a section below this one was read as, when nothing in it is wrong.
    <T> Optional<T> find(Section<T> section, Yaml.Mapping below) {
        return reading.kept(section, below);
    }

    void fault(Key<?> key, String message) {
        reading.fault(place(key), message);
    }

    void fault(Place place, String message) {
        reading.fault(place, message);
    }

    void warn(Place place, String message) {
        reading.warn(place, message);
    }

    void warn(Key<?> key, String message) {
        reading.warn(place(key), message);
    }
}
