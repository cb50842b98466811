package sluice.upstream.databricks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import sluice.call.Secret;
import sluice.loop.Carrier;
import sluice.loop.Loops;
import sluice.loop.Strand;
import sluice.upstream.Target;
import sluice.upstream.TokenSource;
import sluice.upstream.Wires;

/// The control plane of a workspace, whose every answer the test writes, and the wires to it. What has no answer does
/// not exist.
final class ListedWorkspace implements AutoCloseable {
    static final String SERVICES =
            "/api/2.1/unity-catalog/model-services?parent=schemas/system.ai&page_size=100";
    static final String FOUNDATION = "/api/2.0/serving-endpoints:foundation-models";
    static final String ENDPOINTS = "/api/2.0/serving-endpoints";
    static final String GATEWAY_ENDPOINTS = "/api/ai-gateway/v2/endpoints?page_size=100";

    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Loops loops = Loops.start(1, Carrier.open());
    private final Wires wires;

    ListedWorkspace() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/", this::answer);
        server.start();
        var limit = Duration.ofSeconds(20);
        wires =
                Wires.to(
                        new Target(
                                "main",
                                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                                TokenSource.fixed(new Secret("dapi-not-a-real-token")),
                                Target.TokenHeader.BEARER,
                                Map.of(),
                                new Target.Deadlines(limit, limit, limit, limit),
                                1 << 20,
                                4),
                        loops);
    }

    /// The answers to one path and query, in turn; the last one stays.
    ListedWorkspace at(String pathAndQuery, int status, String body) {
        answers.computeIfAbsent(pathAndQuery, _ -> new ArrayDeque<>())
                .add(new Answer(status, body));
        return this;
    }

    /// What was asked for, in order.
    List<String> asked() {
        return asked;
    }

    DeclaredModels discover(String... schemas) {
        return on(strand -> DeclaredListings.fetch(wires, strand, List.of(schemas))).models();
    }

    Loops loops() {
        return loops;
    }

    <T> T on(Function<Strand, T> code) {
        return on(loops, code);
    }

    /// Runs code on a strand of its own and waits for it here.
    static <T> T on(Loops loops, Function<Strand, T> code) {
        var result = new CompletableFuture<T>();
        var loop = loops.all().getFirst();
        loop.execute(() ->
                loop.strand(
                                strand -> {
                                    try {
                                        result.complete(code.apply(strand));
                                    } catch (RuntimeException failed) {
                                        result.completeExceptionally(failed);
                                    }
                                })
                        .start());
        try {
            return result.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().toString();
        asked.add(path);
        var left = answers.get(path);
        var answer =
                left == null
                        ? new Answer(
                                404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"no\"}")
                        : left.size() > 1 ? left.remove() : left.element();
        var body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        loops.close();
    }
}
