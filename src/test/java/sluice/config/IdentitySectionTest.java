package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.call.AddressRange;

class IdentitySectionTest {
    @TempDir private Path directory;

    private Operator operator(String identity) {
        return new Operator(directory).policy("p.yaml", "identity: " + identity);
    }

    @Test
    void everythingThatCanBeSaidIsRead() {
        var identity =
                operator(
                                """
                                {jwt: [{issuer: "https://login.acme.example/", audience: sluice,
                                  jwks_uri: "https://login.acme.example/keys/", algorithms: [ES384, EdDSA],
                                  claims: {user: email, groups: g, roles: "https://acme.example/roles",
                                           team: org.team, customer: c},
                                  models: ["lake/*"], clock_skew_seconds: 0, refresh_minutes: 5}],
                                 databricks: [{host: "HTTPS://adb-1.Example/serving-endpoints", team: lab,
                                  cache_seconds: 60, questions_per_minute: 10}],
                                 trusted_proxy: {addresses: [10.0.0.0/8, "::1"],
                                  headers: {user: X-User, roles: x-roles}}}\
                                """)
                        .loadsWell()
                        .identity();

        var issuer = identity.issuers().getFirst();
        assertThat(issuer.issuer()).isEqualTo("https://login.acme.example/");
        assertThat(issuer.keySet()).contains(URI.create("https://login.acme.example/keys/"));
        assertThat(issuer.algorithms()).containsExactly("ES384", "EdDSA");
        assertThat(issuer.claims())
                .isEqualTo(
                        new IssuerConfig.ClaimsConfig(
                                "email",
                                "g",
                                "https://acme.example/roles",
                                Optional.of("org.team"),
                                Optional.of("c")));
        assertThat(issuer.models()).isPresent();
        assertThat(issuer.clockSkew()).isEqualTo(Duration.ZERO);
        assertThat(issuer.refresh()).isEqualTo(Duration.ofMinutes(5));
        assertThat(identity.workspaces())
                .containsExactly(
                        new WorkspaceConfig(
                                URI.create("https://adb-1.example"),
                                Optional.of("lab"),
                                Optional.empty(),
                                Duration.ofMinutes(1),
                                10));
        assertThat(identity.trustedProxy())
                .contains(
                        new TrustedProxyConfig(
                                List.of(
                                        AddressRange.parse("10.0.0.0/8").orElseThrow(),
                                        AddressRange.parse("::1").orElseThrow()),
                                Optional.of("x-user"),
                                Optional.empty(),
                                Optional.of("x-roles")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{jwt: [{audience: a}]} | 'issuer' is missing",
                "{jwt: [{issuer: \"https://a.example\"}]} | 'audience' is missing",
                "{jwt: [{issuer: \"http://a.example\", audience: a}]} | issuer: must start with https://; http:// is for this machine's own addresses only",
                "{jwt: [{issuer: \"https://u:p@a.example\", audience: a}]} | issuer: must not hold a user name or password",
                "{jwt: [{issuer: \"https://a.example\", audience: a, jwks_uri: \"http://b.example\"}]} | jwks_uri: must start with https://",
                "{jwt: [{issuer: \"https://a.example\", audience: a, jwks_uri: b}]} | jwks_uri: must start with https://",
                "{jwt: [{issuer: \"https://a.example\", audience: a}, {issuer: \"https://a.example\", audience: b}]} | 'https://a.example' is already in line 1",
                "{jwt: [{issuer: \"https://a.example\", audience: a, algorithms: [HS256]}]} | algorithms[0]: expected RS256 or",
                "{jwt: [{issuer: \"https://a.example\", audience: a, algorithms: [none]}]} | algorithms[0]: expected RS256 or",
                "{jwt: [{issuer: \"https://a.example\", audience: a, algorithms: []}]} | algorithms: expected at least one",
                "{jwt: [{issuer: \"https://a.example\", audience: a, claims: {users: b}}]} | unknown key; did you mean 'user'?",
                "{jwt: [{issuer: \"https://a.example\", audience: a, clock_skew_seconds: 601}]} | clock_skew_seconds: expected a whole number from 0 to 600",
                "{databricks: [{host: \"http://a.example\"}]} | host: must start with https://",
                "{databricks: [{host: \"https://a.example/x\"}]} | host: expected the workspace's host alone",
                "{databricks: [{host: \"https://a.example\"}, {host: \"https://A.example/\"}]} | twice; each stands once",
                "{databricks: [{host: \"https://a.example\", hosts: 1}]} | unknown key",
                "{trusted_proxy: {headers: {user: x}}} | 'addresses' is missing",
                "{trusted_proxy: {addresses: [10.0.0.0/8]}} | 'headers' is missing",
                "{trusted_proxy: {addresses: [], headers: {user: x}}} | addresses: expected at least one",
                "{trusted_proxy: {addresses: [10.0.0.1/8], headers: {user: x}}} | expected a range of addresses",
                "{trusted_proxy: {addresses: [10.0.0.0/40], headers: {user: x}}} | expected a range of addresses",
                "{trusted_proxy: {addresses: [10.0.0.0/8], headers: {}}} | expected at least one of user, groups, roles",
                "{trusted_proxy: {addresses: [10.0.0.0/8], headers: {user: x, roles: X}}} | is another's header already",
                "{trusted_proxy: {addresses: [10.0.0.0/8], headers: {user: Authorization}}} | says something else",
                "{jwts: []} | unknown key; did you mean 'jwt'?",
            })
    void whatIsWrongIsNamedWithItsPlace(String identity, String fault) {
        assertThat(operator(identity).faults())
                .singleElement()
                .asString()
                .startsWith("p.yaml:1:")
                .contains("identity")
                .contains(fault);
    }

    @Test
    void aLaterFileReplacesAnIssuerAndAWorkspace() {
        var identity =
                operator(
                                """
                                {jwt: [{issuer: "https://a.example", audience: a},
                                       {issuer: "https://b.example", audience: b}],
                                 databricks: [{host: "https://adb-1.example"}]}\
                                """)
                        .policy(
                                "q.yaml",
                                """
                                identity:
                                  jwt: [{issuer: "https://b.example", audience: c}]
                                  databricks: [{host: "https://adb-1.example", team: lab}]\
                                """)
                        .loadsWell()
                        .identity();

        assertThat(identity.issuers().stream().map(IssuerConfig::audience))
                .containsExactly("a", "c");
        assertThat(identity.workspaces().getFirst().team()).contains("lab");
    }

    @Test
    void aProxyThatMayBeAnybodyIsWarnedOf() {
        assertThat(
                        operator("{trusted_proxy: {addresses: [0.0.0.0/0], headers: {user: x}}}")
                                .warnings())
                .anySatisfy(
                        warning -> assertThat(warning).contains("every caller can say who it is"));
    }
}
