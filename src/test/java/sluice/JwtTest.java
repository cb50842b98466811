package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.body;
import static sluice.TestGateway.lines;
import static sluice.identity.SigningIssuer.header;
import static sluice.identity.SigningIssuer.signed;
import static sluice.identity.SigningIssuer.unsigned;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.identity.SigningIssuer;

/// Callers who present a token of an identity provider: a real issuer, real keys, a real gateway.
@SuppressWarnings("NullAway.Init") // set before each test
class JwtTest {
    private final HandClock clock = new HandClock();
    private SigningIssuer issuer;
    private TestGateway gateway;

    @BeforeEach
    void open() {
        issuer = SigningIssuer.open(clock);
    }

    @AfterEach
    void close() {
        gateway.close();
        issuer.close();
    }

    private void start(String more) {
        gateway = planned(more).start();
        awaitKeys();
    }

    private TestGateway.Plan planned(String more) {
        return TestGateway.planned()
                .withClock(clock)
                .section(
                        """
                        identity:
                          jwt: [{issuer: "%s", audience: sluice, jwks_uri: "%s"%s}]\
                        """
                                .formatted(issuer.name(), issuer.keySet(), more));
    }

    private void awaitKeys() {
        Patience.until(() -> "the issuer's keys", () -> !health().contains("the issuer '"));
    }

    private String health() {
        return gateway.ask(TestGateway.get("/health/ready")).text();
    }

    /// Tokens grant nothing of their own; so the answer to one that is known is that this model is not granted.
    private Answer call(String token, String... headers) {
        return gateway.ask(request(token, headers));
    }

    private static String request(String token, String... headers) {
        var body = body("partner/gpt-5-2", false);
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-type:"
                + " application/json\r\nauthorization: Bearer "
                + token
                + "\r\n"
                + lines(headers)
                + "content-length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private void assertKnown(String token) {
        assertThat(call(token).message()).contains("is not granted to the user 'alice'");
    }

    private void assertRefused(String token) {
        assertThat(call(token).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aTokenOfTheIssuerIsACaller(Carried carried) {
        gateway = planned("").on(carried).start();
        awaitKeys();

        var answer = call(issuer.token("alice"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.message()).contains("is not granted to the user 'alice'");
        assertThat(gateway.ledgerOf(answer.id()).path("key").asString("")).isEqualTo("alice");
    }

    @Test
    void theIssuersOwnDescriptionSaysWhereItsKeysAre() {
        gateway =
                TestGateway.planned()
                        .withClock(clock)
                        .section(
                                "identity: {jwt: [{issuer: \"%s\", audience: sluice}]}"
                                        .formatted(issuer.name()))
                        .start();
        awaitKeys();

        assertKnown(issuer.token("alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
    void eachAlgorithmThatTheOperatorNamesIsGood(String algorithm) {
        start(", algorithms: [%s]".formatted(algorithm));

        assertKnown(issuer.token("alice", JWSAlgorithm.parse(algorithm)));
        assertRefused(issuer.token("alice", JWSAlgorithm.RS256));
    }

    @Test
    void everyBadTokenGetsTheSameAnswer() throws JOSEException {
        start("");
        var good = issuer.token("alice");
        var parts = good.split("\\.", -1);
        long now = clock.instant().getEpochSecond();
        var rs256 = header(JWSAlgorithm.RS256, issuer.current().getKeyID());
        var claims = JSONObjectUtils.toJSONString(issuer.claims("alice"));
        var publicKey = issuer.current().toRSAPublicKey().getEncoded();
        var bad = new LinkedHashMap<String, String>();
        bad.put("expired", issuer.token("alice", said -> said.put("exp", now - 61)));
        bad.put("never expiring", issuer.token("alice", said -> said.remove("exp")));
        bad.put("not yet valid", issuer.token("alice", said -> said.put("nbf", now + 61)));
        bad.put(
                "wrong issuer",
                issuer.token("alice", said -> said.put("iss", issuer.name() + "/")));
        bad.put("no issuer", issuer.token("alice", said -> said.remove("iss")));
        bad.put("wrong audience", issuer.token("alice", said -> said.put("aud", "other")));
        bad.put(
                "audience of another type",
                issuer.token("alice", said -> said.put("aud", Map.of("sluice", true))));
        bad.put("no audience", issuer.token("alice", said -> said.remove("aud")));
        bad.put("none", unsigned("{\"alg\": \"none\"}", claims, ""));
        bad.put("none with a signature", unsigned("{\"alg\": \"none\"}", claims, parts[2]));
        bad.put("NoNe", unsigned("{\"alg\": \"NoNe\"}", claims, parts[2]));
        bad.put(
                "HMAC with the public key",
                signed(
                        header(JWSAlgorithm.HS256, issuer.current().getKeyID()),
                        issuer.claims("alice"),
                        new MACSigner(publicKey)));
        bad.put(
                "HMAC with the public key in PEM",
                signed(
                        header(JWSAlgorithm.HS512, issuer.current().getKeyID()),
                        issuer.claims("alice"),
                        new MACSigner(issuer.current().toPublicJWK().toJSONString())));
        bad.put(
                "another's signature",
                signed(rs256, issuer.claims("alice"), new RSASSASigner(issuer.stranger())));
        bad.put(
                "its own key inside",
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID(issuer.current().getKeyID())
                                .jwk(issuer.stranger().toPublicJWK())
                                .build(),
                        issuer.claims("alice"),
                        new RSASSASigner(issuer.stranger())));
        bad.put(
                "other claims",
                parts[0] + "." + issuer.token("bob").split("\\.", -1)[1] + "." + parts[2]);
        bad.put("an algorithm that was not named", issuer.token("alice", JWSAlgorithm.RS512));
        bad.put(
                "an algorithm that does not fit the key",
                signed(
                        header(JWSAlgorithm.RS256, "ec-256"),
                        issuer.claims("alice"),
                        issuer.signer()));
        bad.put(
                "crit",
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID(issuer.current().getKeyID())
                                .criticalParams(Set.of("exp"))
                                .customParam("exp", now + 600)
                                .build(),
                        issuer.claims("alice"),
                        issuer.signer()));
        bad.put("user that is a number", issuer.token("alice", said -> said.put("sub", 7)));
        bad.put("no user", issuer.token("alice", said -> said.remove("sub")));
        bad.put("empty user", issuer.token("alice", said -> said.put("sub", "")));
        bad.put("user that is no line", issuer.token("alice", said -> said.put("sub", "a\nlice")));
        bad.put(
                "groups that are an object",
                issuer.token("alice", said -> said.put("groups", Map.of("a", "b"))));
        bad.put("groups of numbers", issuer.token("alice", said -> said.put("groups", List.of(1))));
        bad.put(
                "too many groups",
                issuer.token(
                        "alice",
                        said ->
                                said.put(
                                        "groups",
                                        IntStream.range(0, 1001).mapToObj(i -> "g" + i).toList())));
        bad.put("exp that is a text", issuer.token("alice", said -> said.put("exp", "tomorrow")));
        bad.put("nbf that is a list", issuer.token("alice", said -> said.put("nbf", List.of(1))));
        bad.put("huge", issuer.token("alice", said -> said.put("more", "x".repeat(16_384))));
        bad.put("malformed", "eyJ.a.b");
        bad.put("claims that are no JSON", unsigned(rs256.toString(), "claims", parts[2]));
        bad.put("claims that are a list", unsigned(rs256.toString(), "[1]", parts[2]));
        bad.put(
                "claims that are nested without end",
                unsigned(rs256.toString(), "{\"iss\":" + "[".repeat(11_000), parts[2]));
        bad.put("header that is no JSON", unsigned("header", claims, parts[2]));
        bad.put("no header", "." + parts[1] + "." + parts[2]);
        bad.put("no claims", parts[0] + ".." + parts[2]);
        bad.put("no signature", parts[0] + "." + parts[1] + ".");
        bad.put("two parts", parts[0] + "." + parts[1]);
        bad.put("five parts", good + ".a.b");
        bad.put("only dots", "..");
        bad.put("padded", good + "==");
        bad.put("cut", good.substring(0, good.length() - 1));

        var usual = call("sk-slc-nobody-has-this-key-at-all-0");
        assertThat(usual.status()).isEqualTo(401);
        bad.forEach((what, token) -> {
            var answer = call(token);
            assertThat(answer.status()).as(what).isEqualTo(401);
            assertThat(answer.text()).as(what).isEqualTo(usual.text());
        });
        assertThat(issuer.keysAsked()).isEqualTo(1);
        assertKnown(good);
    }

    @Test
    void theClocksMayDifferALittle() {
        start(", clock_skew_seconds: 30");
        long now = clock.instant().getEpochSecond();

        assertKnown(issuer.token("alice", said -> said.put("exp", now - 29)));
        assertRefused(issuer.token("alice", said -> said.put("exp", now - 30)));
        assertKnown(issuer.token("alice", said -> said.put("nbf", now + 30)));
        assertRefused(issuer.token("alice", said -> said.put("nbf", now + 31)));
    }

    @Test
    void anUnknownKeyIsLookedForOnceWhateverCallersSend() {
        start("");
        var token =
                signed(
                        header(JWSAlgorithm.RS256, "nobodys"),
                        issuer.claims("alice"),
                        issuer.signer());

        for (int i = 0; i < 20; i++) {
            assertRefused(token);
        }
        assertThat(issuer.keysAsked()).isEqualTo(2);

        clock.advance(Duration.ofSeconds(10));
        assertRefused(token);
        assertThat(issuer.keysAsked()).isEqualTo(3);
    }

    @Test
    void aNewKeyOfTheIssuerIsFetchedByTheCallThatNeedsIt() {
        start("");
        var before = issuer.token("alice");
        issuer.rotate();

        assertKnown(issuer.token("alice"));
        assertKnown(before);
        assertThat(issuer.keysAsked()).isEqualTo(2);
    }

    @Test
    void keysAreFetchedAgainAtAnInterval() {
        start(", refresh_minutes: 5");

        clock.advance(Duration.ofMinutes(5));

        Patience.until(() -> "a second fetch", () -> issuer.keysAsked() == 2);
    }

    @Test
    void keysFromBeforeServeWhileTheIssuerIsDown() {
        start(", refresh_minutes: 5");
        issuer.goDown();
        clock.advance(Duration.ofMinutes(5));
        Patience.until(() -> "a second fetch", () -> issuer.keysAsked() == 2);

        assertKnown(issuer.token("alice"));
    }

    @Test
    void anIssuerThatIsDownAtTheStartKeepsNobodyElseAway() {
        issuer.goDown();
        gateway = planned("").start();
        Patience.until(() -> "a first fetch", () -> issuer.keysAsked() > 0);

        var early = call(issuer.token("alice"));
        assertThat(early.status()).isEqualTo(503);
        assertThat(early.header("retry-after")).isEqualTo("1");
        assertThat(early.message()).contains("the issuer '" + issuer.name() + "' cannot be asked");
        assertThat(call(TestGateway.KEY).status()).isEqualTo(200);
        var ready = gateway.ask(TestGateway.get("/health/ready"));
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.text()).contains("have not been fetched yet");

        issuer.comeUp();
        clock.advance(Duration.ofSeconds(10));
        assertKnown(issuer.token("alice"));
        assertThat(health()).doesNotContain("have not been fetched yet");
    }

    @Test
    void severalIssuersAreBelievedEachForItself() {
        try (var other = SigningIssuer.open(clock)) {
            gateway =
                    TestGateway.planned()
                            .withClock(clock)
                            .section(
                                    """
                                    identity:
                                      jwt:
                                        - {issuer: "%s", audience: sluice}
                                        - {issuer: "%s", audience: others, jwks_uri: "%s",
                                           claims: {user: email}}\
                                    """
                                            .formatted(issuer.name(), other.name(), other.keySet()))
                            .start();
            awaitKeys();

            assertKnown(issuer.token("alice"));
            assertRefused(other.token("alice"));
            assertThat(
                            call(other.token(
                                            "7",
                                            said -> {
                                                said.put("aud", List.of("x", "others"));
                                                said.put("email", "bob@example");
                                            }))
                                    .message())
                    .contains("the user '7'");
        }
    }

    @Test
    void aTokenThatIsRememberedIsForgottenWhenItExpires() {
        start("");
        var token = issuer.token("alice");
        assertKnown(token);

        clock.advance(Duration.ofSeconds(599));
        assertKnown(token);
        clock.advance(Duration.ofSeconds(61));
        assertRefused(token);
    }

    @Test
    void aVirtualKeyMayBeSentInAnotherHeaderThanABadToken() {
        start("");

        var answer = call("eyJ.not.good", "x-api-key: " + TestGateway.KEY);

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void anotherConfigurationKeepsTheKeysOfTheSameIssuer() {
        start("");
        var token = issuer.token("alice");
        assertKnown(token);
        issuer.goDown();

        gateway.reload(plan ->
                plan.section(
                        """
                        identity:
                          jwt: [{issuer: "%s", audience: others, jwks_uri: "%s"}]\
                        """
                                .formatted(issuer.name(), issuer.keySet())));

        assertRefused(token);
        assertKnown(issuer.token("alice", said -> said.put("aud", "others")));
    }

    /// Drawn by chance from a seed, so that a failure can be seen again.
    @Test
    void noTokenThatWasTouchedIsGood() {
        start("");
        var good = issuer.token("alice");
        var chance = new Random(20261130);
        var good401s = ConcurrentHashMap.<String>newKeySet();
        var touched = new ArrayList<String>();
        while (touched.size() < 400) {
            var token = touched(good, chance);
            if (!token.equals(good)) {
                touched.add(token);
            }
        }
        try (var socket = gateway.connect()) {
            for (var token : touched) {
                var answer = socket.send(request(token)).answer();
                assertThat(answer.status()).as(token).isEqualTo(401);
                good401s.add(answer.text());
            }
        }
        assertThat(good401s).hasSize(1);
        assertKnown(good);
    }

    private static String touched(String token, Random chance) {
        var text = new StringBuilder(token);
        int at = chance.nextInt(token.length());
        var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/.~";
        char letter = letters.charAt(chance.nextInt(letters.length()));
        switch (chance.nextInt(6)) {
            case 0 -> text.setCharAt(at, letter);
            case 1 -> text.deleteCharAt(at);
            case 2 -> text.insert(at, letter);
            case 3 -> text.setCharAt(token.length() - 1, letter); // its last bits mean nothing
            case 4 -> text.setLength(Math.max(1, at));
            default -> text.append(letter);
        }
        return text.toString();
    }
}
