package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A target that says in its answer that it closes, and takes its time to do so.
class ConnectionOptionTest {
    private static final String BODY =
            """
            {"choices": [{"message": {"role": "assistant", "content": "hello"}}]}\
            """;

    @TempDir private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep-alive | 1",
                "foo | 1",
                "close | 2",
                "foo, close | 2",
                "close,foo | 2",
                "Foo ,CLOSE | 2",
            })
    void aConnectionThatTheTargetClosesIsNotUsedAgain(String connection, int connections) {
        var answer =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: %s\r\ncontent-length: %d\r\n\r\n%s"
                        .formatted(connection, BODY.length(), BODY);
        try (var upstream = RawUpstream.answering(wire -> wire.write(answer));
                var gateway = StreamingGateway.plan(folder).with(upstream).start();
                var client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.chat(Client.plain("raw/m")).body()).isEqualTo(BODY);
            }
            assertThat(upstream.accepted()).isEqualTo(connections);
        }
    }
}
