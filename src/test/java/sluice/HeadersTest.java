package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.KEY;
import static sluice.TestGateway.chat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                                "content-type",
                                "cache-control",
                                "x-accel-buffering",
                                "transfer-encoding");
                assertThat(answer.header("content-type"))
                        .isEqualTo("text/event-stream; charset=utf-8");
            } else {
                assertThat(answer.headers().keySet())
                        .containsExactlyInAnyOrder(
                                "x-request-id",
                                "server-timing",
                                "x-sluice-resolved-model",
                                "content-type",
                                "content-length");
            }
        }
    }
}
