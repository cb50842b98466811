package sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.body;
import static sluice.TestGateway.lines;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// Targets that are asked with the caller's own token. Every test also looks for the tokens in all that can be read from
/// outside.
@SuppressWarnings("NullAway.Init") // set before each use
class OnBehalfTest {
    private static final String ALICE = "dapi00000000000000000000000000a11ce0";
    private static final String MINE = "mine/databricks-gpt-5-2";
    private static final String CHATS = "/serving-endpoints/chat/completions";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> seen = new ArrayList<>();
    private TestGateway gateway;

    @BeforeEach
    void listen() {
        log.start();
        sluiceLog().addAppender(log);
        sluiceLog().setLevel(Level.DEBUG);
    }

    @AfterEach
    void closeAndLookForTokens() {
        sluiceLog().detachAppender(log);
        sluiceLog().setLevel(null);
        seen.add(gateway.ledgerText());
        seen.add(gateway.load().toString());
        gateway.close();
        log.list.forEach(event -> seen.add(event.getFormattedMessage()));
        assertThat(String.join("\n", seen)).doesNotContain(ALICE);
    }

    private static Logger sluiceLog() {
        return (Logger) LoggerFactory.getLogger("sluice");
    }

    private void start(String auth) {
        gateway = planned(auth).start();
    }

    private static TestGateway.Plan planned(String auth) {
        return TestGateway.planned()
                .person(ALICE, "alice@example.com", "analysts")
                .target(
                        """
                        id: mine, provider: databricks, base_url: "WORKSPACE/serving-endpoints", %s\
                        """
                                .formatted(auth))
                .section("identity: {databricks: [{host: \"WORKSPACE\", models: [\"*\"]}]}");
    }

    private Answer call(String token, String model, String... headers) {
        var body = body(model, false);
        var answer =
                gateway.ask(
                        "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization:"
                                + " Bearer "
                                + token
                                + "\r\n"
                                + lines(headers)
                                + "content-length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body);
        seen.add(answer.whole());
        return answer;
    }

    private List<String> tokensOfChats() {
        return gateway.workspace().recording().requests(CHATS).stream()
                .map(request -> request.header("authorization"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Carried.class)
    void theWorkspaceSeesTheCallersOwnToken(Carried carried) {
        gateway =
                planned("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}")
                        .on(carried)
                        .start();

        var answer = call(ALICE, MINE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(tokensOfChats()).containsExactly("Bearer " + ALICE);
        assertThat(gateway.ledgerOf(answer.id()).path("key").asString(""))
                .isEqualTo("alice@example.com");
        // the gateway's own token goes to the target that has one
        assertThat(call(ALICE, "workspace/databricks-gpt-5-2").status()).isEqualTo(200);
        assertThat(tokensOfChats().getLast()).isEqualTo("Bearer " + TestGateway.WORKSPACE_TOKEN);
    }

    @Test
    void anyOtherCallerIsRefused() {
        start("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}");

        var answer = call(TestGateway.KEY, MINE);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error().path("code").asString("")).isEqualTo("not_on_behalf");
        assertThat(answer.message())
                .isEqualTo(
                        "The target 'mine' is asked on behalf of its caller: present a token of that"
                                + " workspace as 'Authorization: Bearer TOKEN'; this caller is known"
                                + " by something else.");
        assertThat(gateway.ledgerOf(answer.id()).path("failure").asString(""))
                .isEqualTo("not_on_behalf");
        // a token beside a key does not help: it is the key by which the caller is known
        assertThat(call(TestGateway.KEY, MINE, "x-api-key: " + ALICE).status()).isEqualTo(403);
        assertThat(tokensOfChats()).isEmpty();
    }

    @Test
    void aTokenOfAnotherWorkspaceIsNotSentThere() {
        try (var other = Simulator.start(0, Settings.standard().withToken("nobodys-token"))) {
            gateway =
                    planned("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}")
                            .target(
                                    """
                                    id: theirs, provider: databricks, models: [databricks-gpt-5-2], \
                                    base_url: "%s", auth: {type: on-behalf-of-user}\
                                    """
                                            .formatted(other.host()))
                            .section(
                                    "identity: {databricks: [{host: \"WORKSPACE\", models: [\"*\"]},"
                                            + " {host: \"%s\"}]}".formatted(other.host()))
                            .start();

            assertThat(call(ALICE, MINE).status()).isEqualTo(200);
            assertThat(call(ALICE, "theirs/databricks-gpt-5-2").status()).isEqualTo(403);
            assertThat(other.recording().requests(CHATS)).isEmpty();
        }
    }

    @Test
    void whatTheWorkspaceRefusesThePersonIsToldToIt() {
        start("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}");

        gateway.workspace().next("error;status=403", "error-token");
        var forbidden = call(ALICE, MINE);
        var stale = call(ALICE, MINE);

        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(forbidden.message()).contains("the workspace refuses it: ");
        assertThat(stale.status()).isEqualTo(403);
        assertThat(stale.message()).contains("refuses the caller's own token; sign in there again");
        assertThat(call(ALICE, MINE).status()).isEqualTo(200);
    }

    @Test
    void aWorkspaceThatEchoesTheTokenDoesNotShowIt() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    boolean me = exchange.getRequestURI().getPath().endsWith("/Me");
                    var sent = exchange.getRequestHeaders().getFirst("authorization");
                    var text =
                            me
                                    ? "{\"userName\": \"alice\"}"
                                    : "{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"no use of m"
                                            + " with "
                                            + sent
                                            + "\"}";
                    exchange.sendResponseHeaders(me ? 200 : 403, text.length());
                    try (var out = exchange.getResponseBody()) {
                        out.write(text.getBytes(UTF_8));
                    }
                });
        server.start();
        var host = "http://127.0.0.1:" + server.getAddress().getPort();
        gateway =
                TestGateway.planned()
                        .target(
                                """
                                id: mine, provider: databricks, models: [m], base_url: "%s", \
                                auth: {type: on-behalf-of-user}\
                                """
                                        .formatted(host))
                        .section(
                                "identity: {databricks: [{host: \"%s\", models: [\"*\"]}]}"
                                        .formatted(host))
                        .start();

        var answer = call(ALICE, "mine/m");
        server.stop(0);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.message()).contains("no use of m with (credential)");
    }

    @Test
    void aCredentialForDiscoveryListsTheModels() {
        start(
                "auth: {type: on-behalf-of-user, discovery: {secret_key_ref: {env:"
                        + " WORKSPACE_TOKEN}}}");

        var answer = call(ALICE, MINE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(tokensOfChats()).containsExactly("Bearer " + ALICE);
        assertThat(call(TestGateway.KEY, MINE).status()).isEqualTo(403);
    }

    @Test
    void behindAVirtualModelAnotherTargetMayStandIn() {
        gateway =
                planned("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}")
                        .section(
                                """
                                identity: {databricks: [{host: "WORKSPACE", models: ["*"]}]}
                                virtual_models:
                                  - name: assistant
                                    routing_config:
                                      type: priority-based-routing
                                      load_balance_targets:
                                        - {target: mine/databricks-gpt-5-2, priority: 0}
                                        - {target: partner/gpt-5-2, priority: 1}\
                                """)
                        .start();

        assertThat(call(ALICE, "assistant").header("x-sluice-resolved-model")).isEqualTo(MINE);
        assertThat(call(TestGateway.KEY, "assistant").header("x-sluice-resolved-model"))
                .isEqualTo("partner/gpt-5-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth: {type: on-behalf-of-user} | cannot list its models; name them, or add auth.discovery",
                "models: [m], auth: {type: on-behalf-of-user}, health_probe: {path: /x} | has nothing to probe with",
                "models: [m], auth: {type: on-behalf-of-user, discovery: {}} | missing: secret_key_ref",
                "models: [m], auth: {type: on-behalf-of-user, client_id: abc} | does not belong to type",
                "models: [m], credentials: [{id: a, auth: {type: on-behalf-of-user}}] | shares nothing",
            })
    void whatCannotWorkIsRefusedWithItsReason(String line) {
        start("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}");
        var parts = line.split(" \\| ", -1);

        gateway.reload(plan ->
                plan.onlyTarget(
                        "id: mine, provider: databricks, base_url: \"WORKSPACE\", " + parts[0]));

        assertThat(gateway.ask(TestGateway.get("/health/ready")).text()).contains(parts[1]);
    }

    @Test
    void aWorkspaceThatKnowsNobodyIsRefusedAsATarget() {
        start("models: [databricks-gpt-5-2], auth: {type: on-behalf-of-user}");

        gateway.reload(plan -> plan.section("identity: {}"));

        assertThat(gateway.ask(TestGateway.get("/health/ready")).text())
                .contains("nobody is known by a token of this workspace");
    }
}
