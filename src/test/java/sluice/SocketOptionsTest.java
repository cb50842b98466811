package sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.TestGateway.chat;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// How the sockets themselves are set. Netty shows each one to an extension, which it finds by
/// {@code META-INF/services} because the build asks it to.
class SocketOptionsTest {

    /// Remembers the sockets of this process while somebody looks.
    public static final class Onlooker extends ChannelInitializerExtension {
        private static final List<Channel> CALLERS = new CopyOnWriteArrayList<>();
        private static final List<Channel> TARGETS = new CopyOnWriteArrayList<>();
        private static volatile boolean looking;

        @Override
        public void postInitializeServerChildChannel(Channel channel) {
            if (looking) {
                CALLERS.add(channel);
            }
        }

        @Override
        public void postInitializeClientChannel(Channel channel) {
            if (looking && channel instanceof SocketChannel) {
                TARGETS.add(channel);
            }
        }
    }

    /// Without it a stream loses up to 40 ms wherever two small writes follow each other.
    @Test
    void nothingIsHeldBackForMoreOnEitherSide() {
        Onlooker.looking = true;
        try (var gateway = TestGateway.start();
                var socket = gateway.connect()) {
            socket.send(chat("workspace/databricks-gpt-5-2", true)).answer();
            socket.send(chat("partner/gpt-5-2", true)).answer();

            assertThat(Onlooker.CALLERS).isNotEmpty().allMatch(SocketOptionsTest::sendsAtOnce);
            assertThat(Onlooker.TARGETS)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(SocketOptionsTest::sendsAtOnce);
        } finally {
            Onlooker.looking = false;
            Onlooker.CALLERS.clear();
            Onlooker.TARGETS.clear();
        }
    }

    private static boolean sendsAtOnce(Channel channel) {
        return ((SocketChannel) channel).config().isTcpNoDelay();
    }
}
