package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.body;
import static sluice.TestGateway.get;
import static sluice.TestGateway.post;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator may decide beside targets and keys, and change while the gateway runs.
class OperatorChoicesTest {
    private static final String MODEL = "workspace/databricks-meta-llama-3-3-70b-instruct";

    private static String withTemperature() {
        return body(MODEL, false).replace("{\"model\"", "{\"temperature\": 0.5, \"model\"");
    }

    private static String keyless(String model, String header) {
        var text = body(model, false);
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n"
                + header
                + "\r\ncontent-length: "
                + text.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + text;
    }

    @Test
    void whoHasNoKeyMayDoWhatTheOperatorAllows() {
        try (var gateway = TestGateway.start()) {
            var unused = keyless(MODEL, "authorization: Bearer unused");

            assertThat(gateway.ask(unused).status()).isEqualTo(401);
            assertThat(gateway.ask(unused).text()).contains("governance.anonymous");

            gateway.reload(plan -> plan.governance("anonymous: {models: [\"workspace/*\"]}"));

            assertThat(gateway.ask(unused).status()).isEqualTo(200);
            assertThat(gateway.ask(keyless(MODEL, "x-other: none")).status()).isEqualTo(200);
            var other = keyless("partner/gpt-5-2", "authorization: Bearer unused");
            assertThat(gateway.ask(other).status()).isEqualTo(403);
            assertThat(gateway.ledger(5).getLast().path("key").asString("")).isEqualTo("anonymous");
        }
    }

    @Test
    void theTableOfRequestFieldsIsTheOperatorsToChange(@TempDir Path folder) throws IOException {
        var table = folder.resolve("fields.json");
        Files.writeString(
                table,
                """
                {"dated": "2026-11-20",
                 "rules": [{"dialect": "chat", "models": ["*"], "refuse": ["temperature"]}]}
                """);
        try (var gateway =
                TestGateway.planned().section("request_fields: \"" + table + "\"").start()) {
            var call = post("/v1/chat/completions", withTemperature());

            assertThat(gateway.ask(call).header("x-sluice-dropped")).isEqualTo("temperature");

            Files.writeString(table, "{\"dated\": \"2026-11-21\", \"rules\": []}");
            gateway.reload(plan -> {});

            assertThat(gateway.ask(call).headers()).doesNotContainKey("x-sluice-dropped");

            Files.writeString(table, "{\"rules\": 7}");
            gateway.reload(plan -> {});

            assertThat(gateway.ask(call).status()).isEqualTo(200);
            assertThat(
                            gateway.ask(get("/health/ready"))
                                    .json()
                                    .path("reasons")
                                    .path(0)
                                    .asString(""))
                    .contains("request_fields", table.toString());
        }
    }
}
