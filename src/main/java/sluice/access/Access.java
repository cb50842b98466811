package sluice.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Principal;
import sluice.call.Terms;

/// Allows what was granted and nothing else: a caller to whom no level grants a model may use none. Immutable, one for
/// each configuration.
public final class Access {
    private final Organisation organisation;
    private final Level everybody;

    public Access(Organisation organisation) {
        this.organisation = organisation;
        this.everybody = new Level("organisation", "", organisation.own());
    }

    /// Where a caller stands: all levels that it belongs to, the organisation first and itself last.
    public Standing standing(Principal caller) {
        var levels = new ArrayList<Level>(5);
        levels.add(everybody);
        var user = caller.user() == null ? null : organisation.users().get(caller.user());
        var teamId = caller.team() != null || user == null ? caller.team() : user.team();
        var team = teamId == null ? null : organisation.teams().get(teamId);
        var customerId =
                caller.customer() != null || team == null ? caller.customer() : team.customer();
        add(
                "customer",
                customerId,
                customerId == null ? null : organisation.customers().get(customerId),
                levels);
        add("team", teamId, team == null ? null : team.terms(), levels);
        add("user", caller.user(), user == null ? null : user.terms(), levels);
        levels.add(new Level(caller.kind().token(), caller.id(), caller.own()));
        return new Standing(caller, teamId, customerId, levels, roles(caller));
    }

    /// A level that is not declared has a name for the ledger, and nothing to say.
    private static void add(
            String kind, @Nullable String id, @Nullable Terms terms, List<Level> levels) {
        if (id != null) {
            levels.add(new Level(kind, id, terms == null ? Terms.SILENT : terms));
        }
    }

    private List<Level> roles(Principal caller) {
        if (organisation.roles().isEmpty() || caller.roles().isEmpty()) {
            return List.of();
        }
        var roles = new ArrayList<Level>(caller.roles().size());
        for (var role : caller.roles()) {
            var terms = organisation.roles().get(role);
            if (terms != null) {
                roles.add(new Level("role", role, terms));
            }
        }
        return roles;
    }
}
