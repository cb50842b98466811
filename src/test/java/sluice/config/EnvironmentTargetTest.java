package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTargetTest {

    @Test
    void nothingSetIsNoTarget() {
        assertThat(EnvironmentTarget.read(Environment.EMPTY)).isEmpty();
        assertThat(EnvironmentTarget.read(Map.of("DATABRICKS_TOKEN", "")::get)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DATABRICKS_TOKEN, DATABRICKS_HOST",
        "DATABRICKS_HOST, DATABRICKS_TOKEN",
        "DATABRICKS_API_BASE, DATABRICKS_API_KEY",
        "DATABRICKS_API_KEY, DATABRICKS_API_BASE",
    })
    void halfAPairIsAFaultThatNamesTheOtherHalf(String set, String missing) {
        assertThat(EnvironmentTarget.read(Map.of(set, "zebra-crossing-47")::get))
                .hasValueSatisfying(loaded ->
                        assertThat(((Loaded.Faulty) loaded).faults())
                                .singleElement()
                                .hasToString(
                                        "environment: %s: is not set, but %s is; set both or none"
                                                .formatted(missing, set)));
    }

    @ParameterizedTest
    @CsvSource({
        "DATABRICKS_HOST, https://h",
        "DATABRICKS_HOST, h",
        "DATABRICKS_API_BASE, https://h/serving-endpoints",
    })
    void aServicePrincipalSignsInAtTheAddress(String address, String url) {
        var variables =
                Map.of(
                        address,
                        url,
                        "DATABRICKS_CLIENT_ID",
                        "zebra-client",
                        "DATABRICKS_CLIENT_SECRET",
                        "zebra-crossing-47");

        var loaded = EnvironmentTarget.read(variables::get).orElseThrow();

        assertThat(loaded.toString()).doesNotContain("zebra");
        var target = ((Loaded.Good) loaded).configuration().targets().getFirst();
        assertThat(target.baseUrl()).isEqualTo(URI.create("https://h"));
        var principal = (Credential.ServicePrincipal) target.credential();
        assertThat(principal.clientId().<String>use(id -> id)).isEqualTo("zebra-client");
        assertThat(principal.clientSecret().<String>use(secret -> secret))
                .isEqualTo("zebra-crossing-47");
    }

    @Test
    void halfAServicePrincipalIsAFaultThatNamesTheOtherHalf() {
        var variables =
                Map.of("DATABRICKS_HOST", "https://h", "DATABRICKS_CLIENT_ID", "zebra-crossing-47");

        assertThat(((Loaded.Faulty) EnvironmentTarget.read(variables::get).orElseThrow()).faults())
                .singleElement()
                .hasToString(
                        "environment: DATABRICKS_CLIENT_SECRET: is not set, but DATABRICKS_HOST and"
                                + " DATABRICKS_CLIENT_ID are; set all or none");
    }

    @Test
    void aTokenCountsBeforeAServicePrincipalAndTheLatterIsMentioned() {
        var variables =
                Map.of(
                        "DATABRICKS_HOST", "https://h",
                        "DATABRICKS_TOKEN", "zebra-crossing-47",
                        "DATABRICKS_CLIENT_ID", "a",
                        "DATABRICKS_CLIENT_SECRET", "b");

        var loaded = (Loaded.Good) EnvironmentTarget.read(variables::get).orElseThrow();

        assertThat(loaded.configuration().targets().getFirst().credential())
                .isInstanceOf(Credential.PersonalToken.class);
        assertThat(loaded.warnings())
                .extracting(warning -> warning.place().path())
                .containsExactly("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET");
    }

    @ParameterizedTest
    @CsvSource({
        "DATABRICKS_HOST, DATABRICKS_API_KEY",
        "DATABRICKS_API_BASE, DATABRICKS_TOKEN",
    })
    void theOtherNamesOfAddressAndTokenMayBeMixed(String address, String secret) {
        var variables = Map.of(address, "https://h/serving-endpoints", secret, "zebra-crossing-47");

        var loaded = (Loaded.Good) EnvironmentTarget.read(variables::get).orElseThrow();

        assertThat(loaded.configuration().targets().getFirst().baseUrl())
                .isEqualTo(URI.create("https://h"));
    }

    @Test
    void aProfileThatIsNamedMakesTheTarget(@TempDir Path home) throws IOException {
        Files.writeString(
                home.resolve(".databrickscfg"),
                """
                [work]
                host = https://work.cloud.databricks.com/
                client_id = a
                client_secret = zebra-crossing-47
                """);
        var variables = Map.of("HOME", home.toString(), "DATABRICKS_CONFIG_PROFILE", "work");

        var loaded = (Loaded.Good) EnvironmentTarget.read(variables::get).orElseThrow();

        assertThat(loaded.toString()).doesNotContain("zebra");
        var target = loaded.configuration().targets().getFirst();
        assertThat(target.baseUrl()).isEqualTo(URI.create("https://work.cloud.databricks.com"));
        assertThat(target.credential()).isInstanceOf(Credential.ServicePrincipal.class);
        assertThat(EnvironmentTarget.read(Map.of("HOME", home.toString())::get))
                .as("a profile that nothing points to connects nobody")
                .isEmpty();
    }

    @Test
    void aVariableIsHeldToTheRulesOfTheFile() {
        var variables =
                Map.of("DATABRICKS_HOST", "https://h/other", "DATABRICKS_TOKEN", "zebra\ncrossing");

        assertThat(((Loaded.Faulty) EnvironmentTarget.read(variables::get).orElseThrow()).faults())
                .satisfiesExactlyInAnyOrder(
                        host ->
                                assertThat(host.toString())
                                        .startsWith(
                                                "environment: DATABRICKS_HOST: expected the workspace"),
                        token ->
                                assertThat(token.toString())
                                        .startsWith("environment: DATABRICKS_TOKEN: ")
                                        .contains("one line")
                                        .doesNotContain("zebra"));
    }

    @ParameterizedTest
    @CsvSource({
        "DATABRICKS_HOST, https://adb-1.azuredatabricks.net, DATABRICKS_TOKEN",
        "DATABRICKS_HOST, adb-1.azuredatabricks.net, DATABRICKS_TOKEN",
        "DATABRICKS_HOST, https://adb-1.azuredatabricks.net/, DATABRICKS_TOKEN",
        "DATABRICKS_API_BASE, https://adb-1.azuredatabricks.net/serving-endpoints, DATABRICKS_API_KEY",
        "DATABRICKS_API_BASE, https://adb-1.azuredatabricks.net, DATABRICKS_API_KEY",
    })
    void aPairMakesATargetNamedDatabricks(String address, String url, String secret) {
        var loaded =
                EnvironmentTarget.read(Map.of(address, url, secret, "zebra-crossing-47")::get)
                        .orElseThrow();

        assertThat(loaded.toString()).doesNotContain("zebra-crossing-47");
        var configuration = ((Loaded.Good) loaded).configuration();
        assertThat(configuration.virtualKeys()).isEmpty();
        assertThat(configuration.server()).isEqualTo(Configuration.defaults().server());
        assertThat(configuration.targets())
                .singleElement()
                .satisfies(target -> {
                    assertThat(target.id()).isEqualTo("databricks");
                    assertThat(target.baseUrl())
                            .isEqualTo(URI.create("https://adb-1.azuredatabricks.net"));
                    assertThat(target.models()).isEqualTo(new ModelSelection.All());
                });
    }

    @Test
    void theFirstWholePairCountsAndTheOtherIsMentioned() {
        var variables =
                Map.of(
                        "DATABRICKS_HOST", "https://a",
                        "DATABRICKS_API_BASE", "https://b",
                        "DATABRICKS_API_KEY", "zebra-crossing-47");

        var loaded = (Loaded.Good) EnvironmentTarget.read(variables::get).orElseThrow();

        assertThat(loaded.configuration().targets().getFirst().baseUrl())
                .isEqualTo(URI.create("https://b"));
        assertThat(loaded.warnings())
                .singleElement()
                .hasToString(
                        "environment: DATABRICKS_HOST: is set and not used: DATABRICKS_API_BASE with DATABRICKS_API_KEY counts"
                                + " first");
    }
}
