package sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import sluice.IssuingWorkspace.Said;

/// How the gateway signs in to a workspace, over real sockets. Every test also looks for secrets in all that can be
/// read from outside.
@ParameterizedClass
@EnumSource(Carried.class)
@SuppressWarnings("NullAway.Init") // set before each test
class SignInTest {
    private static final String CLIENT_ID = "7f3c2a10-client-id-of-the-principal";
    private static final String CLIENT_SECRET = "dose+/=client-secret-that-nobody-may-see";
    private static final String SUBJECT = "subject-token-of-the-cluster.that-nobody.may-see";
    private static final String M2M =
            "auth: {type: oauth-m2m, client_id: {env: CLIENT_ID}, client_secret: {env: CLIENT_SECRET}}";

    @Parameter Carried carried;
    @TempDir private Path directory;

    private final HandClock clock = new HandClock();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> seen = new ArrayList<>();
    private IssuingWorkspace workspace;
    private TestGateway gateway;

    @BeforeEach
    void open() {
        workspace = IssuingWorkspace.open();
        log.start();
        sluiceLog().addAppender(log);
        sluiceLog().setLevel(Level.DEBUG);
    }

    @AfterEach
    void closeAndLookForSecrets() {
        sluiceLog().detachAppender(log);
        sluiceLog().setLevel(null);
        seen.add(gateway.load().toString());
        seen.add(gateway.ledgerText());
        gateway.close();
        workspace.close();
        log.list.forEach(event -> {
            seen.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                seen.add(String.valueOf(event.getThrowableProxy().getMessage()));
            }
        });
        var secrets = new ArrayList<>(workspace.secrets());
        secrets.addAll(List.of(CLIENT_SECRET, CLIENT_ID, SUBJECT));
        assertThat(String.join("\n", seen)).doesNotContain(secrets);
    }

    private static Logger sluiceLog() {
        return (Logger) LoggerFactory.getLogger("sluice");
    }

    private void start(String auth, String more) {
        gateway =
                TestGateway.planned()
                        .on(carried)
                        .withClock(clock)
                        .variable("CLIENT_ID", CLIENT_ID)
                        .variable("CLIENT_SECRET", CLIENT_SECRET)
                        .variable("SUBJECT", SUBJECT)
                        .target(
                                "id: lake, provider: databricks, models: [m], base_url: \"%s/serving-endpoints\", %s%s"
                                        .formatted(workspace.host(), auth, more))
                        .start();
    }

    private void start() {
        start(M2M, "");
    }

    private Answer call() {
        var answer = gateway.ask(chat("lake/m", false));
        seen.add(answer.whole());
        return answer;
    }

    private void callWell() {
        assertThat(call().status()).isEqualTo(200);
    }

    private int minted() {
        return workspace.asked().size();
    }

    @Test
    void aServicePrincipalGetsOneTokenForManyCalls() {
        start();

        callWell();
        callWell();

        assertThat(workspace.asked())
                .singleElement()
                .satisfies(asked -> {
                    assertThat(asked.form())
                            .containsOnlyKeys("grant_type", "scope")
                            .containsEntry("grant_type", "client_credentials")
                            .containsEntry("scope", "all-apis");
                    assertThat(asked.authorization())
                            .isEqualTo(
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(
                                                            (CLIENT_ID + ":" + CLIENT_SECRET)
                                                                    .getBytes(UTF_8)));
                });
        assertThat(workspace.chats())
                .containsExactly(workspace.issued().getFirst(), workspace.issued().getFirst());
    }

    @Test
    void aHundredCallsAtOnceOnTwoLoopsMintOneToken() {
        start();
        workspace.holdTokens();
        var callers = new ArrayList<BareSocket>();
        for (int i = 0; i < 100; i++) {
            callers.add(gateway.connect().send(chat("lake/m", false)));
        }
        gateway.awaitOpenConnections(100);
        Patience.until(() -> "a request for a token", () -> minted() > 0);
        workspace.letTokensOut();

        var answers = callers.stream().map(BareSocket::answer).toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(minted()).isEqualTo(1);
        callers.forEach(BareSocket::close);
    }

    @Test
    void aCallerThatLeavesTakesNobodysTokenAlong() {
        start();
        workspace.holdTokens();
        try (var stays = gateway.connect()) {
            try (var leaves = gateway.connect()) {
                leaves.send(chat("lake/m", false));
                Patience.until(() -> "a request for a token", () -> minted() > 0);
                stays.send(chat("lake/m", false));
            }
            gateway.ledger(1);
            workspace.letTokensOut();

            assertThat(stays.answer().status()).isEqualTo(200);
        }
        assertThat(minted()).isEqualTo(1);
    }

    @Test
    void aStaleTokenServesWhileAnotherIsFetched() {
        start();
        callWell();
        clock.advance(Duration.ofMinutes(39));
        callWell();
        assertThat(minted()).as("20 minutes before its end it is stale").isEqualTo(1);

        clock.advance(Duration.ofMinutes(1));
        workspace.holdTokens();
        callWell();
        callWell();
        Patience.until(() -> "a second request for a token", () -> minted() == 2);
        assertThat(workspace.chats()).containsOnly(workspace.issued().getFirst());

        workspace.letTokensOut();
        Patience.until(
                () -> "the new token to be sent",
                () -> {
                    callWell();
                    return workspace.chats().getLast().equals(workspace.issued().getLast());
                });
        assertThat(minted()).isEqualTo(2);
    }

    @Test
    void aFailedRefreshIsTriedAgainAfterAMinute() {
        start();
        callWell();
        clock.advance(Duration.ofMinutes(41));
        workspace.issuing((_, _) -> Said.json(500, "{}"));
        callWell();
        Patience.until(
                () -> "the refresh to fail",
                () -> logged().contains("The one before still serves"));
        clock.advance(Duration.ofSeconds(59));
        callWell();
        assertThat(minted()).isEqualTo(2);

        workspace.issuing(IssuingWorkspace.FOR_AN_HOUR);
        clock.advance(Duration.ofSeconds(1));
        Patience.until(
                () -> "the new token to be sent",
                () -> {
                    callWell();
                    return workspace.chats().getLast().equals(workspace.issued().getLast());
                });
        assertThat(minted()).isEqualTo(3);
    }

    private String logged() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void anExpiredTokenIsReplacedBeforeTheCallIsSent() {
        start();
        callWell();
        clock.advance(Duration.ofMinutes(59));

        callWell();

        assertThat(workspace.chats()).containsExactlyElementsOf(workspace.issued()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 | 31 | a token of a minute lives half of it",
                "\"60\" | 31 | a number in quotes counts",
                "0 | 301 | nonsense counts as ten minutes",
                "-5 | 301 | nonsense counts as ten minutes",
                "1.5 | 301 | nonsense counts as ten minutes",
                "true | 301 | nonsense counts as ten minutes",
                "1e999 | 301 | nonsense counts as ten minutes",
                "9999999999999 | 85201 | nothing lives longer than a day",
            })
    void aTokensLifeIsTakenWithCare(String expiresIn, int staleAfterSeconds, String why) {
        workspace.issuing((_, token) ->
                Said.json(
                        200,
                        "{\"access_token\": \"%s\", \"expires_in\": %s}"
                                .formatted(token, expiresIn)));
        start();
        callWell();
        clock.advance(Duration.ofSeconds(staleAfterSeconds - 2));
        callWell();
        assertThat(minted()).as(why).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        callWell();

        Patience.until(() -> "another token: " + why, () -> minted() == 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"error_code\": \"UNAUTHENTICATED\", \"message\": \"no\"}",
                "403 | {\"error_code\": \"PERMISSION_DENIED\", \"message\": \"Invalid access token.\"}",
                "403 | {\"message\": \"token is expiring within 30 seconds\"}",
                "400 | Invalid Token",
            })
    void aRefusedTokenIsRenewedOnceAndTheCallSentAgain(int status, String text) {
        workspace.refusingWith(status, text);
        start();
        callWell();
        workspace.revokeIssued();

        callWell();
        callWell();

        assertThat(minted()).isEqualTo(2);
        var tokens = workspace.issued();
        assertThat(workspace.chats())
                .containsExactly(tokens.get(0), tokens.get(0), tokens.get(1), tokens.get(1));
    }

    @Test
    void aSecondRefusalIsReportedAndNothingLoops() {
        workspace.issuing((asked, token) -> IssuingWorkspace.FOR_AN_HOUR.answer(asked, token));
        start();
        callWell();
        workspace.refuseAll();

        var answer = call();

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.message()).contains("'lake'", "refused the gateway's own credential");
        assertThat(minted()).isEqualTo(2);
        assertThat(workspace.chats()).hasSize(3);

        assertThat(call().status()).isEqualTo(502);
        assertThat(minted()).as("no token for each refused call").isEqualTo(2);
        assertThat(workspace.chats()).hasSize(4);

        clock.advance(Duration.ofSeconds(30));
        assertThat(call().status()).isEqualTo(502);
        assertThat(minted()).isEqualTo(3);
    }

    @Test
    void aGivenTokenIsNotSentAgain() {
        start("secret_key_ref: {env: SUBJECT}", "");

        assertThat(call().status()).isEqualTo(502);
        assertThat(workspace.chats()).hasSize(1);
        assertThat(minted()).isZero();
    }

    @Test
    void anotherRefusalIsTheCallers() {
        workspace.refusingWith(
                403, "{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"no EXECUTE\"}");
        start();
        workspace.refuseAll();

        assertThat(call().status()).isEqualTo(403);
        assertThat(workspace.chats()).hasSize(1);
        assertThat(minted()).isEqualTo(1);
    }

    @Test
    void aTokenFileIsReadAnewForEachToken() throws IOException {
        var file = directory.resolve("token");
        Files.writeString(file, "first-subject-token-nobody-may-see\n");
        start(
                "auth: {type: oidc-federation, client_id: {env: CLIENT_ID}, token_file: \"%s\"}"
                        .formatted(file),
                "");
        callWell();
        Files.writeString(file, "second-subject-token-nobody-may-see\n");
        clock.advance(Duration.ofMinutes(59));
        callWell();

        assertThat(workspace.asked().getFirst().authorization()).isEmpty();
        assertThat(workspace.asked().getFirst().form())
                .containsOnlyKeys(
                        "grant_type", "subject_token", "subject_token_type", "scope", "client_id")
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("subject_token", "first-subject-token-nobody-may-see")
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
                .containsEntry("scope", "all-apis")
                .containsEntry("client_id", CLIENT_ID);
        assertThat(workspace.asked().getLast().form())
                .containsEntry("subject_token", "second-subject-token-nobody-may-see");

        Files.delete(file);
        clock.advance(Duration.ofMinutes(59));
        var answer = call();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.message()).contains("'lake'", "subject token cannot be read");
        assertThat(logged()).contains(file.toString(), "does not exist");
        Files.writeString(file, "third-subject-token-nobody-may-see");
        clock.advance(Duration.ofSeconds(1));
        callWell();
    }

    @Test
    void aTokenOfTheEnvironmentIsExchangedWithoutAClientId() {
        start("auth: {type: oidc-federation, token_env: SUBJECT}", "");

        callWell();

        assertThat(workspace.asked())
                .singleElement()
                .satisfies(asked ->
                        assertThat(asked.form())
                                .doesNotContainKey("client_id")
                                .containsEntry("subject_token", SUBJECT));
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> troubles() {
        return Stream.of(
                trouble(Said.json(500, "{\"error\": \"server_error\"}"), "status 500"),
                trouble(Said.json(429, "{}"), "status 429"),
                trouble(Said.json(404, "{}"), "status 404; check that base_url"),
                trouble(new Said(302, "text/html", ""), "status 302"),
                trouble(new Said(200, "text/html", "<html>sign in</html>"), "no usable answer"),
                trouble(Said.json(200, "[]"), "no usable answer"),
                trouble(Said.json(200, "{}"), "no usable answer"),
                trouble(Said.json(200, "{\"access_token\": \"\"}"), "no usable answer"),
                trouble(Said.json(200, "{\"access_token\": \"a\\nb\"}"), "no usable answer"),
                trouble(Said.json(200, "{\"access_token\": 5}"), "no usable answer"),
                trouble(
                        Said.json(200, "{\"access_token\": \"abc\", \"token_type\": \"MAC\"}"),
                        "no usable answer"),
                trouble(
                        Said.json(200, "{\"access_token\": \"%s\"}".formatted("x".repeat(70_000))),
                        "no usable answer"));
    }

    private static org.junit.jupiter.params.provider.Arguments trouble(Said said, String words) {
        return org.junit.jupiter.params.provider.Arguments.of(said, words);
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void troubleAtTheTokenEndpointIsNoFaultOfTheCaller(Said said, String words) {
        workspace.issuing((_, _) -> said);
        start();

        var answer = call();

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.message()).contains("'lake'", "its token endpoint", words);
        assertThat(workspace.chats()).isEmpty();
        assertThat(call().status()).isEqualTo(502);
        assertThat(minted()).as("the same failure is the answer for a second").isEqualTo(1);

        workspace.issuing(IssuingWorkspace.FOR_AN_HOUR);
        clock.advance(Duration.ofSeconds(1));
        callWell();
    }

    @Test
    void aSlowTokenEndpointIsNotWaitedForLongerThanTheTarget() {
        start(M2M, ", timeout_seconds: 1");
        workspace.holdTokens();

        var answer = call();

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.message()).contains("'lake'", "token limit of 1000 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_client",
        "401, invalid_client",
        "400, invalid_grant",
        "403, access_denied"
    })
    void aRefusedClientIsNamedForWhatItIs(int status, String code) {
        workspace.issuing((asked, _) ->
                Said.json(
                        status,
                        """
                        {"error": "%s", "error_description": "not %s nor %s nor %s, authorization %s"}\
                        """
                                .formatted(
                                        code,
                                        CLIENT_ID,
                                        CLIENT_SECRET,
                                        CLIENT_SECRET.replace("/", "\\/"),
                                        asked.authorization())));
        start();

        var answer = call();

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.message())
                .contains("'lake'", "refused the client id or its secret: " + code);
        assertThat(logged()).contains("status " + status, "(credential)");
    }

    @Test
    void aTokenThatATargetEchoesIsNotPassedOn() {
        start();
        callWell();
        workspace.revokeIssued();
        workspace.refuseAll();
        workspace.refusingWith(
                422, "{\"message\": \"I was sent %s\"}".formatted(workspace.issued().getFirst()));

        var answer = call();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.message()).contains("I was sent (credential)");
    }
}
