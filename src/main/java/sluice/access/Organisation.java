package sluice.access;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Allowance;
import sluice.call.Terms;

/// Everybody who is declared: the organisation, its customers, their teams, the people in them, and the roles that
/// anybody may have. What is not declared has nothing to say.
///
/// @param own the organisation itself
/// @param roles by name, what each allows; empty when roles decide nothing
/// @param keys budgets and limits of single keys that stand apart from them, by the key's id
public record Organisation(
        Allowance own,
        Map<String, Allowance> customers,
        Map<String, Team> teams,
        Map<String, User> users,
        Map<String, Terms> roles,
        Map<String, Allowance> keys) {
    public static final Organisation NOBODY =
            new Organisation(Allowance.SILENT, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /// @param customer the customer that it works for; null without one
    public record Team(Allowance own, @Nullable String customer) {}

    /// @param team the team that it belongs to, unless its token says otherwise; null without one
    public record User(Allowance own, @Nullable String team) {}

    public Organisation {
        customers = Map.copyOf(customers);
        teams = Map.copyOf(teams);
        users = Map.copyOf(users);
        roles = Map.copyOf(roles);
        keys = Map.copyOf(keys);
    }
}
