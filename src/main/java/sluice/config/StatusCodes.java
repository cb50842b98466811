package sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A list of HTTP statuses from 400 to 599.
record StatusCodes() implements Shape<Set<Integer>> {
    private static final Shape<List<Integer>> LIST = new ListOf<>(Whole.small(400, 599), 200, "");

    @Override
    public Optional<Set<Integer>> read(Yaml value, Reading reading) {
        return LIST.read(value, reading).map(Set::copyOf);
    }

    @Override
    public Map<String, Object> schema() {
        return LIST.schema();
    }
}
