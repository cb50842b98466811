package sluice.call;

import java.util.Arrays;
import java.util.Optional;

/// What somebody may do at the operators' door.
public enum AdminRole {
    /// Everything.
    ADMIN("admin"),
    /// Everything but what decides about others' rights: roles, policies.
    OPERATOR("operator"),
    /// Only look.
    VIEWER("viewer"),
    /// Look at the own team, and make its keys.
    TEAM_MANAGER("team-manager");

    private final String token;

    AdminRole(String token) {
        this.token = token;
    }

    public String token() {
        return token;
    }

    public static Optional<AdminRole> of(String token) {
        return Arrays.stream(values()).filter(role -> role.token.equals(token)).findFirst();
    }
}
