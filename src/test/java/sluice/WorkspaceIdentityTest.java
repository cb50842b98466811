package sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.body;
import static sluice.TestGateway.lines;

import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.identity.SigningIssuer;

/// Callers who present a token of a Databricks workspace.
@SuppressWarnings("NullAway.Init") // set before each use
class WorkspaceIdentityTest {
    private static final String ALICE = "dapi00000000000000000000000000a11ce0";
    private static final String BOB = "dapi0000000000000000000000000000b0b0";
    private static final String ME = "/api/2.0/preview/scim/v2/Me";

    private final HandClock clock = new HandClock();
    private TestGateway gateway;

    @AfterEach
    void close() {
        gateway.close();
    }

    private void start(String more) {
        gateway = planned(more).start();
    }

    private TestGateway.Plan planned(String more) {
        return TestGateway.planned()
                .withClock(clock)
                .person(ALICE, "alice@example.com", "staff", "analysts")
                .person(BOB, "bob@example.com")
                .section("identity: {databricks: [{host: \"WORKSPACE\"%s}]}".formatted(more));
    }

    private Answer call(String token) {
        return gateway.ask(request("authorization: Bearer " + token));
    }

    private static String request(String... headers) {
        var body = body("partner/gpt-5-2", false);
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n"
                + lines(headers)
                + "content-length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private int questions() {
        return gateway.workspace().recording().requests(ME).size();
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void aTokenOfTheWorkspaceIsACaller(Carried carried) {
        gateway = planned("").on(carried).start();

        var answer = call(ALICE);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.message())
                .contains("is not granted to the workspace_user 'alice@example.com'");
        assertThat(gateway.ledgerOf(answer.id()).path("key").asString(""))
                .isEqualTo("alice@example.com");
        assertThat(call(BOB).message()).contains("bob@example.com");
        assertThat(gateway.ask(request("x-api-key: " + ALICE)).message()).contains("alice@");
        assertThat(gateway.ledgerText()).doesNotContain(ALICE, BOB);
    }

    @Test
    void theWorkspaceIsAskedOnceUntilItsAnswerIsOld() {
        start(", cache_seconds: 60");
        for (int i = 0; i < 5; i++) {
            call(ALICE);
        }
        assertThat(questions()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(60));
        call(ALICE);
        assertThat(questions()).isEqualTo(2);
    }

    @Test
    void aStrangersTokenIsAskedAboutOnceInTenSeconds() {
        start("");
        var stranger = "dapi0000000000000000000000000badbad0";
        for (int i = 0; i < 5; i++) {
            assertThat(call(stranger).status()).isEqualTo(401);
        }
        assertThat(questions()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(10));
        assertThat(call(stranger).status()).isEqualTo(401);
        assertThat(questions()).isEqualTo(2);
    }

    @Test
    void whatIsNoTokenOfAWorkspaceIsShownToNone() {
        start("");

        for (var credential :
                List.of(
                        "sk-slc-a-key-that-was-mistyped-0000",
                        "sk-ant-api03-somebody-elses",
                        "dapi",
                        "dapi-tooshort",
                        "eyJ.not.good",
                        "eyJh")) {
            assertThat(call(credential).status()).isEqualTo(401);
        }
        assertThat(call(TestGateway.KEY).status()).isEqualTo(200);
        assertThat(questions()).isZero();
    }

    @Test
    void aTokenThatSaysItIsOverIsNotAskedAbout() {
        start("");
        long now = clock.instant().getEpochSecond();

        assertThat(call(signedIn(now - 1)).status()).isEqualTo(401);
        assertThat(questions()).isZero();
        assertThat(call(signedIn(now + 60)).status()).isEqualTo(401);
        assertThat(questions()).isEqualTo(1);
    }

    private static String signedIn(long expires) {
        return Base64URL.encode("{\"alg\":\"RS256\"}")
                + "."
                + Base64URL.encode("{\"iss\": \"a workspace\", \"exp\": %s}".formatted(expires))
                + "."
                + Base64URL.encode("signature");
    }

    @Test
    void aFloodOfTokensDoesNotReachTheWorkspace() {
        start(", questions_per_minute: 40");

        for (int i = 0; i < 50; i++) {
            assertThat(call("dapi%032x".formatted(i)).status()).isEqualTo(401);
        }

        assertThat(questions()).isEqualTo(10);
        clock.advance(Duration.ofMinutes(1));
        assertThat(call(ALICE).status()).isEqualTo(403);
    }

    @Test
    void aTokenOfAKnownIssuerThatIsBadIsNotShownToTheWorkspace() {
        try (var issuer = SigningIssuer.open(clock)) {
            gateway =
                    TestGateway.planned()
                            .withClock(clock)
                            .section(
                                    """
                                    identity:
                                      jwt: [{issuer: "%s", audience: others}]
                                      databricks: [{host: "WORKSPACE"}]\
                                    """
                                            .formatted(issuer.name()))
                            .start();

            assertThat(call(issuer.token("alice")).status()).isEqualTo(401);
            assertThat(questions()).isZero();
        }
    }

    @Test
    void firstUsesOfOneTokenShareOneQuestionAndAFailureIsNobodysFault() throws Exception {
        var asked = new AtomicInteger();
        var answers = new AtomicInteger(500);
        try (var workspace = workspace(asked, answers)) {
            gateway =
                    TestGateway.planned()
                            .withClock(clock)
                            .section(
                                    "identity: {databricks: [{host: \"%s\", team: guests}]}"
                                            .formatted(workspace.host()))
                            .start();

            var failed = call(ALICE);
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.message())
                    .contains("the workspace that may know the token cannot be asked");
            assertThat(failed.header("retry-after")).isEqualTo("1");

            answers.set(200);
            asked.set(0);
            var statuses = new ArrayList<Integer>();
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                var calls =
                        IntStream.range(0, 20)
                                .mapToObj(_ -> callers.submit(() -> call(ALICE).status()))
                                .toList();
                for (var each : calls) {
                    statuses.add(each.get());
                }
            }
            assertThat(statuses).containsOnly(403);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void whoIsSwitchedOffIsNobody() throws Exception {
        var asked = new AtomicInteger();
        try (var workspace = workspace(asked, new AtomicInteger(204))) {
            gateway =
                    TestGateway.planned()
                            .section(
                                    "identity: {databricks: [{host: \"%s\"}]}"
                                            .formatted(workspace.host()))
                            .start();

            assertThat(call(ALICE).status()).isEqualTo(401);
        }
    }

    private record Slow(HttpServer server) implements AutoCloseable {
        String host() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /// Answers with this status, after a while; 204 stands for somebody who was switched off.
    private static Slow workspace(AtomicInteger asked, AtomicInteger answers) {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext(
                    ME,
                    exchange -> {
                        asked.incrementAndGet();
                        LockSupport.parkNanos(200_000_000);
                        boolean off = answers.get() == 204;
                        var text = "{\"userName\": \"alice\", \"active\": %s}".formatted(!off);
                        exchange.sendResponseHeaders(off ? 200 : answers.get(), text.length());
                        try (var out = exchange.getResponseBody()) {
                            out.write(text.getBytes(UTF_8));
                        }
                    });
            server.start();
            return new Slow(server);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
