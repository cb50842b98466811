package sluice.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.call.AdminRole;
import sluice.call.Secret;

/// {@code admin}: who may ask for {@code /admin/v1/...}.
final class AdminSection {
    private static final Key<Secret> KEY =
            Key.optional(
                    "key",
                    new SecretReference(),
                    "what an admin presents as a bearer token, {env: NAME} or {file: path}");
    private static final Key<String> ID =
            Key.required("id", Text.ID, "who it is, in the list of changes");
    private static final Key<Secret> OWN_KEY =
            Key.required(
                    "key",
                    new SecretReference(),
                    "what is presented as a bearer token, {env: NAME} or {file: path}");
    private static final Key<AdminRole> ROLE =
            Key.required(
                    "role",
                    new OneOf<>(roles(), Set.of()),
                    "what it may: admin, operator, viewer or team-manager");
    private static final Section<AdminConfig.AdminKey> ADMIN_KEY =
            new Section<>(
                    "an admin key",
                    List.of(ID, OWN_KEY, ROLE, UserSection.TEAM),
                    Set.of(),
                    AdminSection::check,
                    key ->
                            new AdminConfig.AdminKey(
                                    key.the(ID),
                                    key.the(OWN_KEY),
                                    key.the(ROLE),
                                    key.find(UserSection.TEAM)));
    private static final Key<List<AdminConfig.AdminKey>> KEYS =
            Key.defaulting(
                    "keys",
                    new ListOf<>(ADMIN_KEY, 1_000, "id"),
                    List.of(),
                    "what others present, each with its own role");

    private static final Map<AdminRole, Key<List<String>>> TOKEN_ROLES = tokenRoles();
    private static final Key<Map<AdminRole, Set<String>>> ROLES =
            Key.defaulting(
                    "roles",
                    new Section<>(
                            "roles",
                            new ArrayList<>(TOKEN_ROLES.values()),
                            Set.of(),
                            _ -> {},
                            AdminSection::granted),
                    Map.of(),
                    "which roles of a token of identity.jwt make its holder what here");

    static final Section<AdminConfig> SECTION =
            new Section<>(
                    "admin",
                    List.of(KEY, KEYS, ROLES),
                    Set.of(),
                    _ -> {},
                    fields ->
                            new AdminConfig(fields.find(KEY), fields.the(KEYS), fields.the(ROLES)));

    private AdminSection() {}

    private static void check(Fields key) {
        boolean manager = key.find(ROLE).filter(AdminRole.TEAM_MANAGER::equals).isPresent();
        if (manager && !key.given(UserSection.TEAM)) {
            key.fault(key.place(), "'team' is missing: the team that a team-manager manages");
        } else if (!manager && key.given(UserSection.TEAM)) {
            key.fault(UserSection.TEAM, "only a team-manager has a team");
        }
    }

    private static Map<AdminRole, Set<String>> granted(Fields fields) {
        var granted = new EnumMap<AdminRole, Set<String>>(AdminRole.class);
        TOKEN_ROLES.forEach((role, key) -> {
            if (!fields.the(key).isEmpty()) {
                granted.put(role, Set.copyOf(fields.the(key)));
            }
        });
        return granted;
    }

    private static Map<AdminRole, Key<List<String>>> tokenRoles() {
        var keys = new EnumMap<AdminRole, Key<List<String>>>(AdminRole.class);
        for (var role : AdminRole.values()) {
            keys.put(
                    role,
                    Key.defaulting(
                            role.token(),
                            new ListOf<>(Text.LABEL, 100, ""),
                            List.of(),
                            "the roles that make somebody " + role.token()));
        }
        return keys;
    }

    private static Map<String, AdminRole> roles() {
        var roles = new LinkedHashMap<String, AdminRole>();
        for (var role : AdminRole.values()) {
            roles.put(role.token(), role);
        }
        return roles;
    }
}
