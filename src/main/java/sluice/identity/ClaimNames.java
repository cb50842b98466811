package sluice.identity;

import org.jspecify.annotations.Nullable;

/// Which claims of a token say what. Each is the whole name of a claim, or a path of names with dots between them.
///
/// @param team null when no claim says it
/// @param customer null when no claim says it
public record ClaimNames(
        String user,
        String groups,
        String roles,
        @Nullable String team,
        @Nullable String customer) {}
