package sluice.server;

import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Bytes;
import sluice.call.CallId;
import sluice.call.Dialect.Family;
import sluice.call.Failure;
import sluice.call.Left;
import sluice.call.Timings;
import sluice.loop.Strand;
import sluice.loop.Wire;

/// One request and its answer, as the line sees them: blocking, straight, and free of socket types.
///
/// Reading and answering are called on the call's strand; the socket itself is touched on the loop only. The answer is
/// either one piece ({@link #answer}), or a stream ({@link #begin}, {@link #write}, {@link #end}), or a failure ({@link
/// #fail}), which takes the form that the answer so far allows.
public final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    static final CharSequence REQUEST_ID = AsciiString.cached("x-request-id");
    private static final CharSequence RESOLVED_MODEL =
            AsciiString.cached("x-sluice-resolved-model");
    private static final CharSequence TFY_RESOLVED_MODEL =
            AsciiString.cached("x-tfy-resolved-model");
    private static final CharSequence ATTEMPTS = AsciiString.cached("x-sluice-attempts");
    private static final CharSequence SERVER_TIMING = AsciiString.cached("server-timing");
    private static final CharSequence ERROR_SOURCE = AsciiString.cached("x-sluice-error-source");
    private static final CharSequence SHOULD_RETRY = AsciiString.cached("x-should-retry");
    private static final CharSequence DROPPED = AsciiString.cached("x-sluice-dropped");
    private static final CharSequence COST = AsciiString.cached("x-sluice-cost-usd");
    private static final CharSequence ANTHROPIC_ID = AsciiString.cached("request-id");
    private static final CharSequence ANTHROPIC_VERSION = AsciiString.cached("anthropic-version");
    private static final CharSequence ACCEL_BUFFERING = AsciiString.cached("x-accel-buffering");
    private static final CharSequence NO_CACHE = AsciiString.cached("no-cache");
    private static final CharSequence NO = AsciiString.cached("no");
    private static final CharSequence EVENT_STREAM =
            AsciiString.cached("text/event-stream; charset=utf-8");
    static final String JSON = "application/json";

    /// What a refused caller may still send before its connection is closed instead of kept.
    private static final long DISCARD_BYTES = 8 << 20;

    private static final long DISCARD_NANOS = 2_000_000_000L;
    private static final long DISCARD_LOOK_MILLIS = 20;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Operation operation;
    private final CallId id;
    private final ListenerSettings settings;
    private final RequestBody body;
    private final Timings timings;
    private @Nullable Strand strand;
    private @Nullable String resolvedModel;
    private boolean answersTfy;
    private int attempts;
    private @Nullable String dropped;
    private @Nullable String cost;
    private @Nullable String etag;
    private Left left = Left.NOTHING_LIMITED;
    private @Nullable LastWords lastWords;
    private final Family family;
    private volatile boolean writeFull;
    private volatile boolean closesAfter;
    private volatile boolean invalid;
    private boolean begun;
    private boolean answered;
    private int status;
    private long bytesOut;

    Exchange(
            HttpServerRequest request,
            Operation operation,
            CallId id,
            ListenerSettings settings,
            RequestBody body) {
        this.request = request;
        this.response = request.response();
        this.operation = operation;
        this.id = id;
        this.settings = settings;
        this.body = body;
        this.timings = new Timings(System.nanoTime());
        this.family = family(operation, request);
    }

    /// A route that both families have is answered in the words of whoever shows to be of the other.
    private static Family family(Operation operation, HttpServerRequest request) {
        if (operation instanceof Operation.Call(var dialect, var _)) {
            return dialect.family();
        }
        var path = request.path();
        return request.headers().contains(ANTHROPIC_VERSION)
                        || path.startsWith("/anthropic/")
                        || path.endsWith("/messages")
                        || path.contains("/messages/")
                ? Family.ANTHROPIC
                : Family.OPENAI;
    }

    /// Ties the exchange to its strand. Called on the loop, before the strand runs.
    void carriedBy(Strand strand) {
        this.strand = strand;
        body.wakes(strand);
        response.closeHandler(_ -> callerGone());
        response.exceptionHandler(_ -> callerGone());
        request.exceptionHandler(_ -> callerGone());
    }

    private void callerGone() {
        if (!response.ended()) {
            strand().cancel(new Failure.CallerGone().asException());
        }
    }

    public Strand strand() {
        var carried = strand;
        if (carried == null) {
            throw new IllegalStateException("the exchange has no strand yet");
        }
        return carried;
    }

    /// Socket work of this exchange. What it throws must not leave the caller waiting for an answer.
    private void onLoop(Runnable work) {
        strand().onLoop(() -> {
            try {
                work.run();
            } catch (RuntimeException bug) {
                LOG.error("Call {} could not be answered; its connection is closed", id, bug);
                drop();
            }
        });
    }

    /// Whose clients the caller's is, as far as its request shows.
    public Family family() {
        return family;
    }

    public Operation operation() {
        return operation;
    }

    public CallId id() {
        return id;
    }

    public Timings timings() {
        return timings;
    }

    /// Every credential that the caller presented, in the order in which they count: bearer, then the two key headers.
    public List<String> credentials() {
        var presented = new ArrayList<String>(3);
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null
                && authorization.length() > 7
                && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            presented.add(authorization.substring(7).strip());
        }
        for (var name : KEY_HEADERS) {
            var value = request.getHeader(name);
            if (value != null) {
                presented.add(value.strip());
            }
        }
        return presented;
    }

    private static final List<AsciiString> KEY_HEADERS =
            List.of(AsciiString.cached("x-api-key"), AsciiString.cached("x-bf-vk"));

    /// The headers that go on to the target: those that are known to mean something there and nothing here. Hop-by-hop
    /// headers, credentials and whatever else a caller makes up stay behind (facts/llm-protocols.md rule G9).
    public Map<String, String> forwarded() {
        Map<String, String> forwarded = Map.of();
        for (var name : FORWARDED) {
            var value = request.getHeader(name);
            if (value != null && !endsHere(name)) {
                forwarded = forwarded.isEmpty() ? new HashMap<>() : forwarded;
                forwarded.put(name.toString(), value);
            }
        }
        return family == Family.ANTHROPIC ? withAnthropics(forwarded) : forwarded;
    }

    /// A flag and what it allows in the body belong together, and new ones come without notice: all of that name pass
    /// (facts/mcp.md, Claude Code).
    private Map<String, String> withAnthropics(Map<String, String> forwarded) {
        var all = new HashMap<>(forwarded);
        for (var header : request.headers()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("anthropic-") && !endsHere(AsciiString.of(name))) {
                all.merge(name, header.getValue(), (one, more) -> one + "," + more);
            }
        }
        return all;
    }

    /// True for a header that the caller's own {@code connection} names: it is for this hop (RFC 9110 section 7.6.1).
    private boolean endsHere(AsciiString name) {
        for (var list : request.headers().getAll(HttpHeaders.CONNECTION)) {
            for (var named : list.split(",", -1)) {
                if (name.contentEqualsIgnoreCase(named.strip())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static final List<AsciiString> FORWARDED =
            List.of(
                    AsciiString.cached("traceparent"),
                    AsciiString.cached("tracestate"),
                    AsciiString.cached("openai-beta"),
                    AsciiString.cached("x-databricks-use-coding-agent-mode"));

    /// The whole request body. Its array serves another call when this one's strand has ended, so no view of it may be
    /// kept for longer.
    ///
    /// @throws sluice.call.CallFailed when it is too large, comes too slowly, or the caller leaves
    public Bytes readBody() {
        if (body.settled()) {
            return wholeBody();
        }
        if (declaredTooLarge()) {
            throw new Failure.BodyTooLarge(settings.maxBodyBytes()).asException();
        }
        onLoop(this::askForBody);
        long whole = System.nanoTime() + settings.bodyTimeout().toNanos();
        while (!strand().await(body::settled, earlier(idleDeadline(), whole))) {
            long now = System.nanoTime();
            if (now - whole >= 0) {
                throw new Failure.BodyTooSlow(settings.bodyTimeout(), true).asException();
            }
            if (now - idleDeadline() >= 0) {
                throw new Failure.BodyTooSlow(settings.idleTimeout(), false).asException();
            }
        }
        return wholeBody();
    }

    /// Waits; a caller that leaves ends the wait.
    ///
    /// @param nanos kept to within one tick of the loop
    public void pause(long nanos) {
        if (nanos > 0) {
            strand().await(() -> false, System.nanoTime() + nanos);
        }
    }

    /// Waits until {@code ready} says true; a caller that leaves ends the wait.
    ///
    /// @return false when the deadline passed first
    public boolean await(BooleanSupplier ready, long deadlineNanos) {
        return strand().await(ready, deadlineNanos);
    }

    /// Lets the call look again at what it waits for. From any thread.
    public void wake() {
        strand().wake();
    }

    private static long earlier(long deadline, long other) {
        return deadline - other < 0 ? deadline : other;
    }

    private long idleDeadline() {
        return body.progressNanos() + settings.idleTimeout().toNanos();
    }

    private boolean declaredTooLarge() {
        var declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return declared != null
                && (declared.length() > 18 || Long.parseLong(declared) > settings.maxBodyBytes());
    }

    private void askForBody() {
        var expect = request.getHeader(HttpHeaders.EXPECT);
        if (expect != null && expect.toLowerCase(Locale.ROOT).equals("100-continue")) {
            response.writeContinue();
        }
        body.ask();
    }

    private Bytes wholeBody() {
        if (body.tooLarge()) {
            throw new Failure.BodyTooLarge(settings.maxBodyBytes()).asException();
        }
        if (body.broken()) {
            throw new Failure.Malformed("The request's chunked encoding is broken.", null)
                    .asException();
        }
        return body.bytes();
    }

    /// The line has ended, on whatever way. A socket that still sends the body, after a target answered early, has its
    /// array for itself, and it is left to the collector.
    void over() {
        if (body.isLarge()) {
            onLoop(() -> {
                if (!strand().lends()) {
                    body.giveBack();
                }
            });
        }
    }

    /// The size of the request body as far as it was read.
    public long bytesIn() {
        return body.ended() ? body.bytes().length() : 0;
    }

    public long bytesOut() {
        return bytesOut;
    }

    /// The HTTP status that went out, or 0 when nothing did.
    public int status() {
        return status;
    }

    /// Names the target and model that answer, for the response header.
    public void resolved(String targetAndModel) {
        resolvedModel = targetAndModel;
    }

    /// Names the target and model under the header of the system that the caller comes from, too.
    public void answersTfy() {
        answersTfy = true;
    }

    /// How often the call was sent to a target, for the response header.
    public void attempts(int sent) {
        attempts = sent;
    }

    /// A header of the request, null where it has none of that name; of several the first.
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    /// All values of a header of the request, in the order in which they came.
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    /// The address at the other end of the connection, without its port; empty when that is none of the internet's.
    public String peer() {
        var peer = request.remoteAddress();
        return peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
    }

    /// Names the fields that the target could not carry, for the response header.
    public void dropped(List<String> names) {
        dropped = names.isEmpty() ? null : String.join(", ", names);
    }

    /// What the call cost, for the response header: a decimal number of US dollars, or null when nobody knows.
    public void cost(@Nullable String dollars) {
        cost = dollars;
    }

    /// What is left of the caller's limits, for the response headers.
    public void left(Left remaining) {
        left = remaining;
    }

    /// The query of the request's address, empty without one.
    public String query() {
        var query = request.query();
        return query == null ? "" : query;
    }

    /// Names the version of the object that is answered, for the response header.
    public void version(String tag) {
        etag = tag;
    }

    /// Sends the one and only answer.
    public void answer(int status, String contentType, Bytes content) {
        this.status = status;
        bytesOut = content.length();
        answered = true;
        var timing = timings.serverTiming();
        onLoop(() -> {
            if (response.closed() || response.ended()) {
                return;
            }
            putOurHeaders(status, timing);
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            closeIfBodyRemains();
            endWith(content);
        });
    }

    /// Starts a stream of server-sent events. Nothing leaves before the first {@link #write}.
    ///
    /// @param words how the stream says that it cannot go on, if that happens
    public void begin(LastWords words) {
        status = 200;
        lastWords = words;
        begun = true;
        var timing = timings.serverTiming();
        onLoop(() -> {
            putOurHeaders(200, timing);
            response.setChunked(true);
            response.putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM);
            response.putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE);
            response.putHeader(ACCEL_BUFFERING, NO);
        });
    }

    /// Writes some events in one piece, and waits first while the client is behind.
    public void write(List<Bytes> events) {
        if (events.isEmpty()) {
            return;
        }
        if (writeFull) {
            strand().await(() -> !writeFull, writeDeadline());
            if (writeFull) {
                strand().cancel(new Failure.CallerGone().asException());
                onLoop(this::drop);
                throw new Failure.CallerGone().asException();
            }
        }
        for (var event : events) {
            bytesOut += event.length();
        }
        var buffer = Wire.buffer(events);
        onLoop(() -> {
            if (response.closed() || response.ended()) {
                return;
            }
            response.write(buffer);
            if (response.writeQueueFull()) {
                writeFull = true;
                response.drainHandler(_ -> {
                    writeFull = false;
                    strand().wake();
                });
            }
        });
    }

    /// A client that takes nothing for the idle time is treated as gone.
    private long writeDeadline() {
        return System.nanoTime() + settings.idleTimeout().toNanos();
    }

    public void end() {
        answered = true;
        onLoop(() -> {
            if (!response.closed() && !response.ended()) {
                response.end();
            }
        });
    }

    /// Tells the caller that the call cannot go on: as a status while none was sent, else as the
    /// stream's last event (facts/llm-protocols.md section 2). The connection is not closed for it:
    /// the answer has its end, and a client may be sending its next request there already.
    public void fail(Failure failure) {
        if (answered) {
            return;
        }
        answered = true;
        var refusal = Refusal.of(failure);
        var words = lastWords;
        if (begun && words != null) {
            var last = words.of(refusal.type(family), refusal.code(), refusal.message(family));
            bytesOut += last.length();
            onLoop(() -> endBroken(last));
            return;
        }
        var text = ErrorText.of(refusal, family, id.value());
        status = refusal.status(family);
        bytesOut = text.length();
        var timing = timings.serverTiming();
        onLoop(() -> refuse(refusal, text, timing));
    }

    /// Whether anything of the answer has been decided, so that no other target can be tried.
    public boolean hasBegun() {
        return begun || answered;
    }

    private void refuse(Refusal refusal, Bytes text, String timing) {
        if (response.closed() || response.ended()) {
            return;
        }
        putOurHeaders(refusal.status(family), timing);
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.putHeader(ERROR_SOURCE, refusal.source());
        var retryAfter = refusal.retryAfter();
        if (retryAfter != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Refusal.seconds(retryAfter)));
        }
        if (refusal.isFinal()) {
            response.putHeader(SHOULD_RETRY, "false");
        }
        LimitHeaders.putRefused(refusal, family, response);
        if (operation
                instanceof Operation.Refused(Failure.MethodNotAllowed(var _, var _, var allowed))) {
            response.putHeader(HttpHeaders.ALLOW, allowed);
        }
        closeIfBodyRemains();
        endWith(text);
    }

    /// A HEAD is told the length and gets no content.
    private void endWith(Bytes content) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (head) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length()));
        }
        var sent = head ? response.end() : response.end(Wire.buffer(content));
        sent.onComplete(_ -> discardRest());
    }

    private void endBroken(Bytes last) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.end(Wire.buffer(last)).onComplete(_ -> discardRest());
    }

    private void putOurHeaders(int status, String timing) {
        response.setStatusCode(status);
        response.putHeader(REQUEST_ID, id.value());
        response.putHeader(SERVER_TIMING, timing);
        if (family == Family.ANTHROPIC) {
            response.putHeader(ANTHROPIC_ID, id.value());
        }
        if (resolvedModel != null) {
            response.putHeader(RESOLVED_MODEL, resolvedModel);
            if (answersTfy) {
                response.putHeader(TFY_RESOLVED_MODEL, resolvedModel);
            }
        }
        if (attempts > 0) {
            response.putHeader(ATTEMPTS, Integer.toString(attempts));
        }
        if (dropped != null) {
            response.putHeader(DROPPED, dropped);
        }
        if (cost != null) {
            response.putHeader(COST, cost);
        }
        LimitHeaders.put(left, family, response);
        if (etag != null) {
            response.putHeader(HttpHeaders.ETAG, etag);
        }
        if (closesAfter) {
            body.last();
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /// Makes this the last exchange of its connection, because the gateway is stopping.
    void closeAfterwards() {
        closesAfter = true;
    }

    /// The request was no HTTP; its connection ends with the answer, and nothing more is read from it.
    void refuseAsInvalid() {
        closesAfter = true;
        invalid = true;
    }

    /// A large body that nobody will read is not waited for: the connection ends with the answer.
    private void closeIfBodyRemains() {
        if (!body.ended() && request.version() != HttpVersion.HTTP_2) {
            closesAfter = true;
            body.last();
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /// Takes and drops what the caller is still sending, so that it can read the answer before its connection is reset;
    /// not without bound.
    private void discardRest() {
        if (!closesAfter) {
            return;
        }
        if (body.ended() || body.broken() || invalid) {
            closeConnection();
            return;
        }
        body.drop();
        long giveUp = System.nanoTime() + DISCARD_NANOS;
        var loop = strand().loop();
        loop.context()
                .owner()
                .setPeriodic(
                        DISCARD_LOOK_MILLIS,
                        timer -> {
                            if (body.ended()
                                    || response.closed()
                                    || body.droppedBytes() > DISCARD_BYTES
                                    || System.nanoTime() - giveUp >= 0) {
                                loop.context().owner().cancelTimer(timer);
                                closeConnection();
                            }
                        });
    }

    /// Ends the connection without waiting for what the client does not take.
    private void drop() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            ConnectionGuard.cut(request.connection());
        }
    }

    private void closeConnection() {
        if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        }
    }
}
