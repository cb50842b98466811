package sluice.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sluice.call.Secret;
import sluice.json.Pieces;
import sluice.loop.Loops;
import sluice.loop.Strand;

/// The connections to one target: a pool per loop, so that a call and its upstream connection share one loop.
public final class Wires {
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final int MAX_PATHS = 256;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    /// Ours, never a caller's: the gateway answers for what it sends.
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("sluice/0.1.0");

    private static final CharSequence X_API_KEY = HttpHeaders.createOptimized("x-api-key");
    private static final String JSON = "application/json";
    private static final CharSequence IDENTITY = HttpHeaders.createOptimized("identity");

    private final Target target;
    private final Loops loops;
    private final List<Pool> pools;
    private final Map<String, RequestOptions> requests;

    private Wires(
            Target target, Loops loops, List<Pool> pools, Map<String, RequestOptions> requests) {
        this.target = target;
        this.loops = loops;
        this.pools = pools;
        this.requests = requests;
    }

    public static Wires to(Target target, Loops loops) {
        var where =
                new HttpConnectOptions()
                        .setHost(target.base().getHost())
                        .setPort(target.port())
                        .setSsl(target.tls())
                        .setConnectTimeout(target.deadlines().connect().toMillis());
        var pools = new ArrayList<Pool>();
        for (var loop : loops.all()) {
            var client = loops.vertx().createHttpClient(options(target));
            var pool = new Pool(client, where, target.maxConnectionsPerLoop());
            pools.add(pool);
            loop.execute(() -> pool.start(loops.vertx(), KEEP_ALIVE));
        }
        return new Wires(target, loops, List.copyOf(pools), new ConcurrentHashMap<>());
    }

    /// The same connections, with a token from elsewhere.
    public Wires with(TokenSource tokens) {
        return new Wires(target.with(tokens), loops, pools, requests);
    }

    private static HttpClientOptions options(Target target) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setSsl(target.tls())
                .setVerifyHost(true)
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .setKeepAliveTimeout(0)
                .setConnectTimeout((int) target.deadlines().connect().toMillis())
                .setSslHandshakeTimeout(target.deadlines().connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(8 * 1024)
                .setMaxChunkSize(64 * 1024);
    }

    public Target target() {
        return target;
    }

    /// Posts a JSON {@code body} and returns the transfer, whose head the strand can wait for.
    ///
    /// @param accept the media type that is wanted back
    /// @param headers more headers, by lower-case name; ours (credential, content type, length) are added
    /// @throws sluice.call.CallFailed when the target's token cannot be had
    public Transfer post(
            Strand strand, String path, Pieces body, String accept, Map<String, String> headers) {
        return post(strand, path, JSON, body, accept, headers);
    }

    /// Posts {@code body} as {@code contentType}.
    public Transfer post(
            Strand strand,
            String path,
            String contentType,
            Pieces body,
            String accept,
            Map<String, String> headers) {
        var outgoing =
                new Outgoing(body, contentType, accept, headers, target.tokens().token(strand));
        return begin(strand, HttpMethod.POST, path, outgoing);
    }

    public Transfer get(Strand strand, String path) {
        return get(strand, path, Map.of());
    }

    public Transfer get(Strand strand, String path, Map<String, String> headers) {
        return begin(
                strand,
                HttpMethod.GET,
                path,
                new Outgoing(null, JSON, JSON, headers, target.tokens().token(strand)));
    }

    private Transfer begin(Strand strand, HttpMethod method, String path, Outgoing outgoing) {
        var options =
                isOneOfFew(path)
                        ? requests.computeIfAbsent(path, _ -> request(method, path))
                        : request(method, path);
        var pool = pools.get(strand.loop().index());
        var transfer = new Transfer(strand, this, pool, outgoing);
        strand.onLoop(() -> transfer.begin(options));
        return transfer;
    }

    /// A path that holds a page's token or an endpoint's name is not kept, once there are many.
    private boolean isOneOfFew(String path) {
        return path.indexOf('?') < 0 && (requests.size() < MAX_PATHS || requests.containsKey(path));
    }

    /// The same for every request to a path, so it is made once.
    private RequestOptions request(HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(target.base().getHost())
                .setPort(target.port())
                .setURI(target.path(path));
    }

    /// What one request carries.
    ///
    /// @param token the bearer token, null for a target that wants none
    record Outgoing(
            @Nullable Pieces body,
            String contentType,
            String accept,
            Map<String, String> headers,
            @Nullable Secret token) {
        /// Without the headers, one of which may be a credential.
        @Override
        public String toString() {
            return "(" + contentType + ")";
        }
    }

    /// Everything that stands in a request's head. Called on the loop.
    void writeHead(Outgoing outgoing, MultiMap head) {
        head.set(HttpHeaders.ACCEPT, outgoing.accept());
        head.set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
        head.set(HttpHeaders.USER_AGENT, USER_AGENT);
        var body = outgoing.body();
        if (body != null) {
            head.set(HttpHeaders.CONTENT_TYPE, outgoing.contentType());
            head.set(HttpHeaders.CONTENT_LENGTH, Long.toString(body.length()));
        }
        outgoing.headers().forEach(head::set);
        var token = outgoing.token();
        if (token != null) {
            switch (target.tokenHeader()) {
                case BEARER ->
                        token.use(value -> head.set(HttpHeaders.AUTHORIZATION, "Bearer " + value));
                case X_API_KEY -> token.use(value -> head.set(X_API_KEY, value));
            }
        }
        target.extraHeaders().forEach((name, secret) -> secret.use(value -> head.set(name, value)));
    }

    /// Lets running calls finish and closes everything.
    public void retire(Duration patience) {
        for (var loop : loops.all()) {
            loop.execute(() -> pools.get(loop.index()).retire(patience));
        }
        target.tokens().retire(patience);
    }
}
