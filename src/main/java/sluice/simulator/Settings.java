package sluice.simulator;

import java.time.Clock;
import java.util.List;
import java.util.Set;

/// What a simulator is like. {@code token} is the personal access token of the workspace, beside which it takes those
/// of {@code people} and those that {@code oidc} lets it mint; {@code openAiToken} is the key of the providers under {@code /v1}. {@code absent}
/// are the beginnings of paths that this workspace does not have; with {@code legacyRefused} it serves its own models
/// under their names in Unity Catalog alone. {@code seed} varies wording and ids; the same request, seed and clock make
/// the same answer. {@code recorded} is how many requests are remembered; {@code behaviour} is how model calls are
/// answered when nothing else is asked for.
public record Settings(
        String address,
        String token,
        String openAiToken,
        TokenRefusal tokenRefusal,
        Oidc oidc,
        List<Person> people,
        Set<String> absent,
        boolean legacyRefused,
        List<Endpoint> endpoints,
        Clock clock,
        long seed,
        int recorded,
        String behaviour) {

    /// How a wrong token is refused.
    public enum TokenRefusal {
        /// As the workspace does: 401 without a token, 403 for a wrong one; under {@code /ai-gateway} a wrong one as
        /// GATEWAY.
        WORKSPACE,
        /// As the AI Gateway does: 400 and the plain text {@code Invalid Token}.
        GATEWAY,
        /// 401 for any.
        UNAUTHENTICATED
    }

    public Settings {
        people = List.copyOf(people);
        absent = Set.copyOf(absent);
        endpoints = List.copyOf(endpoints);
        Script.read(behaviour);
    }

    public static Settings standard() {
        return new Settings(
                "127.0.0.1",
                "simulator-token",
                "simulator-openai-token",
                TokenRefusal.WORKSPACE,
                Oidc.standard(),
                List.of(),
                Set.of(),
                false,
                Endpoint.STANDARD,
                Clock.systemUTC(),
                1,
                1000,
                "normal");
    }

    public Settings withAddress(String other) {
        var draft = new Draft(this);
        draft.address = other;
        return draft.settings();
    }

    /// The same token for all faces.
    public Settings withToken(String other) {
        var draft = new Draft(this);
        draft.token = other;
        draft.openAiToken = other;
        return draft.settings();
    }

    public Settings withTokenRefusal(TokenRefusal other) {
        var draft = new Draft(this);
        draft.tokenRefusal = other;
        return draft.settings();
    }

    public Settings withOidc(Oidc other) {
        var draft = new Draft(this);
        draft.oidc = other;
        return draft.settings();
    }

    /// Those who have tokens of their own, beside the one of the workspace.
    public Settings withPeople(List<Person> others) {
        var draft = new Draft(this);
        draft.people = others;
        return draft.settings();
    }

    /// The beginnings of paths that are answered as if there were no such surface, such as {@code /ai-gateway}.
    public Settings withAbsent(String... others) {
        var draft = new Draft(this);
        draft.absent = Set.of(others);
        return draft.settings();
    }

    public Settings withLegacyRefused() {
        var draft = new Draft(this);
        draft.legacyRefused = true;
        return draft.settings();
    }

    public Settings withEndpoints(List<Endpoint> others) {
        var draft = new Draft(this);
        draft.endpoints = others;
        return draft.settings();
    }

    public Settings withClock(Clock other) {
        var draft = new Draft(this);
        draft.clock = other;
        return draft.settings();
    }

    public Settings withSeed(long other) {
        var draft = new Draft(this);
        draft.seed = other;
        return draft.settings();
    }

    public Settings withRecorded(int other) {
        var draft = new Draft(this);
        draft.recorded = other;
        return draft.settings();
    }

    /// A behaviour with its options, such as {@code normal;delay=300;interval=30}.
    public Settings withBehaviour(String other) {
        var draft = new Draft(this);
        draft.behaviour = other;
        return draft.settings();
    }

    /// Settings on their way to others.
    private static final class Draft {
        private String address;
        private String token;
        private String openAiToken;
        private TokenRefusal tokenRefusal;
        private Oidc oidc;
        private List<Person> people;
        private Set<String> absent;
        private boolean legacyRefused;
        private List<Endpoint> endpoints;
        private Clock clock;
        private long seed;
        private int recorded;
        private String behaviour;

        Draft(Settings from) {
            address = from.address;
            token = from.token;
            openAiToken = from.openAiToken;
            tokenRefusal = from.tokenRefusal;
            oidc = from.oidc;
            people = from.people;
            absent = from.absent;
            legacyRefused = from.legacyRefused;
            endpoints = from.endpoints;
            clock = from.clock;
            seed = from.seed;
            recorded = from.recorded;
            behaviour = from.behaviour;
        }

        Settings settings() {
            return new Settings(
                    address,
                    token,
                    openAiToken,
                    tokenRefusal,
                    oidc,
                    people,
                    absent,
                    legacyRefused,
                    endpoints,
                    clock,
                    seed,
                    recorded,
                    behaviour);
        }
    }
}
