package sluice.simulator;

import java.util.List;
import java.util.Optional;

/// Who may ask what: the personal access token, the tokens that were minted, and the keys of the providers.
final class Credentials {
    /// Whose the workspace's own token is.
    private static final String OWNER = "simulator@example.com";

    private final Settings settings;
    private final Tokens tokens;

    Credentials(Settings settings, Tokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    /// Databricks takes a bearer, and nothing in {@code x-api-key}; a personal access token also by HTTP Basic.
    void checkWorkspace(Request request, Surface surface) throws Refused {
        var basic = request.basic();
        if (basic.equals(List.of("token", settings.token()))) {
            return;
        }
        var bearer = bearer(request);
        if (bearer.equals(settings.token()) || person(bearer).isPresent()) {
            return;
        }
        switch (tokens.worth(bearer)) {
            case GOOD -> {}
            case EXPIRING ->
                    throw refused(
                            surface,
                            403,
                            "PERMISSION_DENIED",
                            "Invalid access token: the token is expiring within 30 seconds.");
            case EXPIRED -> throw expired(surface);
            case UNKNOWN -> throw wrong(surface, request.header("authorization").isEmpty());
        }
    }

    private Optional<Person> person(String bearer) {
        return settings.people().stream().filter(one -> one.token().equals(bearer)).findFirst();
    }

    /// Whose the token of a request is, which was checked before: one of the people, or the service principal.
    Person bearerOf(Request request) {
        var bearer = bearer(request);
        return person(bearer)
                .orElseGet(() -> {
                    boolean minted = tokens.worth(bearer) != Tokens.Worth.UNKNOWN;
                    return minted
                            ? new Person(bearer, settings.oidc().clientId(), List.of())
                            : new Person(bearer, OWNER, List.of("admins", "users"));
                });
    }

    /// An OpenAI-compatible provider takes a bearer.
    void checkOpenAi(Request request) throws Refused {
        if (!bearer(request).equals(settings.openAiToken())) {
            throw unauthenticated(Surface.OPENAI);
        }
    }

    /// Anthropic takes its key in a header of its own, or a bearer, and wants to know the version.
    void checkAnthropic(Request request) throws Refused {
        if (!request.header("x-api-key").equals(settings.openAiToken())
                && !bearer(request).equals(settings.openAiToken())) {
            throw refused(Surface.ANTHROPIC, 401, "UNAUTHENTICATED", "invalid x-api-key");
        }
        if (request.header("anthropic-version").isEmpty()) {
            throw Surface.ANTHROPIC.refuses("anthropic-version: header is required");
        }
    }

    private Refused expired(Surface surface) {
        return surface == Surface.GATEWAY
                ? new Refused(Answer.text(400, "Invalid Token"))
                : refused(
                        surface,
                        403,
                        "PERMISSION_DENIED",
                        "Invalid access token: the token has expired.");
    }

    private Refused wrong(Surface surface, boolean missing) {
        return switch (settings.tokenRefusal()) {
            case GATEWAY -> new Refused(Answer.text(400, "Invalid Token"));
            case UNAUTHENTICATED -> unauthenticated(surface);
            case WORKSPACE -> {
                if (missing) {
                    yield unauthenticated(surface);
                }
                yield surface == Surface.GATEWAY
                        ? new Refused(Answer.text(400, "Invalid Token"))
                        : refused(surface, 403, "PERMISSION_DENIED", "Invalid access token.");
            }
        };
    }

    private static String bearer(Request request) {
        var sent = request.header("authorization");
        return sent.startsWith("Bearer ") ? sent.substring("Bearer ".length()) : "";
    }

    private static Refused unauthenticated(Surface surface) {
        return refused(
                surface,
                401,
                "UNAUTHENTICATED",
                "Credential was not sent or is not a valid token.");
    }

    private static Refused refused(Surface surface, int status, String code, String message) {
        return new Refused(surface.error(status, code, message));
    }
}
