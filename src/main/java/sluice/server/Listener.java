package sluice.server;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.CallId;
import sluice.call.Failure;
import sluice.loop.Loop;
import sluice.loop.Loops;
import sluice.loop.Wire;

/// The open port: one server per loop behind one address. Turns each request into an {@link Exchange} and starts the
/// line on it; answers the health routes itself, so that they say something when nothing else does.
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long SWEEP_MILLIS = 250;

    /// Between the end of the patience and the closing of the sockets, for the last event of a cut stream.
    private static final Duration LAST_WORDS = Duration.ofMillis(250);

    private static final int REQUEST_LINE_BYTES = 8 * 1024;

    private final ListenerSettings settings;
    private final Consumer<Exchange> line;
    private final Supplier<Readiness> readiness;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Vertx vertx;
    private final List<Loop> loops;
    private volatile boolean draining;

    private Listener(
            Loops loops,
            ListenerSettings settings,
            Consumer<Exchange> line,
            Supplier<Readiness> readiness) {
        this.vertx = loops.vertx();
        this.loops = loops.all();
        this.settings = settings;
        this.line = line;
        this.readiness = readiness;
    }

    /// Opens the port on every loop.
    ///
    /// @param line what happens to a request; called on a strand of its own
    /// @throws IllegalStateException when the address cannot be bound or the certificate cannot be read
    public static Listener start(
            ListenerSettings settings,
            Loops loops,
            Consumer<Exchange> line,
            Supplier<Readiness> readiness) {
        var listener = new Listener(loops, settings, line, readiness);
        for (var loop : loops.all()) {
            listener.listenOn(loop);
        }
        return listener;
    }

    /// The port that is really open, when 0 was asked for.
    public int port() {
        return servers.getFirst().actualPort();
    }

    public int openConnections() {
        return connections.get();
    }

    public boolean isDraining() {
        return draining;
    }

    private void listenOn(Loop loop) {
        var bound = new CompletableFuture<HttpServer>();
        // A negative port is the library's way to let all loops share one port chosen by the
        // system.
        int port = settings.port() == 0 ? -1 : settings.port();
        var options = options();
        loop.execute(() -> {
            var guard = new ConnectionGuard(settings, connections);
            var limits = limits();
            var server =
                    vertx.createHttpServer(options)
                            .connectionHandler(connection -> guard.opened(connection, limits))
                            .invalidRequestHandler(request -> receive(loop, guard, request, true))
                            .requestHandler(request -> receive(loop, guard, request, false));
            server.listen(port, settings.host())
                    .onSuccess(bound::complete)
                    .onFailure(bound::completeExceptionally);
            vertx.setPeriodic(SWEEP_MILLIS, _ -> guard.sweep(System.nanoTime()));
        });
        try {
            servers.add(bound.join());
        } catch (CompletionException refused) {
            var cause = refused.getCause() == null ? refused : refused.getCause();
            throw new IllegalStateException(
                    "server.listen: cannot listen on %s:%d: %s"
                            .formatted(settings.host(), settings.port(), cause.getMessage()),
                    cause);
        }
    }

    /// HTTP/2 comes with TLS. Without TLS the library would read the first head of a connection before our decoder can
    /// be put in its place (RATIONALE.md).
    private HttpServerOptions options() {
        var options =
                new HttpServerOptions()
                        .setTcpNoDelay(true)
                        .setMaxInitialLineLength(REQUEST_LINE_BYTES)
                        .setMaxHeaderSize(settings.maxHeaderBytes())
                        .setMaxChunkSize(64 * 1024)
                        .setHandle100ContinueAutomatically(false)
                        .setAcceptBacklog(1024)
                        .setHttp2ClearTextEnabled(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setStrictThreadMode(true);
        var tls = settings.tls();
        return tls == null
                ? options
                : options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(CertificatePair.of(tls, vertx));
    }

    private Http1ServerConfig limits() {
        return new Http1ServerConfig()
                .setMaxInitialLineLength(REQUEST_LINE_BYTES)
                .setMaxHeaderSize(settings.maxHeaderBytes())
                .setMaxChunkSize(64 * 1024);
    }

    /// New connections get this certificate from now on. A pair that does not fit is logged, and the old one stays.
    public void replaceCertificate(ListenerSettings.Tls tls) {
        PemKeyCertOptions pair;
        try {
            pair = CertificatePair.of(tls, vertx);
        } catch (IllegalStateException refused) {
            warnOfCertificate(refused);
            return;
        }
        for (var server : servers) {
            var fresh = new ServerSSLOptions();
            fresh.setKeyCertOptions(pair);
            fresh.setUseAlpn(true);
            server.updateSSLOptions(fresh, true).onFailure(Listener::warnOfCertificate);
        }
    }

    private static void warnOfCertificate(Throwable fault) {
        LOG.warn(
                "server.tls: the new certificate was refused, the old one stays: {}",
                fault.getMessage());
    }

    private void receive(
            Loop loop, ConnectionGuard guard, HttpServerRequest request, boolean invalid) {
        var connection = request.connection();
        var body = guard.requestStarted(request, invalid ? -1 : declaredLength(request));
        inFlight.incrementAndGet();
        request.response()
                .endHandler(_ -> {
                    inFlight.decrementAndGet();
                    guard.requestEnded(connection);
                });
        var operation = invalid ? refused(request) : operation(request);
        if (operation instanceof Operation.Live || operation instanceof Operation.Ready) {
            body.drop();
            answerHealth(request, operation);
            return;
        }
        var exchange = new Exchange(request, operation, callId(request), settings, body);
        if (invalid) {
            exchange.refuseAsInvalid();
        } else if (draining) {
            exchange.closeAfterwards();
        }
        var strand =
                loop.strand(_ -> {
                    try {
                        line.accept(exchange);
                    } finally {
                        exchange.over();
                    }
                });
        exchange.carriedBy(strand);
        strand.start();
    }

    private Operation operation(HttpServerRequest request) {
        var operation = Operation.of(request.method().name(), request.path());
        boolean isHealth =
                operation instanceof Operation.Live || operation instanceof Operation.Ready;
        return draining && !isHealth ? new Operation.Refused(new Failure.Draining()) : operation;
    }

    /// The library's own words quote the request, and a key may stand there.
    private Operation refused(HttpServerRequest request) {
        var failure =
                switch (request.decoderResult().cause()) {
                    case TooLongHttpLineException _ ->
                            new Failure.HeadTooLarge(
                                    "first line", true, REQUEST_LINE_BYTES + " bytes");
                    case TooLongHttpHeaderException _ ->
                            new Failure.HeadTooLarge(
                                    "head",
                                    false,
                                    settings.maxHeaderBytes() + " bytes (server.max_header_bytes)");
                    case StrictRequestDecoder.Refused ours ->
                            new Failure.Malformed(String.valueOf(ours.getMessage()), null);
                    case null, default ->
                            new Failure.Malformed(
                                    "The request is not valid HTTP: its first line, a header or the"
                                            + " length of its body is malformed.",
                                    null);
                };
        return new Operation.Refused(failure);
    }

    /// 0 for a request without a body, -1 when the length is not told beforehand.
    private static long declaredLength(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length.strip());
        }
        boolean bodyless =
                request.version() != HttpVersion.HTTP_2
                        && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null;
        return bodyless ? 0 : -1;
    }

    private static CallId callId(HttpServerRequest request) {
        var brought = request.getHeader(Exchange.REQUEST_ID);
        return brought != null && CallId.acceptable(brought)
                ? new CallId(brought)
                : CallId.fresh(ThreadLocalRandom.current());
    }

    private void answerHealth(HttpServerRequest request, Operation operation) {
        var state =
                operation instanceof Operation.Live
                        ? new Readiness(true, List.of())
                        : readiness.get();
        var text = HealthText.of(state);
        var response =
                request.response()
                        .setStatusCode(state.ready() ? 200 : 503)
                        .putHeader(HttpHeaders.CONTENT_TYPE, Exchange.JSON)
                        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(text.length()))
                        .putHeader(Exchange.REQUEST_ID, callId(request).value());
        // Of HTTP/2 the library does not know that a HEAD is answered without a body.
        boolean head = request.method().equals(HttpMethod.HEAD);
        var _ = head ? response.end() : response.end(Wire.buffer(text));
    }

    /// Stops gracefully: takes no new connections and calls, lets what runs finish, and closes.
    ///
    /// @param patience how long the running calls may take; what still runs then is cut
    public void drain(Duration patience) {
        draining = true;
        if (inFlight.get() > 0 && patience.isPositive()) {
            LOG.info(
                    "Stopping: {} calls are running and have up to {} s to finish",
                    inFlight.get(),
                    patience.toSeconds());
        }
        // What still runs is told so; the sockets are closed a moment later.
        for (var loop : loops) {
            loop.execute(() ->
                    vertx.setTimer(
                            Math.max(1, patience.toMillis()),
                            _ -> loop.cancelAll(new Failure.Draining().asException())));
        }
        var stopped = new ArrayList<CompletableFuture<Void>>();
        for (var server : servers) {
            stopped.add(
                    server.shutdown(patience.plus(LAST_WORDS))
                            .toCompletionStage()
                            .toCompletableFuture());
        }
        CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new))
                .orTimeout(patience.plus(LAST_WORDS).toMillis() + 5_000, TimeUnit.MILLISECONDS)
                .exceptionally(fault -> {
                    LOG.warn("The listener did not stop cleanly: {}", fault.toString());
                    return null;
                })
                .join();
    }

    /// Calls that are being answered now.
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
