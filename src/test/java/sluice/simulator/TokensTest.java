package sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
    private static final String SECRET = "grant_type=client_credentials&scope=all-apis";
    private static final String EXCHANGE =
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                    + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt"
                    + "&scope=all-apis&client_id=simulator-client&subject_token=";

    private final SettableClock clock = new SettableClock();
    private final Simulator simulator =
            Simulator.start(
                    0,
                    Settings.standard()
                            .withClock(clock)
                            .withOidc(Oidc.standard().withLifetime(Duration.ofMinutes(10))));
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aSecretBuysATokenThatOpensEverySurface() {
        var minted = Caller.json(mint(SECRET, "simulator-client:simulator-secret"));
        var token = minted.at("/access_token").asString();

        assertThat(minted.at("/token_type").asString()).isEqualTo("Bearer");
        assertThat(minted.at("/expires_in").asInt()).isEqualTo(600);
        assertThat(minted.at("/scope").asString()).isEqualTo("all-apis");
        assertThat(list(token, "/api/2.0/serving-endpoints").statusCode()).isEqualTo(200);
        assertThat(list(token, "/ai-gateway/anthropic/v1/models").statusCode()).isEqualTo(200);
        assertThat(simulator.tokens().mints()).isEqualTo(1);
        assertThat(simulator.tokens().minted().getFirst().clientId()).isEqualTo("simulator-client");
    }

    @Test
    void aTokenExpiresAndIsRefusedAlreadyHalfAMinuteBefore() {
        var token = token();
        clock.now = clock.now.plusSeconds(571);
        var expiring = list(token, "/ai-gateway/anthropic/v1/models");
        clock.now = clock.now.plusSeconds(60);
        var workspace = list(token, "/api/2.0/serving-endpoints");
        var gateway = list(token, "/ai-gateway/anthropic/v1/models");

        assertThat(expiring.statusCode()).isEqualTo(403);
        assertThat(expiring.body()).contains("expiring within 30 seconds");
        assertThat(workspace.statusCode()).isEqualTo(403);
        assertThat(workspace.body()).contains("expired");
        assertThat(gateway.statusCode()).isEqualTo(400);
        assertThat(gateway.body()).isEqualTo("Invalid Token");
    }

    @Test
    void aRevokedTokenIsUnknown() {
        var token = token();
        simulator.tokens().revokeAll();

        assertThat(list(token, "/ai-gateway/anthropic/v1/models").body())
                .isEqualTo("Invalid Token");
        assertThat(list(token, "/api/2.0/serving-endpoints").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "scope=all-apis, simulator-client:simulator-secret, 400, invalid_request",
        "grant_type=password&scope=all-apis, simulator-client:simulator-secret, 400,"
                + " unsupported_grant_type",
        "grant_type=client_credentials&scope=sql, simulator-client:simulator-secret, 400,"
                + " invalid_scope",
        "grant_type=client_credentials&scope=all-apis, simulator-client:wrong, 401,"
                + " invalid_client",
        "grant_type=client_credentials&scope=all-apis, nobody:simulator-secret, 401,"
                + " invalid_client",
    })
    void whatIsWrongIsSaidInTheWordsOfTheStandard(
            String form, String client, int status, String error) {
        var refused = mint(form, client);

        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(Caller.json(refused).at("/error").asString()).isEqualTo(error);
        assertThat(simulator.tokens().mints()).isZero();
    }

    @Test
    void aTrustedIssuersTokenIsExchanged() {
        var jwt =
                jwt(
                        "RS256",
                        """
                        {"iss": "https://issuer.example.com", "aud": ["anyone"],
                         "sub": "system:serviceaccount:sluice:gateway"}\
                        """);
        var minted = mint(EXCHANGE + jwt, "");

        assertThat(minted.statusCode()).isEqualTo(200);
        assertThat(
                        list(
                                        Caller.json(minted).at("/access_token").asString(),
                                        "/api/2.0/serving-endpoints")
                                .statusCode())
                .isEqualTo(200);
        assertThat(simulator.tokens().minted().getFirst().subject())
                .isEqualTo("system:serviceaccount:sluice:gateway");
    }

    @Test
    void anyOtherTokenIsNotExchanged() {
        for (var jwt :
                new String[] {
                    "no-jwt",
                    "a.b.c",
                    jwt("none", "{\"iss\": \"https://issuer.example.com\"}"),
                    jwt("RS256", "{\"iss\": \"https://elsewhere.example.com\", \"sub\": \"x\"}"),
                    jwt(
                            "ES256",
                            """
                            {"iss": "https://issuer.example.com", "exp": 999,
                             "sub": "system:serviceaccount:sluice:gateway"}\
                            """)
                }) {
            var refused = mint(EXCHANGE + jwt, "");
            assertThat(refused.statusCode()).as(jwt).isEqualTo(400);
            assertThat(Caller.json(refused).at("/error").asString()).isEqualTo("invalid_grant");
        }
    }

    @Test
    void mintingCanGoWrongAsAnyCallCan() {
        simulator.minting("fault;times=1");
        assertThat(mint(SECRET, "simulator-client:simulator-secret").statusCode()).isEqualTo(500);
        assertThat(mint(SECRET, "simulator-client:simulator-secret").statusCode()).isEqualTo(200);

        simulator.minting("not-json");
        assertThat(mint(SECRET, "simulator-client:simulator-secret").body()).startsWith("this is");
        simulator.minting("html");
        assertThat(mint(SECRET, "simulator-client:simulator-secret").body()).startsWith("<!");
        simulator.minting("unauthorized");
        assertThat(Caller.json(mint(SECRET, "a:b")).at("/error").asString())
                .isEqualTo("invalid_client");
    }

    @Test
    void theTokenEndpointIsFoundWithoutAToken() {
        var server = Caller.json(list("", "/oidc/.well-known/oauth-authorization-server"));
        var config = Caller.json(list("", "/.well-known/databricks-config"));

        assertThat(server.at("/token_endpoint").asString())
                .isEqualTo(simulator.host() + "/oidc/v1/token");
        assertThat(config.at("/oidc_endpoint").asString()).isEqualTo(simulator.host() + "/oidc");
    }

    private String token() {
        return Caller.json(mint(SECRET, "simulator-client:simulator-secret"))
                .at("/access_token")
                .asString();
    }

    private HttpResponse<String> mint(String form, String client) {
        var request =
                HttpRequest.newBuilder(URI.create(simulator.host() + "/oidc/v1/token"))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        if (!client.isEmpty()) {
            request.header("authorization", "Basic " + base64(client));
        }
        return caller.send(request.build());
    }

    private HttpResponse<String> list(String token, String path) {
        return caller.send(
                HttpRequest.newBuilder(URI.create(simulator.host() + path))
                        .header("authorization", "Bearer " + token)
                        .build());
    }

    private static String jwt(String algorithm, String claims) {
        return base64("{\"alg\": \"" + algorithm + "\"}") + "." + base64(claims) + ".c2ln";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final class SettableClock extends Clock {
        private volatile Instant now = Instant.ofEpochSecond(1_000);

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return this;
        }
    }
}
