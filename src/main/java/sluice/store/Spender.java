package sluice.store;

/// Who spent and on what: the dimensions of a roll-up. What a call did not have is empty.
///
/// @param day since 1970-01-01, in UTC
/// @param model as the target knows it
public record Spender(
        long day,
        String key,
        String team,
        String customer,
        String user,
        String model,
        String target) {}
