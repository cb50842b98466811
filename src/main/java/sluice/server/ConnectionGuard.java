package sluice.server;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Watches over the connections of one loop: how many there are, how long a request head may take, and how long nothing
/// may happen. Used on that loop only; {@code open} is shared by all.
final class ConnectionGuard {
    private static final int FIRST_READ_BYTES = 2 * 1024;
    private static final int LARGEST_READ_BYTES = 256 * 1024;

    private final ListenerSettings settings;
    private final AtomicInteger open;
    private final Map<HttpConnection, Guarded> connections = new HashMap<>();
    private final BodyArrays arrays = new BodyArrays();

    ConnectionGuard(ListenerSettings settings, AtomicInteger open) {
        this.settings = settings;
        this.open = open;
    }

    private static final class Guarded {
        final @Nullable StrictRequestDecoder decoder;
        int inFlight;
        long idleSinceNanos = System.nanoTime();

        /// What the client had not taken when it was last looked at.
        long untaken;

        Guarded(@Nullable StrictRequestDecoder decoder) {
            this.decoder = decoder;
        }
    }

    void opened(HttpConnection connection, Http1ServerConfig limits) {
        if (open.incrementAndGet() > settings.maxConnections()) {
            open.decrementAndGet();
            connection.close();
            return;
        }
        connections.put(connection, new Guarded(strictly(connection, limits)));
        connection.closeHandler(_ -> {
            open.decrementAndGet();
            connections.remove(connection);
        });
    }

    /// Puts our decoder into the place of the library's. HTTP/2 has its own framing and none of these faults.
    private static @Nullable StrictRequestDecoder strictly(
            HttpConnection connection, Http1ServerConfig limits) {
        var channel = channel(connection);
        channel.config().setRecvByteBufAllocator(reads());
        var pipeline = channel.pipeline();
        if (pipeline.get("httpDecoder") == null) {
            return null;
        }
        var strict = new StrictRequestDecoder(limits, System::nanoTime);
        pipeline.replace("httpDecoder", "httpDecoder", strict);
        return strict;
    }

    /// The library's own reads end at 64 KB. They begin small here too, and grow with what a connection brings.
    private static RecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(64, FIRST_READ_BYTES, LARGEST_READ_BYTES);
    }

    /// A request's head has come. Its body is collected from here on.
    RequestBody requestStarted(HttpServerRequest request, long declaredLength) {
        var connection = request.connection();
        var guarded = connections.get(connection);
        if (guarded != null) {
            guarded.inFlight++;
        }
        long now = System.nanoTime();
        long limit = settings.maxBodyBytes();
        if (guarded != null && guarded.decoder != null) {
            var body =
                    new RequestBody(
                            reading(connection, guarded.decoder),
                            arrays,
                            declaredLength,
                            limit,
                            now);
            if (guarded.decoder.contentGoesTo(body)) {
                return body;
            }
        }
        var body = new RequestBody(flowOf(request), arrays, declaredLength, limit, now);
        request.handler(part -> body.take(((BufferInternal) part).getByteBuf()));
        request.endHandler(_ -> body.end());
        return body;
    }

    /// An HTTP/1.1 connection carries one body at a time, so the whole of it waits.
    private static RequestBody.Source reading(
            HttpConnection connection, StrictRequestDecoder decoder) {
        var channel = ((ConnectionBase) connection).channel();
        return new RequestBody.Source() {
            @Override
            public void pause() {
                channel.config().setAutoRead(false);
            }

            @Override
            public void resume() {
                channel.config().setAutoRead(true);
            }

            @Override
            public void last() {
                decoder.stop();
            }
        };
    }

    /// A stream of an HTTP/2 connection waits by itself.
    private static RequestBody.Source flowOf(HttpServerRequest request) {
        return new RequestBody.Source() {
            @Override
            public void pause() {
                request.pause();
            }

            @Override
            public void resume() {
                request.resume();
            }

            @Override
            public void last() {
                // The connection goes on; only this stream ends.
            }
        };
    }

    void requestEnded(HttpConnection connection) {
        var guarded = connections.get(connection);
        if (guarded != null) {
            guarded.inFlight--;
            guarded.idleSinceNanos = System.nanoTime();
        }
    }

    /// Closes what has used up its time. Called a few times a second.
    void sweep(long now) {
        arrays.sweep(now);
        connections.entrySet().stream()
                .filter(entry -> expired(entry.getValue(), now))
                .filter(entry -> !takesMore(entry.getKey(), entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(ConnectionGuard::cut);
    }

    /// A client may take an answer slowly, as long as it takes some of it.
    private static boolean takesMore(HttpConnection connection, Guarded guarded, long now) {
        var waiting = channel(connection).unsafe().outboundBuffer();
        long untaken =
                waiting == null ? 0 : waiting.totalPendingWriteBytes() - waiting.currentProgress();
        boolean takes = untaken > 0 && untaken != guarded.untaken;
        guarded.untaken = untaken;
        if (takes) {
            guarded.idleSinceNanos = now;
        }
        return takes;
    }

    /// Closes without flushing, below the library: its own close waits for a client to take what was written, so it
    /// waits for ever for one that takes nothing.
    static void cut(HttpConnection connection) {
        var _ = channel(connection).pipeline().firstContext().close();
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    private boolean expired(Guarded guarded, long now) {
        var decoder = guarded.decoder;
        long headStarted =
                decoder == null ? StrictRequestDecoder.NO_HEAD : decoder.headStartedNanos();
        if (headStarted != StrictRequestDecoder.NO_HEAD
                && now - headStarted > settings.headTimeout().toNanos()) {
            return true;
        }
        return guarded.inFlight == 0
                && now - guarded.idleSinceNanos > settings.idleTimeout().toNanos();
    }
}
