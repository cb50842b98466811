package sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// A workspace that issues tokens at {@code /oidc/v1/token} and answers chats that carry one it has not revoked. How it
/// issues and how it refuses is the test's to say.
final class IssuingWorkspace implements AutoCloseable {
    private static final String COMPLETION =
            """
            {"id": "c", "object": "chat.completion", "model": "m",
             "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}],
             "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}}\
            """;

    /// What came to the token endpoint.
    record Asked(String authorization, Map<String, String> form) {}

    record Said(int status, String type, String text) {
        static Said json(int status, String text) {
            return new Said(status, "application/json", text);
        }
    }

    /// How the next token is given.
    interface Issuer {
        Said answer(Asked asked, String token);
    }

    static final Issuer FOR_AN_HOUR =
            (_, token) ->
                    Said.json(
                            200,
                            """
                            {"access_token": "%s", "token_type": "Bearer", "expires_in": 3600, "scope": "all-apis"}\
                            """
                                    .formatted(token));

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private final List<String> chats = new CopyOnWriteArrayList<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Semaphore door = new Semaphore(1_000_000);
    private volatile boolean refusesAll;
    private volatile Issuer issuer = FOR_AN_HOUR;
    private volatile Said refusal = Said.json(401, "{\"error_code\": \"UNAUTHENTICATED\"}");

    private IssuingWorkspace(HttpServer server) {
        this.server = server;
    }

    static IssuingWorkspace open() {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            var server = HttpServer.create(address, 512);
            var workspace = new IssuingWorkspace(server);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/oidc/v1/token", workspace::issue);
            server.createContext("/serving-endpoints/chat/completions", workspace::chat);
            server.start();
            return workspace;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String host() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    IssuingWorkspace issuing(Issuer other) {
        issuer = other;
        return this;
    }

    /// Says so to every chat whose token is revoked or unknown.
    IssuingWorkspace refusingWith(int status, String text) {
        refusal =
                text.startsWith("{")
                        ? Said.json(status, text)
                        : new Said(status, "text/plain", text);
        return this;
    }

    void revokeIssued() {
        revoked.addAll(issued);
    }

    /// Whatever token it has.
    void refuseAll() {
        refusesAll = true;
    }

    /// No token is given until {@link #letTokensOut}.
    void holdTokens() {
        door.drainPermits();
    }

    void letTokensOut() {
        door.release(1_000_000);
    }

    /// Every request for a token, in order.
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<String> issued() {
        return List.copyOf(issued);
    }

    /// The tokens of the chats, in order.
    List<String> chats() {
        return List.copyOf(chats);
    }

    private void issue(HttpExchange exchange) throws IOException {
        var text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        var authorization = exchange.getRequestHeaders().getFirst("authorization");
        var request = new Asked(authorization == null ? "" : authorization, form(text));
        var token = "issued-token-number-" + (asked.size() + 1) + "-that-nobody-may-see";
        asked.add(request);
        door.acquireUninterruptibly();
        door.release();
        issued.add(token);
        answer(exchange, issuer.answer(request, token));
    }

    private static Map<String, String> form(String text) {
        return Arrays.stream(text.split("&"))
                .map(field -> field.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    private void chat(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var sent = String.valueOf(exchange.getRequestHeaders().getFirst("authorization"));
        var token = sent.replace("Bearer ", "");
        chats.add(token);
        boolean good = !refusesAll && issued.contains(token) && !revoked.contains(token);
        answer(exchange, good ? Said.json(200, COMPLETION) : refusal);
    }

    private static void answer(HttpExchange exchange, Said said) throws IOException {
        var bytes = said.text().getBytes(UTF_8);
        exchange.getResponseHeaders().set("content-type", said.type());
        exchange.sendResponseHeaders(said.status(), bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /// Everything secret that went over the wire.
    List<String> secrets() {
        var secrets = new ArrayList<>(issued);
        for (var request : asked) {
            secrets.add(request.authorization().replace("Basic ", ""));
            secrets.add(request.form().getOrDefault("subject_token", ""));
        }
        secrets.removeIf(String::isEmpty);
        return secrets;
    }

    @Override
    public void close() {
        door.release(1_000_000);
        server.stop(0);
    }
}
