package sluice.store;

import java.time.Instant;

/// An object that was made through the operator's API.
///
/// @param kind such as {@code teams}
/// @param document as it would stand in a policy file, as JSON
/// @param version 1 at first, and one more with each change
public record StoredObject(
        String kind,
        String id,
        String document,
        long version,
        Instant createdAt,
        Instant updatedAt,
        String updatedBy) {

    /// @param by who changes it
    public record Change(String kind, String id, String document, String by, Instant when) {}
}
