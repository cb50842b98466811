package sluice.config;

import java.util.List;
import java.util.Set;

/// What is changed in the headers that go to one target of a virtual model; all names in lower case.
public record HeadersOverride(Set<String> remove, List<ExtraHeader> set) {
    public static final HeadersOverride NONE = new HeadersOverride(Set.of(), List.of());

    public HeadersOverride {
        remove = Set.copyOf(remove);
        set = List.copyOf(set);
    }
}
