package sluice.config;

import sluice.call.Secret;

/// How we show a target who we are.
public sealed interface Credential {

    /// A token the operator was given: a workspace's personal access token, a provider's API key. Sent as
    /// {@code Authorization: Bearer}.
    record PersonalToken(Secret token) implements Credential {}

    /// The target asks for nothing, or gets what it asks for in {@code extra_headers}.
    record Keyless() implements Credential {}
}
