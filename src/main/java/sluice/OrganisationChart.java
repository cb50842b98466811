package sluice;

import static java.util.stream.Collectors.toMap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.access.Organisation;
import sluice.call.Allowance;
import sluice.call.Budget;
import sluice.call.RateLimit;
import sluice.call.Terms;
import sluice.config.Governance;
import sluice.config.Owner;

/// Draws the organisation from what was declared: each level with its own budgets and limits, and with those that stand
/// apart from it.
final class OrganisationChart {
    private final Governance governance;
    private final Map<Owner, Allowance> apart = new HashMap<>();

    private OrganisationChart(Governance governance) {
        this.governance = governance;
        governance
                .budgets()
                .forEach(owned -> add(owned.owner(), List.of(owned.budget()), List.of()));
        governance.limits().forEach(owned -> add(owned.owner(), List.of(), List.of(owned.limit())));
    }

    static Organisation draw(Governance governance) {
        return new OrganisationChart(governance).draw();
    }

    private void add(Owner owner, List<Budget> budgets, List<RateLimit> limits) {
        apart.merge(owner, new Allowance(Terms.SILENT, budgets, limits), Allowance::and);
    }

    private Organisation draw() {
        return new Organisation(
                whole(governance.organisation(), new Owner(Owner.Kind.ORGANISATION, "")),
                governance.customers().stream()
                        .collect(
                                toMap(
                                        Governance.CustomerConfig::id,
                                        each ->
                                                whole(
                                                        each.level(),
                                                        owner(Owner.Kind.CUSTOMER, each.id())))),
                governance.teams().stream()
                        .collect(
                                toMap(
                                        Governance.TeamConfig::id,
                                        each ->
                                                new Organisation.Team(
                                                        whole(
                                                                each.level(),
                                                                owner(Owner.Kind.TEAM, each.id())),
                                                        each.customer().orElse(null)))),
                users(),
                governance.roles(),
                of(Owner.Kind.KEY));
    }

    /// A budget may be for a person of whom nothing else is declared.
    private Map<String, Organisation.User> users() {
        var users = new HashMap<String, Organisation.User>();
        of(Owner.Kind.USER).forEach((id, own) -> users.put(id, new Organisation.User(own, null)));
        for (var user : governance.users()) {
            users.put(
                    user.id(),
                    new Organisation.User(
                            whole(user.level(), owner(Owner.Kind.USER, user.id())),
                            user.team().orElse(null)));
        }
        return users;
    }

    private Map<String, Allowance> of(Owner.Kind kind) {
        var found = new HashMap<String, Allowance>();
        apart.forEach((owner, own) -> {
            if (owner.kind() == kind) {
                found.put(owner.id(), own);
            }
        });
        return found;
    }

    private Allowance whole(Allowance own, Owner owner) {
        var more = apart.get(owner);
        return more == null ? own : own.and(more);
    }

    private static Owner owner(Owner.Kind kind, String id) {
        return new Owner(kind, id);
    }
}
