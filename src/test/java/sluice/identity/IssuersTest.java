package sluice.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.identity.SigningIssuer.header;
import static sluice.identity.SigningIssuer.signed;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.Allowance;
import sluice.call.Bytes;
import sluice.call.Principal;
import sluice.call.Secret;

/// What tokens say, and what key sets may look like.
class IssuersTest {
    private static final Clock NOON =
            Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);
    private static final ClaimNames USUAL = new ClaimNames("sub", "groups", "roles", null, null);

    private final SigningIssuer issuer = SigningIssuer.open(NOON);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        issuer.close();
        threads.shutdownNow();
    }

    private Issuers issuers(ClaimNames claims, String... algorithms) {
        var rule =
                new IssuerRule(
                        issuer.name(),
                        SigningIssuer.AUDIENCE,
                        URI.create(issuer.keySet()),
                        Set.of(algorithms),
                        claims,
                        Allowance.SILENT,
                        Duration.ofMinutes(1),
                        Duration.ofHours(1));
        var means = new Means(IssuersTest::fetched, threads, threads, NOON, "data-science"::equals);
        return Issuers.of(List.of(rule), means, null);
    }

    private static Fetch.Answer fetched(URI address, @Nullable Secret bearer, int maxBytes)
            throws Fetch.Unfetched {
        try (var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(
                            HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
            return new Fetch.Answer(answer.statusCode(), Bytes.of(answer.body()));
        } catch (IOException | InterruptedException failed) {
            throw new Fetch.Unfetched("it cannot be reached");
        }
    }

    private static Finding find(Issuers issuers, String token) {
        return issuers.find(token, TokenHash.of(token), new Waiting(Thread.currentThread()));
    }

    private Principal principal(ClaimNames names, Consumer<Map<String, Object>> claims) {
        var found = find(issuers(names, "RS256"), issuer.token("alice", claims));
        if (found instanceof Finding.Known(var principal)) {
            return principal;
        }
        throw new AssertionError("not known: " + found);
    }

    /// A call on a thread of the JDK.
    private record Waiting(Thread thread) implements Arrival {
        @Override
        public List<String> credentials() {
            return List.of();
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public String peer() {
            return "127.0.0.1";
        }

        @Override
        public boolean await(BooleanSupplier ready, long deadlineNanos) {
            while (!ready.getAsBoolean() && System.nanoTime() - deadlineNanos < 0) {
                LockSupport.parkNanos(1_000_000);
            }
            return ready.getAsBoolean();
        }

        @Override
        public void wake() {
            LockSupport.unpark(thread);
        }
    }

    @Test
    void theClaimsBecomeThePrincipal() {
        var principal =
                principal(
                        new ClaimNames(
                                "https://acme.example/user",
                                "groups",
                                "realm_access.roles",
                                "org.team",
                                "customer"),
                        claims -> {
                            claims.put("https://acme.example/user", "alice@acme.example");
                            claims.put("realm_access", Map.of("roles", List.of("analyst", "x y")));
                            claims.put("org", Map.of("team", "research"));
                            claims.put("customer", "initech");
                            claims.put("groups", List.of("data-science"));
                        });

        assertThat(principal.kind()).isEqualTo(Principal.Kind.TOKEN);
        assertThat(principal.id()).isEqualTo("alice");
        assertThat(principal.user()).isEqualTo("alice@acme.example");
        assertThat(principal.roles()).containsExactly("analyst", "x y");
        assertThat(principal.team()).isEqualTo("research");
        assertThat(principal.customer()).isEqualTo("initech");
        assertThat(principal.metadata()).containsExactly(Map.entry("issuer", issuer.name()));
        assertThat(principal.own().terms().models()).isNull();
    }

    @Test
    void aGroupThatIsATeamGivesTheTeam() {
        assertThat(
                        principal(
                                        USUAL,
                                        claims ->
                                                claims.put(
                                                        "groups",
                                                        List.of("staff", "data-science", "other")))
                                .team())
                .isEqualTo("data-science");
        assertThat(principal(USUAL, claims -> claims.put("groups", List.of("staff"))).team())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "analyst, data engineer",
                "analyst,data engineer,",
                " analyst ,data engineer"
            })
    void namesMayStandInOneTextWithCommas(String roles) {
        assertThat(principal(USUAL, claims -> claims.put("roles", roles)).roles())
                .containsExactly("analyst", "data engineer");
    }

    @Test
    void namesMayStandInOneTextWithSpaces() {
        assertThat(principal(USUAL, claims -> claims.put("roles", "analyst  writer")).roles())
                .containsExactly("analyst", "writer");
    }

    @Test
    void aThousandGroupsAreNotTooMany() {
        var groups = IntStream.range(0, 1000).mapToObj(i -> "g" + i).toList();

        assertThat(principal(USUAL, claims -> claims.put("groups", groups)).roles()).isEmpty();
    }

    @Test
    void edwardsCurvesAreCheckedByTheJdk() throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var encoded = pair.getPublic().getEncoded();
        var point = Base64URL.encode(Arrays.copyOfRange(encoded, 12, encoded.length));
        issuer.publishes(
                "{\"keys\": [{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"kid\": \"ed\", \"x\": \"%s\"}]}"
                        .formatted(point));
        var text =
                header(JWSAlgorithm.EdDSA, "ed").toBase64URL()
                        + "."
                        + Base64URL.encode(JSONObjectUtils.toJSONString(issuer.claims("alice")));
        var signing = Signature.getInstance("Ed25519");
        signing.initSign(pair.getPrivate());
        signing.update(text.getBytes(StandardCharsets.US_ASCII));
        var token = text + "." + Base64URL.encode(signing.sign());

        assertThat(find(issuers(USUAL, "EdDSA"), token)).isInstanceOf(Finding.Known.class);
        assertThat(find(issuers(USUAL, "RS256"), token)).isInstanceOf(Finding.Refused.class);
    }

    @Test
    void aTokenWithoutAKeyIdIsCheckedWithTheOneKeyThatFits() {
        var token =
                signed(new JWSHeader(JWSAlgorithm.RS256), issuer.claims("alice"), issuer.signer());

        assertThat(find(issuers(USUAL, "RS256"), token)).isInstanceOf(Finding.Known.class);
        issuer.rotate();
        assertThat(find(issuers(USUAL, "RS256"), token)).isInstanceOf(Finding.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\": []}",
                "{\"keys\": {}}",
                "{\"keys\": [{\"kty\": \"oct\", \"kid\": \"rsa-0\", \"k\": \"AAAA\"}]}",
                "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"rsa-0\", \"e\": \"AQAB\", \"n\": \"AQAB\"}]}",
                "<html>"
            })
    void whatIsNoKeySetChecksNothing(String document) {
        issuer.publishes(document.isEmpty() ? " " : document);

        assertThat(find(issuers(USUAL, "RS256"), issuer.token("alice")))
                .isInstanceOf(Finding.Unknowable.class);
    }

    @Test
    void aKeyForSomethingElseChecksNothing() {
        var encrypting = new LinkedHashMap<>(issuer.current().toPublicJWK().toJSONObject());
        encrypting.put("use", "enc");
        var other = new LinkedHashMap<>(issuer.stranger().toPublicJWK().toJSONObject());
        other.put("alg", "RS512");
        issuer.publishes(JSONObjectUtils.toJSONString(Map.of("keys", List.of(encrypting, other))));

        assertThat(find(issuers(USUAL, "RS256", "RS512"), issuer.token("alice")))
                .isInstanceOf(Finding.Refused.class);
    }

    @Test
    void aKeySetOfMoreThanAHundredKeysIsNoneAndAnUnknownKindOfKeyIsLeftOut() {
        var good = issuer.current().toPublicJWK().toJSONString();
        var unknown = "{\"kty\": \"SPHINCS\", \"kid\": \"later\"}";
        var issuers = issuers(USUAL, "RS256");
        issuer.publishes(
                "{\"keys\": [%s, %s]}"
                        .formatted(
                                good,
                                IntStream.range(0, 99)
                                        .mapToObj(_ -> unknown)
                                        .collect(Collectors.joining(","))));
        assertThat(find(issuers, issuer.token("alice"))).isInstanceOf(Finding.Known.class);

        issuer.publishes(
                "{\"keys\": [%s]}"
                        .formatted(
                                IntStream.range(0, 101)
                                        .mapToObj(_ -> good)
                                        .collect(Collectors.joining(","))));
        assertThat(find(issuers(USUAL, "RS256"), issuer.token("alice")))
                .isInstanceOf(Finding.Unknowable.class);
    }

    @Test
    void aRememberedTokenCostsAHash() {
        var issuers = issuers(USUAL, "RS256");
        var token = issuer.token("alice", claims -> claims.put("more", "x".repeat(300)));
        var hash = TokenHash.of(token);
        assertThat(issuers.remembered(hash)).isNull();
        assertThat(find(issuers, token)).isInstanceOf(Finding.Known.class);

        @Nullable Principal known = null;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 50; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 2_000; i++) {
                known = issuers.remembered(TokenHash.of(token));
            }
            best = Math.min(best, (System.nanoTime() - start) / 2_000);
        }
        System.out.println(
                "a remembered token of " + token.length() + " characters: " + best + " ns");
        assertThat(known).isNotNull();
        assertThat(best).isLessThan(50_000); // a signature takes longer, and so does a busy machine
    }

    @Test
    void aTokenIsPrintedNowhere() {
        var token = issuer.token("alice");

        assertThat(String.valueOf(UnprovenToken.read(token))).doesNotContain(token);
    }
}
