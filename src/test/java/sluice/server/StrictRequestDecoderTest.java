package sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictRequestDecoderTest {
    private static final String HEAD = "GET / HTTP/1.1\r\n%sAccept: */*\r\n\r\n";

    @Test
    void takesAHeadWhereverItIsCut() {
        var head = HEAD.formatted("Host: sluice.example:8080\r\nX-Note: a b\tc\r\n");
        for (int cut = 0; cut <= head.length(); cut++) {
            assertThat(isTaken(head, cut)).describedAs("cut at %d", cut).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a\r\nX-Note: one\r\n two\r\n",
                "Host: a\r\nX-Note: one\r\n\ttwo\r\n",
                "Host: a\r\nX-Note: one\n two\r\n",
                "Host: a b\r\n",
                "Host: a/b\r\n",
                "Host: \u00e9\r\n",
                "Host: a\r\nHost: a\r\n",
                "X-Note: no host\r\n",
                "Host: a\r\n: no name\r\n",
            })
    void refusesAHeadWhereverItIsCut(String lines) {
        var head = HEAD.formatted(lines);
        for (int cut = 0; cut <= head.length(); cut++) {
            assertThat(isTaken(head, cut)).describedAs("cut at %d", cut).isFalse();
        }
    }

    /// Read in two pieces.
    private static boolean isTaken(String head, int cut) {
        var decoder = new StrictRequestDecoder(new Http1ServerConfig(), System::nanoTime);
        var channel = new EmbeddedChannel(decoder);
        var bytes = head.getBytes(StandardCharsets.UTF_8);
        channel.writeInbound(
                Unpooled.wrappedBuffer(Arrays.copyOf(bytes, Math.min(cut, bytes.length))));
        channel.writeInbound(
                Unpooled.wrappedBuffer(
                        Arrays.copyOfRange(bytes, Math.min(cut, bytes.length), bytes.length)));
        try {
            HttpRequest request = channel.readInbound();
            return request != null && request.decoderResult().isSuccess();
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
