package sluice.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Allowance;
import sluice.config.Governance.CustomerConfig;
import sluice.config.Governance.TeamConfig;
import sluice.config.Governance.UserConfig;

/// {@code governance.organisation}, {@code customers[]}, {@code teams[]} and {@code users[]}.
final class UserSection {
    /// What an identity provider calls a person: often an address.
    static final Shape<String> NAME =
            new Text(
                    "a person's name at its identity provider (1 to 256 printable characters without spaces)",
                    Pattern.compile("[!-~]{1,256}"));

    private static final Key<String> CUSTOMER_ID =
            Key.required("id", Text.ID, "the customer's name");
    private static final Key<String> TEAM_ID = Key.required("id", Text.ID, "the team's name");
    private static final Key<String> USER_ID =
            Key.required("id", NAME, "the person, as tokens and keys name it");
    static final Key<String> CUSTOMER =
            Key.optional("customer", Text.ID, "the customer that it works for");
    static final Key<String> TEAM = Key.optional("team", Text.ID, "the team that it belongs to");

    static final Section<Allowance> ORGANISATION =
            new Section<>(
                    "organisation",
                    LevelKeys.after(),
                    Set.of(),
                    LevelKeys::check,
                    LevelKeys::level);

    /// {@code governance.anonymous}: whoever has no key.
    static final Section<Allowance> ANONYMOUS =
            new Section<>(
                    "anonymous", LevelKeys.after(), Set.of(), LevelKeys::check, LevelKeys::level);

    static final Section<CustomerConfig> CUSTOMERS =
            new Section<>(
                    "a customer",
                    LevelKeys.after(CUSTOMER_ID),
                    Set.of(),
                    LevelKeys::check,
                    fields ->
                            new CustomerConfig(
                                    fields.the(CUSTOMER_ID),
                                    LevelKeys.level(fields),
                                    fields.place()));

    static final Section<TeamConfig> TEAMS =
            new Section<>(
                    "a team",
                    LevelKeys.after(TEAM_ID, CUSTOMER),
                    Set.of(),
                    LevelKeys::check,
                    fields ->
                            new TeamConfig(
                                    fields.the(TEAM_ID),
                                    fields.find(CUSTOMER),
                                    LevelKeys.level(fields),
                                    fields.place()));

    static final Section<UserConfig> USERS =
            new Section<>(
                    "a user",
                    LevelKeys.after(USER_ID, TEAM),
                    Set.of(),
                    LevelKeys::check,
                    fields ->
                            new UserConfig(
                                    fields.the(USER_ID),
                                    fields.find(TEAM),
                                    LevelKeys.level(fields),
                                    fields.place()));

    private UserSection() {}

    static List<Section<?>> all() {
        return List.of(CUSTOMERS, TEAMS, USERS);
    }
}
