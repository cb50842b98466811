package sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private static final long LIMIT = 4 << 20;
    private static final int LARGEST = 3 << 20;
    private static final long SEED = 20_261_120;

    private final BodyArrays arrays = new BodyArrays();

    /// Bodies of all sizes come, in parts of all sizes, with their length told or not, several at a time.
    @Test
    void noCallSeesBytesOfTheCallWhoseArrayItGot() {
        var random = new Random(SEED);
        var open = new ArrayDeque<Open>();
        int reused = 0;
        for (int call = 0; call < 600; call++) {
            var sent = Sent.drawn(random);
            long idle = arrays.idleBytes();
            var body = sent.into(arrays, random);
            reused += arrays.idleBytes() < idle ? 1 : 0;
            assertThat(body.bytes().length()).isEqualTo(sent.content.length);
            open.addLast(new Open(sent, body));
            if (random.nextInt(8) < open.size()) {
                var over = open.removeFirst();
                assertThat(over.isAsItWasSent()).as("call %d", call).isTrue();
                over.body().giveBack();
            }
        }
        assertThat(open).allMatch(Open::isAsItWasSent);
        assertThat(reused).isGreaterThan(100);
    }

    @Test
    void aBodyThatWasGivenBackCanNotBeRead() {
        var body = new Sent(new byte[100_000], true).into(arrays, new Random(SEED));

        body.giveBack();

        assertThat(arrays.idleBytes()).isEqualTo(100_000);
        assertThatThrownBy(body::bytes).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void anArrayIsGivenBackOnce() {
        var body = new Sent(new byte[100_000], true).into(arrays, new Random(SEED));

        body.giveBack();
        body.giveBack();

        assertThat(arrays.idleBytes()).isEqualTo(100_000);
    }

    @Test
    void aBodyThatIsStillComingKeepsItsArray() {
        var body = new RequestBody(NO_SOURCE, arrays, 100_000, LIMIT, 0);
        body.take(Unpooled.wrappedBuffer(new byte[50_000]));

        body.giveBack();

        assertThat(arrays.idleBytes()).isZero();
    }

    private record Open(Sent sent, RequestBody body) {
        boolean isAsItWasSent() {
            return sent.isWhatCame(body);
        }
    }

    private static final class Sent {
        private final byte[] content;
        private final boolean declared;

        Sent(byte[] content, boolean declared) {
            this.content = content;
            this.declared = declared;
        }

        static Sent drawn(Random random) {
            int most = random.nextInt(5) == 0 ? LARGEST : 200_000;
            var content = new byte[1 + random.nextInt(most)];
            random.nextBytes(content);
            return new Sent(content, random.nextBoolean());
        }

        RequestBody into(BodyArrays arrays, Random random) {
            var body = new RequestBody(NO_SOURCE, arrays, declared ? content.length : -1, LIMIT, 0);
            for (int at = 0; at < content.length; ) {
                int end = Math.min(content.length, at + 1 + random.nextInt(256 * 1024));
                body.take(Unpooled.wrappedBuffer(content, at, end - at));
                at = end;
            }
            body.end();
            return body;
        }

        boolean isWhatCame(RequestBody body) {
            return Arrays.equals(body.bytes().copy(), content);
        }
    }

    private static final RequestBody.Source NO_SOURCE =
            new RequestBody.Source() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}

                @Override
                public void last() {}
            };
}
