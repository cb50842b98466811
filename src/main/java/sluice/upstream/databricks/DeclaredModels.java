package sluice.upstream.databricks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that a workspace declares, joined and immutable: replaced whole when discovery has asked again.
public final class DeclaredModels {
    public static final DeclaredModels NONE = new DeclaredModels(List.of(), Set.of());

    private final Map<String, DeclaredModel> byName = new LinkedHashMap<>();
    private final List<DeclaredModel> rows;
    private final Set<Source> unanswered;

    /// The listings that are joined.
    public enum Source {
        /// Unity Catalog's model services (facts/databricks.md section 5).
        MODEL_SERVICES,
        /// The dialects of hosted models (section 2.3).
        FOUNDATION_MODELS,
        /// Serving endpoints (section 2.2).
        SERVING_ENDPOINTS,
        /// Gateway endpoints of the generation before model services (section 0, G2).
        GATEWAY_ENDPOINTS
    }

    DeclaredModels(List<DeclaredModel> rows, Set<Source> unanswered) {
        for (var row : rows) {
            byName.put(row.name(), row);
        }
        this.rows = List.copyOf(byName.values());
        this.unanswered = Set.copyOf(unanswered);
    }

    /// In the order of the listings, each name once.
    public List<DeclaredModel> rows() {
        return rows;
    }

    public Optional<DeclaredModel> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The listings that broke off or failed for now. What they would have declared may be missing here, and absence
    /// means nothing; a listing that this workspace does not have at all is not among them.
    public Set<Source> unanswered() {
        return unanswered;
    }
}
