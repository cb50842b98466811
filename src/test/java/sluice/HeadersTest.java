package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.chat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which headers pass through the gateway, each way. Everything else stays where it was sent.
class HeadersTest {
    @ParameterizedTest
    @CsvSource({
        "workspace/databricks-gpt-5-2, false",
        "workspace/databricks-gpt-5-2, true",
        "partner/gpt-5-2, false",
        "partner/gpt-5-2, true",
    })
    void onlyWhatMeansSomethingToTheOtherSidePasses(String model, boolean stream) {
        try (var gateway = TestGateway.start()) {
            boolean databricks = model.startsWith("workspace");
            var target = databricks ? gateway.workspace() : gateway.partner();
            target.recording().forget();

            var answer =
                    gateway.ask(
                            chat(
                                    model,
                                    stream,
                                    "connection: x-foo, keep-alive",
                                    "x-foo: for this hop only",
                                    "keep-alive: timeout=5",
                                    "te: trailers",
                                    "upgrade: websocket",
                                    "proxy-authorization: Basic abc",
                                    "cookie: session=1",
                                    "x-api-key: " + KEY,
                                    "x-bf-vk: " + KEY,
                                    "x-forwarded-for: 10.0.0.1",
                                    "x-sim-behaviour: fault",
                                    "x-request-id: of-the-caller",
                                    "accept: text/plain",
                                    "accept-encoding: br",
                                    "user-agent: somebody",
                                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

            assertThat(answer.status()).isEqualTo(200);
            var sent = target.recording().seen().getFirst().request();
            assertThat(sent.headers().keySet())
                    .containsExactlyInAnyOrder(
                            "host",
                            "accept",
                            "accept-encoding",
                            "authorization",
                            "content-type",
                            "content-length",
                            "user-agent",
                            "traceparent");
            assertThat(sent.headers().get("authorization"))
                    .containsExactly(
                            "Bearer "
                                    + (databricks
                                            ? TestGateway.WORKSPACE_TOKEN
                                            : TestGateway.PARTNER_TOKEN));
            assertThat(sent.header("accept-encoding")).isEqualTo("identity");
            assertThat(sent.header("user-agent")).startsWith("sluice/");
            assertThat(answer.id()).isEqualTo("of-the-caller");
            assertThat(answer.header("x-sluice-resolved-model")).isEqualTo(model);
            if (stream) {
                assertThat(answer.headers().keySet())
                        .containsExactlyInAnyOrder(
                                "x-request-id",
                                "server-timing",
                                "x-sluice-resolved-model",
                                "x-sluice-attempts",
                                "content-type",
                                "cache-control",
                                "x-accel-buffering",
                                "transfer-encoding");
                assertThat(answer.header("content-type"))
                        .isEqualTo("text/event-stream; charset=utf-8");
            } else {
                var names = new ArrayList<>(answer.headers().keySet());
                assertThat(names.remove("x-sluice-cost-usd"))
                        .as("a price is known of the workspace's model only")
                        .isEqualTo(databricks);
                assertThat(names)
                        .containsExactlyInAnyOrder(
                                "x-request-id",
                                "server-timing",
                                "x-sluice-resolved-model",
                                "x-sluice-attempts",
                                "content-type",
                                "content-length");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: traceparent",
                "connection: close, TraceParent",
                "connection: keep-alive\r\nconnection: x-foo ,\ttraceparent",
            })
    void whatTheCallersConnectionNamesIsForThisHopOnly(String connection) {
        try (var gateway = TestGateway.start()) {
            gateway.partner().recording().forget();

            var answer =
                    gateway.ask(
                            chat(
                                    "partner/gpt-5-2",
                                    false,
                                    connection,
                                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                    "tracestate: other=1"));

            assertThat(answer.status()).isEqualTo(200);
            var sent = gateway.partner().recording().seen().getFirst().request();
            assertThat(sent.headers()).doesNotContainKey("traceparent");
            assertThat(sent.header("tracestate")).isEqualTo("other=1");
        }
    }

    /// A flag of Anthropic's and the field of the body that it allows belong together, so all of them pass.
    @Test
    void allOfAnthropicsHeadersPassWhereItsDialectIsSpoken() {
        try (var gateway = TestGateway.start()) {
            gateway.workspace().recording().forget();

            var answer =
                    gateway.ask(
                            messages(
                                    "workspace/databricks-claude-sonnet-4-5",
                                    "Anthropic-Version: 2023-06-01",
                                    "anthropic-beta: a-2026-01-01",
                                    "anthropic-beta: b-2026-01-01",
                                    "anthropic-of-tomorrow: yes",
                                    "x-claude-code-session-id: 7",
                                    "x-databricks-use-coding-agent-mode: true"));

            assertThat(answer.status()).isEqualTo(200);
            var sent = gateway.workspace().recording().seen().getFirst().request();
            assertThat(sent.header("anthropic-version")).isEqualTo("2023-06-01");
            assertThat(sent.header("anthropic-beta")).isEqualTo("a-2026-01-01,b-2026-01-01");
            assertThat(sent.header("anthropic-of-tomorrow")).isEqualTo("yes");
            assertThat(sent.header("x-databricks-use-coding-agent-mode")).isEqualTo("true");
            assertThat(sent.headers()).doesNotContainKey("x-claude-code-session-id");
        }
    }

    @Test
    void whatIsAWorkspacesAloneStaysFromOthers() {
        try (var gateway = TestGateway.start()) {
            gateway.partner().recording().forget();

            var answer =
                    gateway.ask(
                            chat(
                                    "partner/gpt-5-2",
                                    false,
                                    "anthropic-beta: a-2026-01-01",
                                    "x-databricks-use-coding-agent-mode: true"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(gateway.partner().recording().seen().getFirst().request().headers())
                    .doesNotContainKeys("anthropic-beta", "x-databricks-use-coding-agent-mode");
        }
    }

    private static String messages(String model, String... headers) {
        var body =
                "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model);
        return TestGateway.post("/v1/messages", body, headers);
    }
}
