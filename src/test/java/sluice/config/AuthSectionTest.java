package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthSectionTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"{env: ID}", "7f3c2a10-aaaa-4bbb-8ccc-0123456789ab", "{file: DIRECTORY/id}"})
    void aServicePrincipalHasAnIdAndASecret(String id) {
        var operator =
                target(
                        "auth: {type: oauth-m2m, client_id: %s, client_secret: {env: SECRET}}"
                                .formatted(id.replace("DIRECTORY", directory.toString())));

        var principal = (Credential.ServicePrincipal) credential(operator);

        assertThat(principal.clientId().<String>use(value -> value))
                .isEqualTo("7f3c2a10-aaaa-4bbb-8ccc-0123456789ab");
        assertThat(principal.clientSecret().<String>use(value -> value))
                .isEqualTo("zebra-crossing-47");
        assertThat(operator.loads().toString()).doesNotContain("zebra", "7f3c2a10");
    }

    @Test
    void aTokenFileIsNoPartOfTheConfiguration() {
        var operator =
                target("auth: {type: oidc-federation, token_file: %s}".formatted(path("token")));
        var watch =
                ConfigurationWatch.over(
                        operator.files(),
                        operator.environment(),
                        ConfigurationWatch.INTERVAL,
                        _ -> {});

        var federated = (Credential.Federated) credential(operator);

        assertThat(federated.clientId()).isEmpty();
        assertThat(federated.subject().read().<String>use(value -> value)).isEqualTo("zebra-1");
        operator.writes("token", "zebra-2");
        assertThat(federated.subject().read().<String>use(value -> value)).isEqualTo("zebra-2");
        assertThat(watch.checkNow()).as("a rotated token is no change").isFalse();
    }

    @Test
    void aTokenFileThatComesLaterIsWaitedFor() {
        var operator =
                target("auth: {type: oidc-federation, token_file: %s}".formatted(path("later")));
        var watch =
                ConfigurationWatch.over(
                        operator.files(),
                        operator.environment(),
                        ConfigurationWatch.INTERVAL,
                        _ -> {});

        assertThat(operator.faults())
                .containsExactly(
                        "p.yaml:6:49: providers.targets[0].auth.token_file: the token file 'later' does"
                                + " not exist");
        assertThat(watch.checkNow()).isFalse();
        operator.writes("later", "zebra-3");
        assertThat(watch.checkNow()).isTrue();
        assertThat(operator.faults()).isEmpty();
    }

    @Test
    void aTokenOfTheEnvironmentCanBeExchanged() {
        var federated =
                (Credential.Federated)
                        credential(
                                target(
                                        "auth: {type: oidc-federation, client_id: abc, token_env:"
                                                + " SECRET}"));

        assertThat(federated.clientId().map(id -> id.<String>use(value -> value)))
                .isEqualTo(Optional.of("abc"));
        assertThat(federated.subject().read().<String>use(value -> value))
                .isEqualTo("zebra-crossing-47");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{type: oauth-m2m, client_secret: {env: SECRET}} | .client_id: missing Databricks credentials",
                "{type: oauth-m2m, client_id: abc} | .client_secret: missing Databricks credentials",
                "{type: oidc-federation, client_id: abc} | .token_file: missing Databricks credentials",
                "{type: oidc-federation, token_file: a, token_env: SECRET} | .token_env: token_file and token_env exclude",
                "{type: oauth-m2m, client_id: abc, client_secret: {env: SECRET}, profile: x} | .profile: does not belong",
                "{type: databricks-default, client_id: abc} | .client_id: does not belong",
                "{type: azure-cli} | .type: expected oauth-m2m or oidc-federation or databricks-default or on-behalf-of-user, got 'azure-cli'",
                "{client_id: abc} | 'type' is missing",
                "{type: oauth-m2m, client_id: {env: NOWHERE}, client_secret: {env: SECRET}} | 'NOWHERE' is not set",
                "{type: oauth-m2m, client_id: dapi0123456789abcdef0123456789abcdef, client_secret: {env: SECRET}} | .client_id: expected a client id, got a value that looks like a credential (not shown)",
                "{type: oauth-m2m, client_id: abc, client_secret: zebra-crossing-47} | .client_secret: expected a reference to a secret, got a literal (not shown)",
                "{type: oidc-federation, token_env: zebra-crossing-47} | .token_env: expected the name of an environment variable",
                "{type: oidc-federation, token_env: [zebra-crossing-47]} | .token_env: expected the name of an environment variable",
                "zebra-crossing-47 | expected auth, a mapping of type, client_id",
                "{type: oauth-m2m, client_id: abc, client_secret: {env: SECRET}, secret: x} | .secret: unknown key",
            })
    void whatIsHalfOrMisplacedIsNamed(String auth, String fault) {
        var operator = target("auth: " + auth);

        assertThat(operator.faults())
                .singleElement()
                .asString()
                .matches("(?s)p\\.yaml:6:\\d+: providers\\.targets\\[0].*")
                .contains(fault);
        assertThat(operator.loads().toString()).doesNotContain("zebra", "dapi0123");
    }

    @Test
    void onlyOneWayInIsTaken() {
        var m2m = "auth: {type: oauth-m2m, client_id: abc, client_secret: {env: SECRET}}";

        assertThat(target(m2m + "\n      secret_key_ref: {env: SECRET}").faults())
                .singleElement()
                .asString()
                .endsWith("auth and secret_key_ref exclude each other; keep one");
        assertThat(target(m2m + "\n      extra_headers: {Authorization: {env: SECRET}}").faults())
                .singleElement()
                .asString()
                .endsWith("Authorization is already sent from auth; keep one of the two");
        assertThat(target("models: []").faults())
                .singleElement()
                .asString()
                .contains("missing Databricks credentials: write secret_key_ref: {env: NAME}");
    }

    @Test
    void onlyAWorkspaceIsSignedInTo() {
        var m2m = "auth: {type: oauth-m2m, client_id: abc, client_secret: {env: SECRET}}";

        assertThat(target("openai", "https://h", m2m).faults())
                .singleElement()
                .asString()
                .contains("belongs to provider: databricks");
        assertThat(
                        target(
                                        "custom",
                                        "https://h/ai-gateway/mlflow",
                                        "base_format: openai\n      " + m2m)
                                .faults())
                .isEmpty();
        assertThat(
                        target(
                                        "custom",
                                        "https://h",
                                        "base_format: openai\n      keyless: true\n      " + m2m)
                                .faults())
                .singleElement()
                .asString()
                .contains("keyless and auth exclude each other");
    }

    @Test
    void aSecretOverPlainHttpIsWarnedOf() {
        assertThat(
                        target(
                                        "databricks",
                                        "http://h",
                                        "auth: {type: oauth-m2m, client_id: abc, client_secret: {env:"
                                                + " SECRET}}")
                                .warnings())
                .singleElement()
                .asString()
                .contains("unencrypted");
    }

    @Test
    void theAddressMayComeFromTheProfile() {
        var operator =
                new Operator(directory)
                        .writes(
                                ".databrickscfg",
                                "[DEFAULT]\nhost = work.example\ntoken = zebra-9\n")
                        .with("HOME", directory.toString())
                        .policy(
                                "p.yaml",
                                """
                                providers:
                                  targets:
                                    - {id: t, provider: databricks, auth: {type: databricks-default}}
                                """);

        assertThat(operator.loadsWell().targets().getFirst().baseUrl())
                .isEqualTo(URI.create("https://work.example"));
        operator.writes(".databrickscfg", "[DEFAULT]\ntoken = zebra-9\n");
        assertThat(operator.faults())
                .singleElement()
                .asString()
                .contains("base_url: missing: the workspace's address");
    }

    private Credential credential(Operator operator) {
        return operator.loadsWell().targets().getFirst().credential();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private Operator target(String line) {
        return target("databricks", "https://h", line);
    }

    private Operator target(String provider, String url, String line) {
        return new Operator(directory)
                .with("ID", "7f3c2a10-aaaa-4bbb-8ccc-0123456789ab")
                .with("SECRET", "zebra-crossing-47")
                .writes("id", "7f3c2a10-aaaa-4bbb-8ccc-0123456789ab\n")
                .writes("token", "zebra-1\n")
                .policy(
                        "p.yaml",
                        """
                        providers:
                          targets:
                            - id: t
                              provider: %s
                              base_url: %s
                              %s
                        """
                                .formatted(provider, url, line));
    }
}
