/// How the gateway signs in to a Databricks workspace, as a service principal or with another issuer's token
/// (facts/databricks.md sections 4.4 and 4.6).
///
/// Arrives: a {@link sluice.upstream.databricks.auth.SignIn} and the workspace's address. Leaves: bearer tokens, from a
/// {@link sluice.upstream.TokenSource}. Start at {@link sluice.upstream.databricks.auth.MintedTokens}, which decides
/// when a token is fetched and who waits for it; {@code TokenEndpoint} is the one request that fetches it. Knows
/// nothing of calls, files or the environment.
@NullMarked
package sluice.upstream.databricks.auth;

import org.jspecify.annotations.NullMarked;
