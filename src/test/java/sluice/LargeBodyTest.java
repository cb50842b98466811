package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies around the size that is taken before anybody asked.
class LargeBodyTest {

    @ParameterizedTest
    @ValueSource(ints = {60_000, 65_536, 100_000, 131_072, 1_000_000, 5_000_000})
    void aConnectionServesAgainAfterALargeBody(int size) {
        var body =
                """
                {"model": "partner/sim-normal", "messages": [{"role": "user", "content": "%s"}]}\
                """
                        .formatted("a".repeat(size));
        try (var gateway = TestGateway.start();
                var socket = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                var answer = socket.send(TestGateway.post("/v1/chat/completions", body)).answer();

                assertThat(answer.status()).isIn(200, 400, 413);
                assertThat(answer.status()).isEqualTo(size < 4_000_000 ? 200 : answer.status());
            }
        }
    }
}
