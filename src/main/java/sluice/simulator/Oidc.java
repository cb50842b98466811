package sluice.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Who may have tokens from the token endpoint, and how long these live. {@code trusted} are the federation policies;
/// {@code scopes} those that may be asked for.
public record Oidc(
        String clientId,
        String clientSecret,
        Duration lifetime,
        List<Policy> trusted,
        Set<String> scopes) {

    /// Tokens of this issuer for this subject may be exchanged; an empty audience takes any.
    public record Policy(String issuer, String subject, String audience) {}

    public Oidc {
        trusted = List.copyOf(trusted);
        scopes = Set.copyOf(scopes);
    }

    public static Oidc standard() {
        return new Oidc(
                "simulator-client",
                "simulator-secret",
                Duration.ofHours(1),
                List.of(
                        new Policy(
                                "https://issuer.example.com",
                                "system:serviceaccount:sluice:gateway",
                                "")),
                Set.of("all-apis"));
    }

    public Oidc withLifetime(Duration other) {
        return new Oidc(clientId, clientSecret, other, trusted, scopes);
    }

    public Oidc withClient(String id, String secret) {
        return new Oidc(id, secret, lifetime, trusted, scopes);
    }

    public Oidc withTrusted(List<Policy> others) {
        return new Oidc(clientId, clientSecret, lifetime, others, scopes);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "Oidc[clientId=" + clientId + ", lifetime=" + lifetime + "]";
    }
}
