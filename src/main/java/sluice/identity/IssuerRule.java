package sluice.identity;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Allowance;

/// Whose tokens are believed, and what must be in them.
///
/// @param issuer as it stands in the tokens, to the letter
/// @param audience for whom a token must be
/// @param keySet where its keys are; null when its own description says it
/// @param algorithms that its tokens may be signed by, in the standard's words
/// @param own what is granted to everybody who has such a token
/// @param clockSkew by how much its clock and ours may differ
/// @param refresh how often its keys are fetched
public record IssuerRule(
        String issuer,
        String audience,
        @Nullable URI keySet,
        Set<String> algorithms,
        ClaimNames claims,
        Allowance own,
        Duration clockSkew,
        Duration refresh) {
    public IssuerRule {
        algorithms = Set.copyOf(algorithms);
    }
}
