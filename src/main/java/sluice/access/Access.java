package sluice.access;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.call.Allowance;
import sluice.call.ModelPatterns;
import sluice.call.Principal;

/// Allows what was granted and nothing else: a caller to whom no level grants a model may use none. Immutable, one for
/// each configuration; what was used so far lives longer, in {@link Accounts}.
public final class Access {
    /// How many callers' standings are kept ready; beyond it one is made for each call.
    private static final int KEPT_MAX = 100_000;

    private static final Allowance NOTHING = Allowance.models(new ModelPatterns(List.of()));
    private static final String CUSTOMER = "customer";
    private static final String TEAM = "team";
    private static final String USER = "user";

    private final Organisation organisation;
    private final Accounts accounts;
    private final long age;
    private final Level everybody;
    private final Map<Principal.Kind, Map<String, Standing>> kept =
            new EnumMap<>(Principal.Kind.class);

    public Access(Organisation organisation, Accounts accounts) {
        this.organisation = organisation;
        this.accounts = accounts;
        this.age = accounts.nextAge();
        this.everybody = new Level("organisation", "", organisation.own());
        for (var kind : Principal.Kind.values()) {
            kept.put(kind, new ConcurrentHashMap<>());
        }
        open(everybody);
        organisation.customers().forEach((id, own) -> open(new Level(CUSTOMER, id, own)));
        organisation.teams().forEach((id, team) -> open(new Level(TEAM, id, team.own())));
        organisation.users().forEach((id, user) -> open(new Level(USER, id, user.own())));
        organisation.keys().forEach((id, own) -> open(new Level("key", id, own)));
    }

    /// What is declared holds and is shown from now on, and not only from the next call on that touches it.
    private void open(Level level) {
        level.own().budgets().forEach(budget -> accounts.budget(level, budget, age));
        level.own().limits().forEach(limit -> accounts.limit(level, limit, age));
    }

    /// Where a caller stands: all levels that it belongs to, the organisation first and itself last.
    public Standing standing(Principal caller) {
        var known = kept.getOrDefault(caller.kind(), Map.of());
        var standing = known.get(caller.id());
        if (standing != null && standing.caller().equals(caller)) {
            return standing;
        }
        var made = make(caller);
        if (standing != null || known.size() < KEPT_MAX) {
            known.put(caller.id(), made);
        }
        return made;
    }

    /// Whether a team of this id is declared.
    public boolean knowsTeam(String id) {
        return organisation.teams().containsKey(id);
    }

    private Standing make(Principal caller) {
        var user = caller.user() == null ? null : organisation.users().get(caller.user());
        var teamId = caller.team() != null || user == null ? caller.team() : user.team();
        var team = teamId == null ? null : organisation.teams().get(teamId);
        var customerId = // whoever is of a team does not leave its customer
                team == null || team.customer() == null ? caller.customer() : team.customer();
        var customer = customerId == null ? null : organisation.customers().get(customerId);
        boolean isKey = caller.kind() == Principal.Kind.VIRTUAL_KEY;
        var levels = new ArrayList<Level>(5);
        levels.add(everybody);
        add(CUSTOMER, customerId, customer, isKey, levels);
        add(TEAM, teamId, team == null ? null : team.own(), isKey, levels);
        add(USER, caller.user(), user == null ? null : user.own(), false, levels);
        levels.add(new Level(caller.kind().token(), caller.id(), own(caller)));
        return new Standing(caller, teamId, customerId, levels, roles(caller), accounts, age);
    }

    /// A level that is not declared has nothing to say. Only a key that was made for one that is gone may use nothing any
    /// more: what limited it is gone as well.
    private static void add(
            String kind,
            @Nullable String id,
            @Nullable Allowance own,
            boolean demanded,
            List<Level> levels) {
        if (id != null && (own != null || demanded)) {
            levels.add(new Level(kind, id, own == null ? NOTHING : own));
        }
    }

    private Allowance own(Principal caller) {
        var apart =
                caller.kind() == Principal.Kind.VIRTUAL_KEY
                        ? organisation.keys().get(caller.id())
                        : null;
        return apart == null ? caller.own() : caller.own().and(apart);
    }

    private List<Level> roles(Principal caller) {
        if (organisation.roles().isEmpty()) {
            return List.of();
        }
        var roles = new ArrayList<Level>(caller.roles().size());
        for (var role : caller.roles()) {
            var terms = organisation.roles().get(role);
            if (terms != null) {
                roles.add(new Level("role", role, Allowance.of(terms)));
            }
        }
        return roles;
    }
}
