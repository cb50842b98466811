package sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.CallFailed;
import sluice.call.Failure;

class HubQueryTest {
    @Test
    void aCallerChoosesAmongWhatIsConfigured() {
        assertThat(HubQuery.parse(null)).isEqualTo(HubQuery.ALL);
        assertThat(HubQuery.parse("")).isEqualTo(HubQuery.ALL);
        assertThat(HubQuery.parse("provider=databricks&&target=main%2Deast"))
                .isEqualTo(new HubQuery("databricks", "main-east"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api_base",
                "apiBase",
                "API-BASE",
                "base_url",
                "workspace_url",
                "host",
                "endpoint",
                "api%5Fbase",
                "proxy"
            })
    void noCallerNamesWhereOurCredentialsGo(String name) {
        refused(
                name + "=https://evil.example",
                "no caller names where the gateway's credentials go");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api_key",
                "client_id",
                "client_secret",
                "token",
                "access_token",
                "databricks_token",
                "Authorization",
                "password"
            })
    void noCallerBringsACredentialInAnAddress(String name) {
        refused(name + "=evil.example", "a credential never stands in an address");
    }

    @Test
    void anUnknownParameterIsRefused() {
        refused("provider=databricks&colour=evil.example", "'colour' is not known");
        refused("%ff%00=evil.example", "is not known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"target=a&target=evil.example", "target=", "target", "%zz=evil.example"})
    void aParameterThatIsGivenWronglyIsRefused(String query) {
        refused(query, "");
    }

    @Test
    void aQueryIsBounded() {
        refused("target=" + "a".repeat(600), "1 to 512");
        refused("a=" + "b".repeat(3_000), "longer than 2048");
    }

    private static void refused(String query, String why) {
        assertThatThrownBy(() -> HubQuery.parse(query))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> {
                            assertThat(failed.failure()).isInstanceOf(Failure.Malformed.class);
                            assertThat(failed.getMessage())
                                    .contains(why)
                                    .doesNotContain("evil.example");
                        });
    }
}
