package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.post;

import org.junit.jupiter.api.Test;
import sluice.simulator.Settings;
import sluice.simulator.Simulator;

/// A workspace's AI gateway as a custom target that speaks Messages, with a service principal.
class CustomSignInTest {

    /// Facts/llm-protocols.md section 14: bearer only, never {@code x-api-key}, also on the native surface.
    @Test
    void aMintedTokenIsABearerTokenInWhicheverDialect() {
        try (var workspace = Simulator.start(0, Settings.standard());
                var gateway =
                        TestGateway.planned()
                                .variable("CLIENT_ID", "simulator-client")
                                .variable("CLIENT_SECRET", "simulator-secret")
                                .target(
                                        """
                                        id: native, provider: custom, base_format: anthropic, \
                                        base_url: "%s/ai-gateway/anthropic", \
                                        models: [databricks-claude-sonnet-4-5], \
                                        auth: {type: oauth-m2m, client_id: {env: CLIENT_ID}, \
                                        client_secret: {env: CLIENT_SECRET}}\
                                        """
                                                .formatted(workspace.host()))
                                .start()) {
            var answer =
                    gateway.ask(
                            post(
                                    "/v1/messages",
                                    """
                                    {"model": "native/databricks-claude-sonnet-4-5", "max_tokens": 20,
                                     "messages": [{"role": "user", "content": "hi"}]}\
                                    """));

            assertThat(answer.status()).isEqualTo(200);
            var seen = workspace.recording().requests("/ai-gateway/anthropic/v1/messages");
            assertThat(seen).isNotEmpty();
            assertThat(seen.getLast().header("authorization")).startsWith("Bearer ");
            assertThat(seen.getLast().header("x-api-key")).isEmpty();
        }
    }
}
