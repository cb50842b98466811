package sluice.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A virtual key that was made through the operator's API. The key itself is not here, only its keyed hash.
///
/// @param hash of the key
/// @param replacedHash of the key before it, which stays good for a while after a rotation; null without one
/// @param replacedUntil how long that is; null without one
/// @param document everything else that a policy file says of a key, as JSON, without its id and its key
/// @param version as for {@link StoredObject}; ignored when it is written
public record StoredKey(
        String id,
        KeyHash hash,
        @Nullable KeyHash replacedHash,
        @Nullable Instant replacedUntil,
        boolean disabled,
        @Nullable Instant expiresAt,
        @Nullable String team,
        @Nullable String customer,
        @Nullable String user,
        String document,
        long version,
        Instant createdAt,
        Instant updatedAt,
        String updatedBy) {

    /// Never shows a hash.
    @Override
    public String toString() {
        return "StoredKey[" + id + ", version " + version + "]";
    }
}
