package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
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

    @Test
    void aServicePrincipalIsNotSupportedYet() {
        var variables =
                Map.of(
                        "DATABRICKS_HOST", "https://h",
                        "DATABRICKS_CLIENT_ID", "a",
                        "DATABRICKS_CLIENT_SECRET", "zebra-crossing-47");

        assertThat(EnvironmentTarget.read(variables::get).orElseThrow().toString())
                .contains("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET", "not supported yet")
                .doesNotContain("zebra-crossing-47");
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
                        "environment: DATABRICKS_HOST: is set and not used: another pair counts first");
    }
}
