package sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.call.Allowance;
import sluice.call.Budget;
import sluice.call.RateLimit;
import sluice.call.Terms;

/// Who may call, and what.
///
/// @param anonymous what holds for callers without a key; empty when there may be none
/// @param roles by name; empty unless the policy {@code rbac} is in the chain
/// @param budgets those that stand apart from their owners
/// @param limits those that stand apart from their owners
public record Governance(
        Allowance organisation,
        List<CustomerConfig> customers,
        List<TeamConfig> teams,
        List<UserConfig> users,
        List<VirtualKeyConfig> virtualKeys,
        Optional<Allowance> anonymous,
        Map<String, Terms> roles,
        List<OwnedBudget> budgets,
        List<OwnedLimit> limits) {

    public record CustomerConfig(String id, Allowance level, Place place) {}

    public record TeamConfig(String id, Optional<String> customer, Allowance level, Place place) {}

    public record UserConfig(String id, Optional<String> team, Allowance level, Place place) {}

    public record OwnedBudget(String id, Owner owner, Budget budget, Place place) {}

    public record OwnedLimit(String id, Owner owner, RateLimit limit, Place place) {}

    public Governance {
        customers = List.copyOf(customers);
        teams = List.copyOf(teams);
        users = List.copyOf(users);
        virtualKeys = List.copyOf(virtualKeys);
        roles = Map.copyOf(roles);
        budgets = List.copyOf(budgets);
        limits = List.copyOf(limits);
    }

    Governance with(List<VirtualKeyConfig> keys) {
        return new Governance(
                organisation, customers, teams, users, keys, anonymous, roles, budgets, limits);
    }

    Governance withRoles(Map<String, Terms> named) {
        return new Governance(
                organisation,
                customers,
                teams,
                users,
                virtualKeys,
                anonymous,
                named,
                budgets,
                limits);
    }
}
