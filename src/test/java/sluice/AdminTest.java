package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.identity.SigningIssuer;
import tools.jackson.databind.JsonNode;

/// The operators' door over real sockets: who may do what, and what comes of it.
class AdminTest {
    private static final String ADMIN = "an-admin-key-that-is-long-enough";
    private static final String OPERATOR = "an-operator-key-that-is-long-enough";
    private static final String VIEWER = "a-viewer-key-that-is-long-enough";
    private static final String MANAGER = "a-managers-key-that-is-long-enough";
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";

    private static TestGateway.Plan planned() {
        return TestGateway.planned()
                .variable("ADMIN", ADMIN)
                .variable("OPERATOR", OPERATOR)
                .variable("VIEWER", VIEWER)
                .variable("MANAGER", MANAGER)
                .governance("teams: [{id: science, models: [\"*\"]}, {id: art, models: [\"*\"]}]")
                .section(
                        """
                        admin:
                          key: {env: ADMIN}
                          keys:
                            - {id: olga, key: {env: OPERATOR}, role: operator}
                            - {id: vera, key: {env: VIEWER}, role: viewer}
                            - {id: mara, key: {env: MANAGER}, role: team-manager, team: science}\
                        """);
    }

    private static Answer ask(
            TestGateway gateway,
            String method,
            String path,
            String key,
            String body,
            String... more) {
        var headers = new ArrayList<>(List.of(more));
        headers.add("authorization: Bearer " + key);
        return gateway.ask(
                method
                        + " /admin/v1/"
                        + path
                        + " HTTP/1.1\r\nhost: gateway\r\n"
                        + TestGateway.lines(headers.toArray(String[]::new))
                        + "content-length: "
                        + body.getBytes(StandardCharsets.UTF_8).length
                        + "\r\n\r\n"
                        + body);
    }

    private static Answer chat(TestGateway gateway, String key) {
        return gateway.ask(TestGateway.chat(LLAMA, false).replace(TestGateway.KEY, key));
    }

    /// An object of each kind that may be made beside what {@link #planned} has.
    private static final Map<String, String> OBJECTS = objects();

    private static Map<String, String> objects() {
        var objects = new LinkedHashMap<String, String>();
        objects.put("customers", "{\"id\": \"acme\"}");
        objects.put("teams", "{\"id\": \"law\", \"customer\": \"acme\"}");
        objects.put("users", "{\"id\": \"ada@acme.example\", \"team\": \"law\"}");
        objects.put("roles", "{\"id\": \"analyst\", \"allowed_models\": [\"*\"]}");
        objects.put("keys", "{\"id\": \"reports\", \"team\": \"science\", \"models\": [\"*\"]}");
        objects.put(
                "budgets",
                "{\"id\": \"big\", \"team\": \"science\", \"limit_usd\": 5, \"every\": \"month\"}");
        objects.put(
                "limits",
                "{\"id\": \"fast\", \"team\": \"science\", \"limit\": 5, \"unit\": \"requests\","
                        + " \"per\": \"minute\"}");
        objects.put(
                "providers",
                "{\"id\": \"other\", \"provider\": \"custom\", \"base_format\": \"openai\","
                        + " \"base_url\": \"http://127.0.0.1:1\", \"keyless\": true, \"models\":"
                        + " [\"m\"]}");
        objects.put(
                "virtual-models",
                "{\"id\": \"assistant\", \"routing_config\": {\"type\":"
                        + " \"priority-based-routing\", \"load_balance_targets\": [{\"target\":"
                        + " \"workspace/"
                        + LLAMA
                        + "\", \"priority\": 0}]}}");
        objects.put("policies", "{\"id\": \"rbac\", \"chained\": true}");
        return objects;
    }

    /// The written table: for each role, the kinds that it may see and those that it may change.
    private static final Map<String, List<String>> MAY_SEE =
            Map.of(
                    ADMIN,
                    List.copyOf(OBJECTS.keySet()),
                    OPERATOR,
                    List.copyOf(OBJECTS.keySet()),
                    VIEWER,
                    List.copyOf(OBJECTS.keySet()),
                    MANAGER,
                    List.of("keys", "teams", "users", "budgets", "limits"),
                    TestGateway.KEY,
                    List.of());

    private static final Map<String, List<String>> MAY_CHANGE =
            Map.of(
                    ADMIN,
                    List.copyOf(OBJECTS.keySet()),
                    OPERATOR,
                    List.of(
                            "customers",
                            "teams",
                            "users",
                            "keys",
                            "budgets",
                            "limits",
                            "providers",
                            "virtual-models"),
                    VIEWER,
                    List.of(),
                    MANAGER,
                    List.of("keys"),
                    TestGateway.KEY,
                    List.of());

    @Test
    void everyCellOfTheTableOfRolesHolds() {
        try (var gateway = planned().start()) {
            int cells = 0;
            for (var kind : OBJECTS.keySet()) {
                for (var key : MAY_SEE.keySet()) {
                    boolean isNobody = key.equals(TestGateway.KEY);
                    int refused = isNobody ? 401 : 403;
                    boolean sees = MAY_SEE.getOrDefault(key, List.of()).contains(kind);
                    boolean changes = MAY_CHANGE.getOrDefault(key, List.of()).contains(kind);
                    var id = "none-of-this-id";
                    assertStatus(
                            sees ? 200 : refused, ask(gateway, "GET", kind, key, ""), kind, key);
                    assertStatus(
                            sees ? 404 : refused,
                            ask(gateway, "GET", kind + "/" + id, key, ""),
                            kind,
                            key);
                    assertStatus(
                            changes ? 400 : refused,
                            ask(gateway, "POST", kind, key, "not an object"),
                            kind,
                            key);
                    assertStatus(
                            changes ? 404 : refused,
                            ask(gateway, "PUT", kind + "/" + id, key, "{}"),
                            kind,
                            key);
                    assertStatus(
                            changes ? 404 : refused,
                            ask(gateway, "DELETE", kind + "/" + id, key, ""),
                            kind,
                            key);
                    assertStatus(
                            changes ? 405 : refused,
                            ask(gateway, "PATCH", kind, key, ""),
                            kind,
                            key);
                    cells += 6;
                }
            }
            for (var action : List.of("rotate", "disable", "enable")) {
                for (var key : MAY_SEE.keySet()) {
                    boolean changes = MAY_CHANGE.getOrDefault(key, List.of()).contains("keys");
                    assertStatus(
                            changes ? 404 : key.equals(TestGateway.KEY) ? 401 : 403,
                            ask(gateway, "POST", "keys/none/" + action, key, ""),
                            action,
                            key);
                    cells++;
                }
            }
            for (var page : List.of("spend", "accounts", "events", "openapi.json", "routing")) {
                for (var key : MAY_SEE.keySet()) {
                    boolean hidden = page.equals("routing") && key.equals(MANAGER);
                    assertStatus(
                            key.equals(TestGateway.KEY) ? 401 : hidden ? 403 : 200,
                            ask(gateway, "GET", page, key, ""),
                            page,
                            key);
                    cells++;
                }
            }
            assertThat(cells).isEqualTo(10 * 5 * 6 + 3 * 5 + 5 * 5);
        }
    }

    private static void assertStatus(int expected, Answer answer, String what, String who) {
        assertThat(answer.status())
                .as(what + " by " + who + "\n" + answer.text())
                .isEqualTo(expected);
    }

    @Test
    void everyKindIsMadeShownChangedAndRemoved() {
        try (var gateway = planned().start()) {
            for (var each : OBJECTS.entrySet()) {
                var kind = each.getKey();
                var body = each.getValue();
                var id = Answer.JSON.readTree(body).path("id").asString();
                var path = kind + "/" + id.replace("@", "%40");

                var dry = ask(gateway, "POST", kind + "?dry_run=true", ADMIN, body);
                assertThat(dry.status()).as(kind + dry.text()).isEqualTo(200);
                assertThat(ask(gateway, "GET", path, ADMIN, "").status()).isEqualTo(404);

                var made = ask(gateway, "POST", kind, ADMIN, body);
                assertThat(made.status()).as(kind + made.text()).isEqualTo(201);
                assertThat(made.header("etag")).isEqualTo("\"1\"");
                assertThat(ask(gateway, "POST", kind, ADMIN, body).status()).isEqualTo(409);

                var shown = ask(gateway, "GET", path, VIEWER, "");
                assertThat(shown.json().path("source").asString()).isEqualTo("store");
                assertThat(shown.json().path("updated_by").asString()).isEqualTo("admin");
                assertThat(shown.header("etag")).isEqualTo("\"1\"");
                assertThat(ids(ask(gateway, "GET", kind, ADMIN, "").json())).contains(id);

                assertThat(ask(gateway, "PUT", path, ADMIN, body).status()).isEqualTo(428);
                assertThat(ask(gateway, "PUT", path, ADMIN, body, "if-match: \"7\"").status())
                        .isEqualTo(412);
                var changed = ask(gateway, "PUT", path, ADMIN, body, "if-match: \"1\"");
                assertThat(changed.status()).as(kind + changed.text()).isEqualTo(200);
                assertThat(changed.header("etag")).isEqualTo("\"2\"");
                var faulty =
                        ask(
                                gateway,
                                "PUT",
                                path,
                                ADMIN,
                                "{\"nobody_knows_this\": 1}",
                                "if-match: \"2\"");
                assertThat(faulty.status()).as(kind + faulty.text()).isEqualTo(422);
                assertThat(faulty.message()).contains("nobody_knows_this");
            }
            for (var kind : List.copyOf(OBJECTS.keySet()).reversed()) {
                var id =
                        Answer.JSON
                                .readTree(OBJECTS.getOrDefault(kind, "{}"))
                                .path("id")
                                .asString();
                var path = kind + "/" + id.replace("@", "%40");
                var gone = ask(gateway, "DELETE", path, ADMIN, "", "if-match: \"2\"");
                assertThat(gone.status()).as(kind + gone.text()).isEqualTo(200);
                assertThat(ask(gateway, "GET", path, ADMIN, "").status()).isEqualTo(404);
            }
        }
    }

    private static List<String> ids(JsonNode page) {
        return page.path("data").valueStream().map(row -> row.path("id").asString()).toList();
    }

    @Test
    void aKeyIsToldOnceWorksAtOnceAndEndsAtOnce() {
        var clock = new HandClock();
        try (var gateway = planned().withClock(clock).start()) {
            var made =
                    ask(
                            gateway,
                            "POST",
                            "keys",
                            MANAGER,
                            "{\"id\": \"reports\", \"models\": [\"*\"]}");
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            var first = made.json().path("key").asString();
            assertThat(first).matches("sk-slc-[A-Za-z0-9_-]{43}");
            assertThat(made.json().path("team").asString()).isEqualTo("science");
            var shown = ask(gateway, "GET", "keys/reports", ADMIN, "");
            assertThat(shown.json().has("key")).isFalse();
            assertThat(shown.text()).doesNotContain("hash");
            assertThat(chat(gateway, first).status()).isEqualTo(200);

            var rotated =
                    ask(gateway, "POST", "keys/reports/rotate?overlap_seconds=60", MANAGER, "");
            var second = rotated.json().path("key").asString();
            assertThat(second).isNotEqualTo(first);
            assertThat(chat(gateway, first).status()).isEqualTo(200);
            assertThat(chat(gateway, second).status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(60));
            assertThat(chat(gateway, first).status()).isEqualTo(401);
            assertThat(chat(gateway, second).status()).isEqualTo(200);

            assertThat(ask(gateway, "POST", "keys/reports/disable", MANAGER, "").status())
                    .isEqualTo(200);
            assertThat(chat(gateway, second).status()).isEqualTo(401);
            assertThat(ask(gateway, "POST", "keys/reports/enable", MANAGER, "").status())
                    .isEqualTo(200);
            assertThat(chat(gateway, second).status()).isEqualTo(200);

            var line = gateway.ledgerOf(chat(gateway, second).id());
            assertThat(line.path("key").asString()).isEqualTo("reports");
            assertThat(gateway.ledgerText()).doesNotContain(second).doesNotContain(first);
        }
    }

    @Test
    void aTeamManagerKeepsToItsTeam() {
        try (var gateway = planned().start()) {
            ask(gateway, "POST", "keys", ADMIN, "{\"id\": \"painting\", \"team\": \"art\"}");

            assertThat(ids(ask(gateway, "GET", "keys", MANAGER, "").json())).isEmpty();
            assertThat(ids(ask(gateway, "GET", "teams", MANAGER, "").json()))
                    .containsExactly("science");
            assertThat(ask(gateway, "GET", "keys/painting", MANAGER, "").status()).isEqualTo(404);
            assertThat(ask(gateway, "POST", "keys/painting/disable", MANAGER, "").status())
                    .isEqualTo(404);
            assertThat(
                            ask(
                                            gateway,
                                            "POST",
                                            "keys",
                                            MANAGER,
                                            "{\"id\": \"sly\", \"team\": \"art\"}")
                                    .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatAFileDeclaresIsShownWithItsPlaceAndStays() {
        try (var gateway = planned().start()) {
            var team = ask(gateway, "GET", "teams/science", VIEWER, "");
            assertThat(team.json().path("source").asString()).isEqualTo("file");
            assertThat(team.json().path("place").asString()).contains("policy-config.yaml:");
            var key = ask(gateway, "GET", "keys/everything", VIEWER, "");
            assertThat(key.json().path("key").toString()).isEqualTo("{\"env\":\"everything\"}");

            var refused = ask(gateway, "PUT", "teams/science", ADMIN, "{}", "if-match: *");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.message()).contains("policy-config.yaml:", "change it there");
            assertThat(ask(gateway, "POST", "teams", ADMIN, "{\"id\": \"science\"}").status())
                    .isEqualTo(409);
        }
    }

    @Test
    void aBudgetMadeThroughTheDoorHoldsTheNextCall() {
        try (var gateway =
                planned()
                        .key("scientist", "sk-slc-the-key-of-a-scientist", "team: science")
                        .start()) {
            assertThat(chat(gateway, "sk-slc-the-key-of-a-scientist").status()).isEqualTo(200);
            var made =
                    ask(
                            gateway,
                            "POST",
                            "budgets",
                            OPERATOR,
                            "{\"id\": \"tight\", \"team\": \"science\", \"limit_tokens\": 1,"
                                    + " \"every\": \"day\"}");
            assertThat(made.status()).as(made.text()).isEqualTo(201);

            var refused = chat(gateway, "sk-slc-the-key-of-a-scientist");

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.message()).contains("'tight' of the team 'science'");
            var events = ask(gateway, "GET", "events", VIEWER, "").json().path("data");
            assertThat(events.get(0).path("kind").asString()).isEqualTo("refused");
            var accounts = ask(gateway, "GET", "accounts?owner=team/science", VIEWER, "").json();
            assertThat(accounts.path("data").get(0).path("limit_tokens").asLong()).isEqualTo(1);

            var raised =
                    ask(
                            gateway,
                            "PUT",
                            "budgets/tight",
                            OPERATOR,
                            "{\"team\": \"science\", \"limit_tokens\": 1, \"every\": \"day\","
                                    + " \"raise\": {\"limit_tokens\": 1000000, \"until\":"
                                    + " \"2099-01-01T00:00:00Z\", \"reason\": \"a demo\"}}",
                            "if-match: \"1\"");
            assertThat(raised.status()).as(raised.text()).isEqualTo(200);
            assertThat(chat(gateway, "sk-slc-the-key-of-a-scientist").status()).isEqualTo(200);
        }
    }

    @Test
    void aBudgetIsToldBeforeAnybodySpends() {
        try (var gateway = planned().start()) {
            ask(
                    gateway,
                    "POST",
                    "budgets",
                    ADMIN,
                    "{\"id\": \"own\", \"team\": \"science\", \"limit_usd\": 2.5, \"every\": \"day\"}");
            var rows = ask(gateway, "GET", "accounts", MANAGER, "").json().path("data");
            assertThat(rows.size()).isEqualTo(1);
            assertThat(rows.get(0).path("account").asString())
                    .isEqualTo("team/science/own/usd-per-day/UTC");
            assertThat(rows.get(0).path("limit_usd").decimalValue()).isEqualByComparingTo("2.5");
            assertThat(rows.get(0).path("spent_usd").decimalValue()).isEqualByComparingTo("0");
        }
    }

    /// Tokens that were spent are no dollars.
    @Test
    void aBudgetThatComesToCountSomethingElseBeginsAnew() {
        try (var gateway =
                planned()
                        .key("scientist", "sk-slc-the-key-of-a-scientist", "team: science")
                        .start()) {
            var tokens = "\"team\": \"science\", \"limit_tokens\": 1000000, \"every\": \"day\"";
            ask(gateway, "POST", "budgets", ADMIN, "{\"id\": \"own\", " + tokens + "}");
            assertThat(chat(gateway, "sk-slc-the-key-of-a-scientist").status()).isEqualTo(200);

            ask(
                    gateway,
                    "PUT",
                    "budgets/own",
                    ADMIN,
                    "{" + tokens.replace("day", "month") + "}",
                    "if-match: *");
            assertThat(chat(gateway, "sk-slc-the-key-of-a-scientist").status()).isEqualTo(200);

            assertThat(gateway.budgets())
                    .containsKeys(
                            "team/science/own/tokens-per-day/UTC",
                            "team/science/own/tokens-per-month/UTC");
        }
    }

    @Test
    void whatBelongsToSomebodyKeepsIt() {
        try (var gateway = planned().start()) {
            ask(gateway, "POST", "teams", ADMIN, "{\"id\": \"law\"}");
            ask(gateway, "POST", "keys", ADMIN, "{\"id\": \"brief\", \"team\": \"law\"}");
            ask(gateway, "POST", "users", ADMIN, "{\"id\": \"ada\", \"team\": \"law\"}");

            var withKeys = ask(gateway, "DELETE", "teams/law", ADMIN, "", "if-match: *");
            assertThat(withKeys.status()).isEqualTo(422);
            assertThat(withKeys.message()).contains("keys belong to the team 'law'");
            ask(gateway, "DELETE", "keys/brief", ADMIN, "", "if-match: *");

            var withUser = ask(gateway, "DELETE", "teams/law", ADMIN, "", "if-match: *");
            assertThat(withUser.status()).isEqualTo(422);
            assertThat(withUser.message()).contains("store:users/ada", "no team has the id");

            var lost = ask(gateway, "POST", "keys", ADMIN, "{\"id\": \"lost\", \"team\": \"lwa\"}");
            assertThat(lost.status()).isEqualTo(422);
            assertThat(lost.message()).contains("no team has the id 'lwa'");
        }
    }

    @Test
    void whatWasSpentIsToldExactlyAsJsonAndAsCsv() {
        try (var gateway =
                planned()
                        .key("scientist", "sk-slc-the-key-of-a-scientist", "team: science")
                        .workspace(
                                "pricing: {"
                                        + LLAMA
                                        + ": {input_per_million: 0.1, output_per_million: 0.3}}")
                        .start()) {
            long input = 0;
            long output = 0;
            for (int i = 0; i < 3; i++) {
                var usage = chat(gateway, "sk-slc-the-key-of-a-scientist").json().path("usage");
                input += usage.path("prompt_tokens").asLong();
                output += usage.path("completion_tokens").asLong();
            }
            chat(gateway, TestGateway.KEY);
            Patience.until(
                    () -> "four booked calls",
                    () ->
                            ask(gateway, "GET", "spend", VIEWER, "")
                                            .json()
                                            .path("data")
                                            .path(0)
                                            .path("calls")
                                            .asLong()
                                    == 4);

            var byTeam = ask(gateway, "GET", "spend?by=team,model&since=7d", VIEWER, "").json();
            var science =
                    byTeam.path("data")
                            .valueStream()
                            .filter(row -> row.path("team").asString("").equals("science"))
                            .findFirst()
                            .orElseThrow();
            assertThat(science.path("calls").asLong()).isEqualTo(3);
            assertThat(science.path("model").asString()).isEqualTo(LLAMA);
            assertThat(science.path("input_tokens").asLong()).isEqualTo(input);
            var exact =
                    java.math.BigDecimal.valueOf(input)
                            .multiply(new java.math.BigDecimal("0.1"))
                            .add(
                                    java.math.BigDecimal.valueOf(output)
                                            .multiply(new java.math.BigDecimal("0.3")))
                            .movePointLeft(6);
            assertThat(science.path("cost_usd").decimalValue()).isEqualByComparingTo(exact);

            var csv = ask(gateway, "GET", "spend?by=key&format=csv", MANAGER, "");
            assertThat(csv.header("content-type")).isEqualTo("text/csv; charset=utf-8");
            assertThat(csv.text())
                    .isEqualTo(
                            "key,calls,input_tokens,cached_tokens,output_tokens,cost_usd,"
                                    + "estimated_calls,unpriced_calls\r\nscientist,3,"
                                    + input
                                    + ",0,"
                                    + output
                                    + ","
                                    + exact.stripTrailingZeros().toPlainString()
                                    + ",0,0\r\n");
            assertThat(ask(gateway, "GET", "spend?by=shoes", VIEWER, "").status()).isEqualTo(400);
        }
    }

    @Test
    void withoutAnAdminOneTokenOpensTheDoorOnce() {
        try (var gateway = TestGateway.start()) {
            var token = gateway.gateway().oneTimeToken().orElseThrow().<String>use(text -> text);
            assertThat(ask(gateway, "GET", "keys", token, "").status()).isEqualTo(401);
            assertThat(ask(gateway, "POST", "claim", TestGateway.KEY, "").status()).isEqualTo(401);
            assertThat(gateway.gateway().oneTimeToken()).isEmpty();

            var claimed = ask(gateway, "POST", "claim", token, "");
            assertThat(claimed.status()).isEqualTo(201);
            var key = claimed.json().path("key").asString();

            assertThat(ask(gateway, "GET", "keys", key, "").status()).isEqualTo(200);
            assertThat(ask(gateway, "POST", "claim", token, "").status()).isEqualTo(401);
        }
    }

    @Test
    void pagesAreReadOneAfterAnother() {
        try (var gateway = planned().start()) {
            for (int i = 0; i < 7; i++) {
                ask(gateway, "POST", "keys", ADMIN, "{\"id\": \"k" + i + "\", \"team\": \"art\"}");
            }
            var seen = new ArrayList<String>();
            var next = "";
            do {
                var page =
                        ask(gateway, "GET", "keys?limit=3&team=art&after=" + next, ADMIN, "")
                                .json();
                seen.addAll(ids(page));
                next = page.path("next").asString("");
            } while (!next.isEmpty());
            assertThat(seen).containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6");
        }
    }

    @Test
    void theDocumentOfTheDoorNamesEveryKind() {
        try (var gateway = planned().start()) {
            var document = ask(gateway, "GET", "openapi.json", VIEWER, "").json();
            assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
            for (var kind : OBJECTS.keySet()) {
                assertThat(document.path("paths").has("/admin/v1/" + kind + "/{id}"))
                        .as(kind)
                        .isTrue();
                assertThat(
                                document.path("components")
                                        .path("schemas")
                                        .path(kind)
                                        .path("properties")
                                        .has("id"))
                        .as(kind)
                        .isTrue();
            }
        }
    }

    /// The roles of a token count here only where the configuration says so.
    @Test
    void rolesOfATokenOpenTheDoor() {
        var clock = new HandClock();
        try (var issuer = SigningIssuer.open(clock);
                var gateway =
                        TestGateway.planned()
                                .withClock(clock)
                                .governance("teams: [{id: science, models: [\"*\"]}]")
                                .section(
                                        """
                                        admin: {roles: {admin: [platform], viewer: [auditor], team-manager: [lead]}}
                                        identity:
                                          jwt:
                                            - issuer: "%s"
                                              audience: sluice
                                              jwks_uri: "%s"
                                              claims: {team: team}\
                                        """
                                                .formatted(issuer.name(), issuer.keySet()))
                                .start()) {
            Patience.until(
                    () -> "the issuer's keys",
                    () ->
                            !gateway.ask(TestGateway.get("/health/ready"))
                                    .text()
                                    .contains("the issuer '"));
            var roles =
                    Map.of(
                            "platform", 201,
                            "auditor", 403,
                            "admin", 401, // the word means nothing by itself
                            "lead", 403);
            roles.forEach((role, status) -> {
                var token =
                        issuer.token(
                                "ada",
                                said -> {
                                    said.put("roles", List.of(role));
                                    said.put("team", "science");
                                });
                var made = ask(gateway, "POST", "teams", token, "{\"id\": \"law\"}");
                assertThat(made.status()).as(role + made.text()).isEqualTo(status);
            });
            var lead =
                    issuer.token(
                            "ada",
                            said -> {
                                said.put("roles", List.of("lead"));
                                said.put("team", "science");
                            });
            assertThat(ask(gateway, "POST", "keys", lead, "{\"id\": \"ours\"}").status())
                    .isEqualTo(201);
            var nowhere = issuer.token("bob", said -> said.put("roles", List.of("lead")));
            assertThat(ask(gateway, "GET", "keys", nowhere, "").status()).isEqualTo(401);
            assertThat(ask(gateway, "GET", "keys", TestGateway.KEY, "").status()).isEqualTo(401);
        }
    }

    /// Two objects that belong to a team which the files no longer declare: the door stays open, nothing is spent beside
    /// their limits meanwhile, and each may be repaired without the other.
    @Test
    void aFaultyObjectOfTheStoreKeepsNobodyFromRepairingIt() {
        try (var gateway = planned().start()) {
            ask(gateway, "POST", "users", ADMIN, "{\"id\": \"ada\", \"team\": \"art\"}");
            ask(
                    gateway,
                    "POST",
                    "budgets",
                    ADMIN,
                    "{\"id\": \"big\", \"team\": \"art\", \"limit_usd\": 5, \"every\": \"month\"}");
            ask(gateway, "POST", "users", ADMIN, "{\"id\": \"bob\"}");

            gateway.restart(plan -> plan.governance("teams: [{id: science, models: [\"*\"]}]"));

            var ready = gateway.ask(TestGateway.get("/health/ready"));
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.text()).contains("store:users/ada", "no team has the id 'art'");
            var refused = chat(gateway, TestGateway.KEY);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).doesNotContain("users/ada");
            assertThat(ask(gateway, "GET", "users/bob", VIEWER, "").json().has("left_out"))
                    .isFalse();
            assertThat(
                            ask(gateway, "GET", "users/ada", VIEWER, "")
                                    .json()
                                    .path("left_out")
                                    .toString())
                    .contains("no team has the id 'art'");

            var worse =
                    ask(gateway, "POST", "users", ADMIN, "{\"id\": \"eve\", \"team\": \"art\"}");
            assertThat(worse.status()).isEqualTo(422);
            var repaired = ask(gateway, "PUT", "users/ada", ADMIN, "{}", "if-match: *");
            assertThat(repaired.status()).as(repaired.text()).isEqualTo(200);
            assertThat(chat(gateway, TestGateway.KEY).status()).isEqualTo(503);
            var removed = ask(gateway, "DELETE", "budgets/big", ADMIN, "", "if-match: *");
            assertThat(removed.status()).as(removed.text()).isEqualTo(200);
            assertThat(chat(gateway, TestGateway.KEY).status()).isEqualTo(200);
            assertThat(gateway.ask(TestGateway.get("/health/ready")).status()).isEqualTo(200);
        }
    }

    @Test
    void aFaultyObjectThatOnlyGrantsIsMissedByNobodyElse() {
        var extra =
                "id: extra, provider: custom, base_format: openai, base_url: \"PARTNER\", keyless:"
                        + " true, models: [m]";
        try (var gateway = planned().target(extra).start()) {
            var made =
                    ask(
                            gateway,
                            "POST",
                            "virtual-models",
                            ADMIN,
                            "{\"id\": \"assistant\", \"routing_config\": {\"type\":"
                                    + " \"priority-based-routing\", \"load_balance_targets\":"
                                    + " [{\"target\": \"extra/m\", \"priority\": 0}]}}");
            assertThat(made.status()).as(made.text()).isEqualTo(201);

            gateway.restart(plan -> plan.onlyTarget(extra.replace("extra", "other")));

            assertThat(chat(gateway, TestGateway.KEY).status()).isEqualTo(200);
            var ready = gateway.ask(TestGateway.get("/health/ready"));
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.text()).contains("store:virtual-models/assistant");

            gateway.reload(plan -> plan.target(extra));

            assertThat(gateway.ask(TestGateway.get("/health/ready")).text())
                    .doesNotContain("assistant");
        }
    }

    /// A change of a key here does not make a change of something else at another gateway forgotten.
    @Test
    void whatAnotherGatewayChangedIsNotForgotten() {
        try (var gateway =
                planned()
                        .key("scientist", "sk-slc-the-key-of-a-scientist", "team: science")
                        .start()) {
            try (var other = gateway.another()) {
                var there = new java.util.concurrent.atomic.AtomicInteger();
                ask(
                        gateway,
                        "POST",
                        "budgets",
                        ADMIN,
                        "{\"id\": \"tight\", \"team\": \"science\", \"limit_tokens\": 0,"
                                + " \"every\": \"day\"}");
                try (var socket = new BareSocket(other.port())) {
                    var body = "{\"id\": \"k\", \"team\": \"art\"}";
                    var made =
                            socket.send(
                                            "POST /admin/v1/keys HTTP/1.1\r\nhost: gateway\r\n"
                                                    + "authorization: Bearer "
                                                    + ADMIN
                                                    + "\r\ncontent-length: "
                                                    + body.length()
                                                    + "\r\n\r\n"
                                                    + body)
                                    .answer();
                    assertThat(made.status()).as(made.text()).isEqualTo(201);
                }
                Patience.until(
                        () -> "the other's budget, got " + there.get(),
                        () -> {
                            try (var socket = new BareSocket(other.port())) {
                                var asked =
                                        TestGateway.chat(LLAMA, false)
                                                .replace(
                                                        TestGateway.KEY,
                                                        "sk-slc-the-key-of-a-scientist");
                                there.set(socket.send(asked).answer().status());
                                return there.get() == 429;
                            }
                        });
            }
        }
    }

    @Test
    void aKeyDoesNotLeaveTheCustomerOfItsTeam() {
        try (var gateway =
                planned()
                        .governance(
                                """
                                customers:
                                    - {id: acme, rate_limits: [{limit: 0, unit: requests, per: day}]}
                                    - {id: other}
                                  teams: [{id: science, customer: acme, models: ["*"]}]\
                                """)
                        .start()) {
            var body = "{\"id\": \"%s\", \"team\": \"science\", \"customer\": \"%s\"}";

            var sly = ask(gateway, "POST", "keys", MANAGER, body.formatted("sly", "other"));
            assertThat(sly.status()).as(sly.text()).isEqualTo(403);

            var made = ask(gateway, "POST", "keys", ADMIN, body.formatted("made", "other"));
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            var refused = chat(gateway, made.json().path("key").asString());
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.message()).contains("of the customer 'acme'");
        }
    }

    /// A key of the store whose team the files no longer declare has lost what its team was limited to.
    @Test
    void aKeyOfATeamThatIsGoneOpensNothing() {
        try (var gateway = planned().start()) {
            var made =
                    ask(
                            gateway,
                            "POST",
                            "keys",
                            ADMIN,
                            "{\"id\": \"painting\", \"team\": \"art\", \"models\": [\"*\"]}");
            var key = made.json().path("key").asString();
            assertThat(chat(gateway, key).status()).isEqualTo(200);

            gateway.reload(plan -> plan.governance("teams: [{id: science, models: [\"*\"]}]"));

            assertThat(chat(gateway, key).status()).isEqualTo(403);
        }
    }

    /// A budget that was of a day and is of a month from now on is not given back at midnight.
    @Test
    void aBudgetThatChangesItsTimeIsCountedByTheNewOne() {
        var clock = new HandClock();
        try (var gateway =
                planned()
                        .key("scientist", "sk-slc-the-key-of-a-scientist", "team: science")
                        .withClock(clock)
                        .start()) {
            var body =
                    "{\"id\": \"tight\", \"team\": \"science\", \"limit_tokens\": 100000,"
                            + " \"every\": \"%s\"}";
            ask(gateway, "POST", "budgets", ADMIN, body.formatted("day"));
            var shown = ask(gateway, "GET", "accounts", VIEWER, "").json().path("data");
            assertThat(shown.path(0).path("limit_tokens").asLong()).isEqualTo(100_000);
            assertThat(chat(gateway, "sk-slc-the-key-of-a-scientist").status()).isEqualTo(200);
            ask(gateway, "PUT", "budgets/tight", ADMIN, body.formatted("month"), "if-match: *");
            assertThat(chat(gateway, "sk-slc-the-key-of-a-scientist").status()).isEqualTo(200);

            clock.advance(Duration.ofDays(2));

            var rows = ask(gateway, "GET", "accounts", VIEWER, "").json().path("data");
            assertThat(rows.valueStream())
                    .anyMatch(row ->
                            row.path("every").asString("").equals("month")
                                    && row.path("spent_tokens").asLong() > 0);
        }
    }

    @Test
    void whatIsNotQuiteAQuestionIsNoCommand() {
        try (var gateway = planned().start()) {
            for (var dry : List.of("1", "yes", "True", "")) {
                var asked =
                        ask(
                                gateway,
                                "POST",
                                "keys?dry_run=" + dry,
                                ADMIN,
                                "{\"id\": \"tried\", \"team\": \"art\"}");
                assertThat(asked.status()).as(asked.text()).isEqualTo(400);
            }
            assertThat(ask(gateway, "GET", "keys/tried", ADMIN, "").status()).isEqualTo(404);
            assertThat(ask(gateway, "GET", "keys?disabled=perhaps", ADMIN, "").status())
                    .isEqualTo(400);
            for (var days :
                    List.of(
                            "since=%2B999999999-12-31&until=%2B999999999-12-31",
                            "since=-999999999-01-01&until=-999999999-01-01",
                            "until=-999999999-01-01")) {
                var asked = ask(gateway, "GET", "spend?" + days, ADMIN, "");
                assertThat(asked.status()).as(days + asked.text()).isEqualTo(400);
            }
            for (var body :
                    List.of(
                            "{\"id\": \"two\", \"limit_usd\": 1, \"limit_usd\": 900, \"every\": \"day\"}",
                            "{\"id\": 7, \"limit_usd\": 1, \"every\": \"day\"}")) {
                var asked = ask(gateway, "POST", "budgets", ADMIN, body);
                assertThat(asked.status()).as(asked.text()).isEqualTo(400);
            }
            var other =
                    ask(gateway, "POST", "keys", ADMIN, "{\"id\": \"first\", \"team\": \"art\"}");
            assertThat(other.status()).isEqualTo(201);
            var renamed =
                    ask(gateway, "PUT", "keys/first", ADMIN, "{\"id\": \"second\"}", "if-match: *");
            assertThat(renamed.status()).as(renamed.text()).isEqualTo(400);
        }
    }

    @Test
    void aTeamManagerSeesWhatItsKeysSpend() {
        var budget = ", budget: {limit_tokens: 1, every: day}";
        try (var gateway =
                planned()
                        .key("scientist", "sk-slc-the-key-of-a-scientist", "team: science" + budget)
                        .key("painter", "sk-slc-the-key-of-a-painter", "team: art" + budget)
                        .start()) {
            chat(gateway, "sk-slc-the-key-of-a-scientist");
            chat(gateway, "sk-slc-the-key-of-a-painter");
            for (var page : List.of("accounts", "events")) {
                var all = ask(gateway, "GET", page, VIEWER, "").text();
                assertThat(all).contains("key/scientist/", "key/painter/");
                var own = ask(gateway, "GET", page, MANAGER, "").text();
                assertThat(own).contains("key/scientist/").doesNotContain("key/painter/");
            }
        }
    }

    /// Nobody has to send a body to be told that it may not come in, and nobody has to read one.
    @Test
    void whoMayNotComeInIsToldBeforeTheBody() {
        try (var gateway = planned().start();
                var socket = gateway.connect()) {
            var refused =
                    socket.send(
                                    "POST /admin/v1/keys HTTP/1.1\r\nhost: gateway\r\n"
                                            + "authorization: Bearer nobody\r\ncontent-length:"
                                            + " 1000\r\n\r\n")
                            .answer();
            assertThat(refused.status()).isEqualTo(401);
        }
    }
}
