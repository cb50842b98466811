package sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import sluice.call.ModelPatterns;

/// An issuer whose tokens are believed.
///
/// @param issuer as its tokens name it, to the letter
/// @param models what everybody with such a token may use; empty when teams and roles alone grant
/// @param keySet where its keys are; empty when its own description is to say it
public record IssuerConfig(
        String issuer,
        String audience,
        Optional<URI> keySet,
        List<String> algorithms,
        ClaimsConfig claims,
        Optional<ModelPatterns> models,
        Duration clockSkew,
        Duration refresh) {
    public IssuerConfig {
        algorithms = List.copyOf(algorithms);
    }

    /// Which claims say what; each is a claim's whole name or a path with dots.
    public record ClaimsConfig(
            String user,
            String groups,
            String roles,
            Optional<String> team,
            Optional<String> customer) {}
}
