package sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.call.AdminRole;
import sluice.call.Secret;

/// Who may look into the gateway, and change it.
///
/// @param key what an admin presents
/// @param keys what others present
/// @param roles which roles of a token make somebody what here
public record AdminConfig(
        Optional<Secret> key, List<AdminKey> keys, Map<AdminRole, Set<String>> roles) {

    /// @param team the team whose keys a team-manager makes; empty for the others
    public record AdminKey(String id, Secret key, AdminRole role, Optional<String> team) {}

    public AdminConfig {
        keys = List.copyOf(keys);
        roles = Map.copyOf(roles);
    }

    /// Whether anybody is named.
    public boolean isOpen() {
        return key.isPresent() || !keys.isEmpty() || !roles.isEmpty();
    }

    public AdminConfig withKey(Secret other) {
        return new AdminConfig(Optional.of(other), keys, roles);
    }
}
