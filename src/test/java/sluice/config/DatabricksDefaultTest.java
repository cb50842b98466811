package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabricksDefaultTest {
    private static final String PROFILES =
            """
            ; made by a tool
            [DEFAULT]
            host  = https://default.example
            token = zebra-default

            [principal]
            host          = https://principal.example
            client_id     = zebra-id
            client_secret = zebra-secret = with signs

            # half of one
            [half]
            host = https://half.example
            client_secret = zebra-secret

            [person]
            host      = https://person.example
            auth_type = databricks-cli

            [empty]
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DATABRICKS_TOKEN=zebra-1 | pat zebra-1",
                "DATABRICKS_CLIENT_ID=zebra-1 DATABRICKS_CLIENT_SECRET=zebra-2 | oauth-m2m zebra-1 zebra-2",
                "DATABRICKS_TOKEN=zebra-0 DATABRICKS_CLIENT_ID=zebra-1 DATABRICKS_CLIENT_SECRET=zebra-2 | pat zebra-0",
                "DATABRICKS_AUTH_TYPE=oauth-m2m DATABRICKS_TOKEN=zebra-0 DATABRICKS_CLIENT_ID=zebra-1 DATABRICKS_CLIENT_SECRET=zebra-2 | oauth-m2m zebra-1 zebra-2",
                "DATABRICKS_OIDC_TOKEN=zebra-3 | oidc (none) zebra-3",
                "DATABRICKS_OIDC_TOKEN_ENV=MINE MINE=zebra-4 DATABRICKS_CLIENT_ID=zebra-1 | oidc zebra-1 zebra-4",
                "DATABRICKS_OIDC_TOKEN_FILEPATH=DIRECTORY/token DATABRICKS_CLIENT_ID=zebra-1 | oidc zebra-1 zebra-in-file",
                "DATABRICKS_OIDC_TOKEN=zebra-3 DATABRICKS_OIDC_TOKEN_FILEPATH=DIRECTORY/token | oidc (none) zebra-3",
                "DATABRICKS_AUTH_TYPE=file-oidc DATABRICKS_OIDC_TOKEN=zebra-3 DATABRICKS_OIDC_TOKEN_FILEPATH=DIRECTORY/token | oidc (none) zebra-in-file",
                "HOME=DIRECTORY | pat zebra-default",
                "USERPROFILE=DIRECTORY | pat zebra-default",
                "DATABRICKS_CONFIG_FILE=DIRECTORY/.databrickscfg DATABRICKS_CONFIG_PROFILE=principal | oauth-m2m zebra-id zebra-secret = with signs",
                "HOME=DIRECTORY DATABRICKS_CONFIG_FILE=~/.databrickscfg | pat zebra-default",
                "HOME=DIRECTORY DATABRICKS_CONFIG_PROFILE=principal DATABRICKS_TOKEN=zebra-1 DATABRICKS_AUTH_TYPE=pat | pat zebra-1",
            })
    void theFirstThatIsWholeCounts(String variables, String expected) {
        var operator = operator(variables, "{type: databricks-default}");

        assertThat(told(operator.loadsWell().targets().getFirst().credential()))
                .isEqualTo(expected);
        assertThat(operator.loads().toString()).doesNotContain("zebra");
    }

    @Test
    void aProfileOfThePolicyFileCountsAlone() {
        var operator =
                operator(
                        "HOME=DIRECTORY DATABRICKS_TOKEN=zebra-of-another-workspace",
                        "{type: databricks-default, profile: principal}");

        assertThat(told(operator.loadsWell().targets().getFirst().credential()))
                .startsWith("oauth-m2m");
    }

    @Test
    void whatIsGivenAndNotUsedIsMentioned() {
        var operator =
                operator(
                        "DATABRICKS_TOKEN=zebra-0 DATABRICKS_CLIENT_ID=zebra-1 DATABRICKS_CLIENT_SECRET=zebra-2",
                        "{type: databricks-default}");

        assertThat(operator.warnings())
                .singleElement()
                .asString()
                .endsWith("several Databricks credentials are given; pat is used, not oauth-m2m");
    }

    @Test
    void aCredentialForAnotherWorkspaceIsWarnedOf() {
        assertThat(
                        operator(
                                        "DATABRICKS_HOST=https://other DATABRICKS_TOKEN=zebra-0",
                                        "{type: databricks-default}")
                                .warnings())
                .singleElement()
                .asString()
                .contains("base_url: the credential was given for 'https://other'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "X=1 | missing Databricks credentials: no DATABRICKS_TOKEN",
                "DATABRICKS_CLIENT_ID=zebra-1 | environment: DATABRICKS_CLIENT_ID: missing Databricks credentials: this client id has no secret",
                "DATABRICKS_CLIENT_SECRET=zebra-1 | environment: DATABRICKS_CLIENT_SECRET: missing Databricks credentials: this client secret has no id",
                "HOME=DIRECTORY DATABRICKS_CONFIG_PROFILE=half | .databrickscfg:14:1: client_secret: missing Databricks credentials: this client secret has no id",
                "HOME=DIRECTORY DATABRICKS_CONFIG_PROFILE=empty | the profile 'empty' has neither token nor client_id",
                "HOME=DIRECTORY DATABRICKS_CONFIG_PROFILE=nowhere | environment: DATABRICKS_CONFIG_PROFILE: there is no profile 'nowhere'",
                "DATABRICKS_CONFIG_PROFILE=principal | environment: DATABRICKS_CONFIG_PROFILE: a profile is named, but where is its file?",
                "HOME=DIRECTORY DATABRICKS_CONFIG_PROFILE=person | .databrickscfg:18:1: auth_type: 'databricks-cli' cannot be used by a gateway: it needs a person",
                "DATABRICKS_AUTH_TYPE=guess | environment: DATABRICKS_AUTH_TYPE: expected pat, oauth-m2m, env-oidc or file-oidc, got 'guess'",
                "DATABRICKS_AUTH_TYPE=oauth-m2m DATABRICKS_CLIENT_ID=zebra-1 | missing Databricks credentials: auth_type is oauth-m2m, which needs client_secret",
                "DATABRICKS_AUTH_TYPE=file-oidc | auth_type is file-oidc, which needs DATABRICKS_OIDC_TOKEN_FILEPATH",
                "DATABRICKS_AUTH_TYPE=env-oidc | the environment variable 'DATABRICKS_OIDC_TOKEN' is not set",
                "DATABRICKS_OIDC_TOKEN_FILEPATH=DIRECTORY/nothing | DATABRICKS_OIDC_TOKEN_FILEPATH: the token file",
                "ARM_USE_MSI=true | environment: ARM_USE_MSI: 'azure-msi' cannot be used by a gateway",
                "ARM_CLIENT_SECRET=zebra-1 | 'azure-client-secret' cannot be used by a gateway",
                "HOME=DIRECTORY DATABRICKS_CONFIG_FILE=DIRECTORY | is not a regular file",
            })
    void whatIsMissingIsToldWhereItIsMissing(String variables, String fault) {
        var operator = operator(variables, "{type: databricks-default}");

        assertThat(operator.faults()).singleElement().asString().contains(fault);
        assertThat(operator.loads().toString()).doesNotContain("zebra");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "basic",
                "azure-cli",
                "databricks-cli",
                "external-browser",
                "notebook",
                "runtime",
                "azure-msi",
                "azure-client-secret",
                "github-oidc",
                "github-oidc-azure",
                "azure-devops-oidc",
                "google-credentials",
                "google-id",
            })
    void aKindThatNeedsAPersonOrACloudIsRefusedWithWhatToUse(String kind) {
        assertThat(operator("DATABRICKS_AUTH_TYPE=" + kind, "{type: databricks-default}").faults())
                .singleElement()
                .asString()
                .contains("'" + kind + "' cannot be used", "use a personal access token");
    }

    private static String told(Credential credential) {
        return switch (credential) {
            case Credential.PersonalToken(var token) -> "pat " + token.<String>use(value -> value);
            case Credential.ServicePrincipal(var id, var secret) ->
                    "oauth-m2m "
                            + id.<String>use(value -> value)
                            + " "
                            + secret.<String>use(value -> value);
            case Credential.Federated(var id, var subject) ->
                    "oidc "
                            + id.map(known -> known.<String>use(value -> value)).orElse("(none)")
                            + " "
                            + subject.read().<String>use(value -> value);
            case Credential.OnBehalfOfUser _ -> "on-behalf-of-user";
            case Credential.Keyless _ -> "keyless";
        };
    }

    private Operator operator(String variables, String auth) {
        var operator =
                new Operator(directory)
                        .writes(".databrickscfg", PROFILES)
                        .writes("token", "zebra-in-file\n")
                        .policy(
                                "p.yaml",
                                """
                                providers:
                                  targets:
                                    - id: t
                                      provider: databricks
                                      base_url: %s
                                      auth: %s
                                """
                                        .formatted(host(variables), auth));
        Arrays.stream(variables.split(" "))
                .map(variable -> variable.split("=", 2))
                .forEach(pair ->
                        operator.with(pair[0], pair[1].replace("DIRECTORY", directory.toString())));
        return operator;
    }

    /// That of the profile, where there is one: another would be warned of.
    private static String host(String variables) {
        return variables.contains("principal") ? "https://principal.example" : "https://h.example";
    }
}
