package sluice.upstream.databricks.auth;

import java.util.Optional;
import java.util.function.Supplier;
import sluice.call.Secret;

/// What the gateway shows a workspace's token endpoint. The client id is kept as a secret too: the two are easily given
/// in each other's place.
public sealed interface SignIn {

    /// A service principal with a secret of its own, "OAuth machine to machine".
    record ServicePrincipal(Secret clientId, Secret clientSecret) implements SignIn {}

    /// A token of an issuer that the workspace's account trusts, such as a Kubernetes service account's.
    ///
    /// @param clientId the service principal to act as; empty where the account maps the token's own subject
    /// @param subject gives the token as it is now; may block, so it is asked off the loops. What it throws must hold
    ///     no credential.
    record Federation(Optional<Secret> clientId, Supplier<Secret> subject) implements SignIn {}
}
