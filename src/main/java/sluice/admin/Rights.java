package sluice.admin;

import java.util.Set;
import sluice.call.AdminRole;
import sluice.call.Failure;

/// What each role may do with each kind of object: the table of docs/admin.md.
final class Rights {
    /// What decides about the rights of others; only an admin changes it.
    private static final Set<String> RULES = Set.of("roles", "policies");

    /// What a team-manager may see of its own team.
    private static final Set<String> OF_A_TEAM =
            Set.of("keys", "teams", "users", "budgets", "limits");

    private Rights() {}

    enum Action {
        READ,
        WRITE
    }

    static boolean may(AdminRole role, Action action, String kind) {
        return switch (role) {
            case ADMIN -> true;
            case OPERATOR -> action == Action.READ || !RULES.contains(kind);
            case VIEWER -> action == Action.READ;
            case TEAM_MANAGER ->
                    action == Action.READ ? OF_A_TEAM.contains(kind) : kind.equals("keys");
        };
    }

    /// @throws sluice.call.CallFailed with {@code Failure.NotDone}
    static void demand(Operator operator, Action action, String kind) {
        if (!may(operator.role(), action, kind)) {
            throw forbidden(operator, (action == Action.READ ? "see " : "change ") + kind);
        }
    }

    static RuntimeException forbidden(Operator operator, String what) {
        return new Failure.NotDone(
                        Failure.NotDone.Why.FORBIDDEN,
                        "The role '" + operator.role().token() + "' may not " + what + ".")
                .asException();
    }
}
