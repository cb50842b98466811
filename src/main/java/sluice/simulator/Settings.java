package sluice.simulator;

import java.time.Clock;
import java.util.List;

/// What a simulator is like. The tokens are the only ones it accepts: {@code token} as a workspace,
/// {@code openAiToken} under {@code /v1}. {@code seed} varies wording and ids; the same request, seed and clock make
/// the same answer. {@code recorded} is how many requests are remembered;
/// {@code behaviour} is how model calls are answered when nothing else is asked for.
public record Settings(
        String address,
        String token,
        String openAiToken,
        TokenRefusal tokenRefusal,
        List<Endpoint> endpoints,
        Clock clock,
        long seed,
        int recorded,
        String behaviour) {

    /// How a wrong token is refused.
    public enum TokenRefusal {
        /// As the workspace does: 401 without a token, 403 for a wrong one.
        WORKSPACE,
        /// As the AI Gateway does: 400 and the plain text {@code Invalid Token}.
        GATEWAY
    }

    public Settings {
        endpoints = List.copyOf(endpoints);
        Script.read(behaviour);
    }

    public static Settings standard() {
        return new Settings(
                "127.0.0.1",
                "simulator-token",
                "simulator-openai-token",
                TokenRefusal.WORKSPACE,
                Endpoint.STANDARD,
                Clock.systemUTC(),
                1,
                1000,
                "normal");
    }

    public Settings withAddress(String other) {
        return new Settings(
                other,
                token,
                openAiToken,
                tokenRefusal,
                endpoints,
                clock,
                seed,
                recorded,
                behaviour);
    }

    /// The same token for both faces.
    public Settings withToken(String other) {
        return new Settings(
                address, other, other, tokenRefusal, endpoints, clock, seed, recorded, behaviour);
    }

    public Settings withTokenRefusal(TokenRefusal other) {
        return new Settings(
                address, token, openAiToken, other, endpoints, clock, seed, recorded, behaviour);
    }

    public Settings withEndpoints(List<Endpoint> others) {
        return new Settings(
                address,
                token,
                openAiToken,
                tokenRefusal,
                others,
                clock,
                seed,
                recorded,
                behaviour);
    }

    public Settings withClock(Clock other) {
        return new Settings(
                address,
                token,
                openAiToken,
                tokenRefusal,
                endpoints,
                other,
                seed,
                recorded,
                behaviour);
    }

    public Settings withSeed(long other) {
        return new Settings(
                address,
                token,
                openAiToken,
                tokenRefusal,
                endpoints,
                clock,
                other,
                recorded,
                behaviour);
    }

    public Settings withRecorded(int other) {
        return new Settings(
                address,
                token,
                openAiToken,
                tokenRefusal,
                endpoints,
                clock,
                seed,
                other,
                behaviour);
    }

    /// A behaviour with its options, such as {@code normal;delay=300;interval=30}.
    public Settings withBehaviour(String other) {
        return new Settings(
                address, token, openAiToken, tokenRefusal, endpoints, clock, seed, recorded, other);
    }
}
