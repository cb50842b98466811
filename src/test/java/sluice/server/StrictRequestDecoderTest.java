package sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictRequestDecoderTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_130);
    private static final List<String> HOSTS =
            List.of(
                    "a", "Z9", "-._~", "%41", "!$&'", "()*+", ",;=", "[::1]", ":80", "/", "@", "é",
                    "\\", "?", "`");
    private static final List<String> VALUES = List.of("b", " c", "\td", ": e", "é");
    private static final List<String> STARTS = List.of("", "", "", "", " ", "\t");
    private static final List<String> SPACES = List.of("", " ", "\t");
    private static final List<String> LINE_ENDS =
            List.of("\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n");
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

    /// Whatever a head is made of and wherever it is cut, it is taken when every byte of it, looked at one by one, may
    /// stand where it does.
    @Test
    void takesJustWhatALookAtEveryByteTakes() {
        var random = new Random(SEED);
        int taken = 0;
        for (int i = 0; i < 5_000; i++) {
            var head = new StringBuilder("GET / HTTP/1.1\r\n");
            var host = drawn(random, HOSTS, random.nextInt(4));
            head.append("Host:").append(SPACES.get(random.nextInt(3))).append(host);
            head.append(LINE_ENDS.get(random.nextInt(LINE_ENDS.size())));
            for (int line = random.nextInt(3); line > 0; line--) {
                head.append(STARTS.get(random.nextInt(STARTS.size()))).append("X-Note: a");
                head.append(drawn(random, VALUES, random.nextInt(3)));
                head.append(LINE_ENDS.get(random.nextInt(LINE_ENDS.size())));
            }
            head.append("\r\n");
            var text = head.toString();
            int cut = random.nextInt(text.length() + 1);
            boolean expected =
                    !isFolded(text)
                            && !text.replace("\r\n", "").contains("\n")
                            && host.strip().chars().allMatch(c -> isOfAHost(c));

            assertThat(isTaken(text, cut))
                    .as("seed %d, head %d cut at %d: %s", SEED, i, cut, text)
                    .isEqualTo(expected);
            taken += expected ? 1 : 0;
        }
        assertThat(taken).isBetween(500, 4_500); // it says something of both kinds
    }

    /// A line of the head, but for the empty one at its end, that begins with a space or a tab.
    private static boolean isFolded(String head) {
        boolean atLineStart = false;
        for (int i = 0; i < head.length(); i++) {
            char c = head.charAt(i);
            if (atLineStart && (c == ' ' || c == '\t')) {
                return true;
            }
            atLineStart = c == '\n';
        }
        return false;
    }

    private static boolean isOfAHost(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~%!$&'()*+,;=[]:".indexOf(c) >= 0;
    }

    private static String drawn(Random random, List<String> from, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(from.get(random.nextInt(from.size())));
        }
        return text.toString();
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
