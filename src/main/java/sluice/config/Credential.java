package sluice.config;

import java.util.Optional;
import sluice.call.Secret;

/// How we show a target who we are.
public sealed interface Credential {

    /// A token the operator was given: a workspace's personal access token, a provider's API key. Sent as {@code
    /// Authorization: Bearer}.
    record PersonalToken(Secret token) implements Credential {}

    /// A service principal of a workspace, which signs in with a secret of its own. The client id is a secret too: the
    /// two are easily given in each other's place.
    record ServicePrincipal(Secret clientId, Secret clientSecret) implements Credential {}

    /// Another issuer's token that a workspace takes in exchange for one of its own.
    ///
    /// @param clientId the service principal to act as; empty where the account maps the token's own subject
    record Federated(Optional<Secret> clientId, SubjectToken subject) implements Credential {}

    /// The caller's own token of the workspace.
    ///
    /// @param discovery what the workspace is asked with for its models, and by probes
    record OnBehalfOfUser(Optional<Credential> discovery) implements Credential {}

    /// The target asks for nothing, or gets what it asks for in {@code extra_headers}.
    record Keyless() implements Credential {}
}
