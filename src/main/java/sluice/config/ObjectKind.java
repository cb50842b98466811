package sluice.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The objects that operators make through the API as well as in a file, by the word for each in an address.
public enum ObjectKind {
    KEYS("keys", "id", "governance.virtual_keys"),
    TEAMS("teams", "id", "governance.teams"),
    CUSTOMERS("customers", "id", "governance.customers"),
    USERS("users", "id", "governance.users"),
    ROLES("roles", "", "policy.rbac.roles"),
    BUDGETS("budgets", "id", "governance.budgets"),
    LIMITS("limits", "id", "governance.rate_limits"),
    PROVIDERS("providers", "id", "providers.targets"),
    VIRTUAL_MODELS("virtual-models", "name", "virtual_models"),
    POLICIES("policies", "", "policy");

    private final String token;
    private final String idKey;
    private final String path;

    ObjectKind(String token, String idKey, String path) {
        this.token = token;
        this.idKey = idKey;
        this.path = path;
    }

    public String token() {
        return token;
    }

    /// The key under which an object of a list has its id; empty for those of a mapping, whose name is their key there.
    String idKey() {
        return idKey;
    }

    /// Where they stand in a policy file.
    List<String> path() {
        return List.of(path.split("\\."));
    }

    public static Optional<ObjectKind> of(String token) {
        return Arrays.stream(values()).filter(kind -> kind.token.equals(token)).findFirst();
    }
}
