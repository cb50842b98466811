package sluice.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The token endpoint: mints tokens for a service principal, by its secret or by a token of a configured issuer, and
/// knows them again until they expire (facts: databricks, 4.4 to 4.6; llm-protocols, 14).
public final class Tokens {
    private static final String CLIENT_CREDENTIALS = "client_credentials";
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    /// Databricks takes no token that has less than this left.
    private static final Duration LEAST = Duration.ofSeconds(30);

    private static final int REMEMBERED_MAX = 10_000;

    private final Oidc settings;
    private final Clock clock;
    private final Map<String, Instant> expiry = new LinkedHashMap<>();
    private final ArrayDeque<Minted> minted = new ArrayDeque<>();
    private int mints;

    /// How a token came about, without the token.
    public record Minted(String grantType, String clientId, String subject, String scope) {}

    /// What a token is worth now.
    enum Worth {
        UNKNOWN,
        GOOD,
        EXPIRING,
        EXPIRED
    }

    Tokens(Oidc settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /// How many tokens were minted.
    public synchronized int mints() {
        return mints;
    }

    /// How the latest tokens came about, oldest first.
    public synchronized List<Minted> minted() {
        return List.copyOf(minted);
    }

    /// Makes every token that was minted until now expire at once.
    public synchronized void expireAll() {
        expiry.replaceAll((token, any) -> Instant.EPOCH);
    }

    /// Forgets every token that was minted until now, as if it had never been one.
    public synchronized void revokeAll() {
        expiry.clear();
    }

    synchronized Worth worth(String token) {
        var until = expiry.get(token);
        if (until == null) {
            return Worth.UNKNOWN;
        }
        var left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) {
            return Worth.EXPIRED;
        }
        return left.compareTo(LEAST) < 0 ? Worth.EXPIRING : Worth.GOOD;
    }

    Answer mint(Request request) throws Refused {
        var form = request.form();
        var scope = form.getOrDefault("scope", "");
        var grant = form.getOrDefault("grant_type", "");
        var asked =
                switch (grant) {
                    case CLIENT_CREDENTIALS -> new Minted(grant, client(request, form), "", scope);
                    case EXCHANGE -> exchanged(form, scope);
                    case "" -> throw refused(400, "invalid_request", "grant_type is missing");
                    default ->
                            throw refused(
                                    400, "unsupported_grant_type", "grant type is not supported");
                };
        if (!settings.scopes().contains(scope)) {
            throw refused(400, "invalid_scope", "the requested scope is invalid");
        }
        return Answer.json(
                200,
                Json.object(
                        "access_token",
                        minted(asked),
                        "token_type",
                        "Bearer",
                        "expires_in",
                        settings.lifetime().toSeconds(),
                        "scope",
                        scope));
    }

    private synchronized String minted(Minted asked) {
        var now = clock.instant();
        var token =
                jwt(
                        Json.object(
                                "iss",
                                "simulator",
                                "sub",
                                asked.clientId().isEmpty() ? asked.subject() : asked.clientId(),
                                "scope",
                                asked.scope(),
                                "iat",
                                now.getEpochSecond(),
                                "jti",
                                ++mints));
        if (expiry.size() >= REMEMBERED_MAX) {
            expiry.remove(expiry.keySet().iterator().next());
        }
        if (minted.size() >= REMEMBERED_MAX) {
            minted.removeFirst();
        }
        expiry.put(token, now.plus(settings.lifetime()));
        minted.add(asked);
        return token;
    }

    /// The secret travels in the header, or in the form as the standard allows too.
    private String client(Request request, Map<String, String> form) throws Refused {
        var basic = request.basic();
        var id = basic.isEmpty() ? form.getOrDefault("client_id", "") : basic.getFirst();
        var secret = basic.isEmpty() ? form.getOrDefault("client_secret", "") : basic.getLast();
        if (!id.equals(settings.clientId()) || !secret.equals(settings.clientSecret())) {
            throw refused(401, "invalid_client", "Client authentication failed");
        }
        return id;
    }

    private Minted exchanged(Map<String, String> form, String scope) throws Refused {
        if (!form.getOrDefault("subject_token_type", "").equals(JWT)) {
            throw refused(400, "invalid_request", "subject_token_type must be " + JWT);
        }
        var client = form.getOrDefault("client_id", "");
        if (!client.isEmpty() && !client.equals(settings.clientId())) {
            throw refused(401, "invalid_client", "Client authentication failed");
        }
        var claims = claims(form.getOrDefault("subject_token", ""));
        var subject = claims.get("sub") instanceof String text ? text : "";
        boolean trusted =
                settings.trusted().stream()
                        .anyMatch(policy ->
                                policy.issuer().equals(claims.get("iss"))
                                        && policy.subject().equals(subject)
                                        && (policy.audience().isEmpty()
                                                || Asked.texts(claims.get("aud"))
                                                        .contains(policy.audience())));
        if (!trusted) {
            throw refused(400, "invalid_grant", "no federation policy matches the subject token");
        }
        return new Minted(EXCHANGE, client, subject, scope);
    }

    /// The claims of a token that has the form of one and is not over; who signed it is not checked.
    private Map<?, ?> claims(String token) throws Refused {
        var parts = token.split("\\.", -1);
        if (parts.length != 3 || parts[2].isEmpty()) {
            throw refused(400, "invalid_grant", "the subject token is not a JWT");
        }
        var header = decoded(parts[0]);
        if (!"RS256".equals(header.get("alg")) && !"ES256".equals(header.get("alg"))) {
            throw refused(400, "invalid_grant", "the subject token is not signed as it must be");
        }
        var claims = decoded(parts[1]);
        if (claims.get("exp") instanceof Number end
                && clock.instant().getEpochSecond() >= end.longValue()) {
            throw refused(400, "invalid_grant", "the subject token has expired");
        }
        return claims;
    }

    private static Map<?, ?> decoded(String part) throws Refused {
        try {
            if (Json.read(Base64.getUrlDecoder().decode(part)) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (IllegalArgumentException | JacksonException wrong) {
            // Said below.
        }
        throw refused(400, "invalid_grant", "the subject token is not a JWT");
    }

    private static String jwt(Map<String, @Nullable Object> claims) {
        return part(Json.object("alg", "RS256", "typ", "at+jwt"))
                + "."
                + part(claims)
                + "."
                + part(Json.object("simulated", Signature.sum(Json.bytes(claims))));
    }

    private static String part(Map<String, @Nullable Object> json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.text(json).getBytes(StandardCharsets.UTF_8));
    }

    private static Refused refused(int status, String error, String description) {
        return new Refused(
                Answer.json(status, Json.object("error", error, "error_description", description)));
    }
}
