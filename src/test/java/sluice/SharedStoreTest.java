package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import sluice.store.PostgresDoor;

/// Several gateways on one PostgreSQL database.
class SharedStoreTest {
    private static final String ADMIN = "an-admin-key-that-is-long-enough";
    private static final String LLAMA = "databricks-meta-llama-3-3-70b-instruct";

    private static TestGateway gateway(PostgresDoor database) {
        return TestGateway.planned()
                .variable("ADMIN", ADMIN)
                .variable("DATABASE_URL", database.url())
                .section("admin: {key: {env: ADMIN}}")
                .store("type: postgresql, url: {env: DATABASE_URL}")
                .start();
    }

    private static Answer ask(TestGateway gateway, String method, String path, String body) {
        return gateway.ask(
                method
                        + " /admin/v1/"
                        + path
                        + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
                        + ADMIN
                        + "\r\ncontent-length: "
                        + body.getBytes(StandardCharsets.UTF_8).length
                        + "\r\n\r\n"
                        + body);
    }

    private static int chat(TestGateway gateway, String key) {
        return gateway.ask(TestGateway.chat(LLAMA, false).replace(TestGateway.KEY, key)).status();
    }

    @Test
    void whatIsMadeAtOneHoldsAtTheOther() {
        try (var database = new PostgresDoor();
                var one = gateway(database);
                var other = gateway(database)) {
            assertThat(
                            ask(one, "POST", "teams", "{\"id\": \"science\", \"models\": [\"*\"]}")
                                    .status())
                    .isEqualTo(201);
            var made = ask(one, "POST", "keys", "{\"id\": \"reports\", \"team\": \"science\"}");
            var key = made.json().path("key").asString();
            assertThat(chat(one, key)).isEqualTo(200);
            Patience.until(() -> "the key at the other", () -> chat(other, key) == 200);

            Patience.until(
                    () -> "both gateways' calls",
                    () ->
                            ask(one, "GET", "spend?by=team", "")
                                            .json()
                                            .path("data")
                                            .path(0)
                                            .path("calls")
                                            .asLong()
                                    >= 2);

            assertThat(ask(other, "POST", "keys/reports/disable", "").status()).isEqualTo(200);
            assertThat(chat(other, key)).isEqualTo(401);
            Patience.until(() -> "the end of the key at the first", () -> chat(one, key) == 401);
        }
    }
}
