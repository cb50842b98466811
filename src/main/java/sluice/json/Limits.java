package sluice.json;

/// How large a document may be before it is refused: levels of nesting (the document itself is the first), bytes, and
/// fields of the top-level object.
public record Limits(int maxDepth, int maxBytes, int maxFields) {
    public static final Limits DEFAULT = new Limits(128, 64 << 20, 10_000);

    public Limits {
        if (maxDepth < 1 || maxBytes < 1 || maxFields < 1) {
            throw new IllegalArgumentException(
                    "limits are at least 1, got depth %d, bytes %d, fields %d"
                            .formatted(maxDepth, maxBytes, maxFields));
        }
    }
}
