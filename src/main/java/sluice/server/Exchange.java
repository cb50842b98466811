package sluice.server;

import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Bytes;
import sluice.call.CallId;
import sluice.call.Failure;
import sluice.call.Timings;
import sluice.loop.Strand;
import sluice.loop.Wire;

/// One request and its answer, as the line sees them: blocking, straight, and free of socket types.
///
/// Reading and answering are called on the call's strand; the socket itself is touched on the loop only. The answer is
/// either one piece ({@link #answer}), or a stream ({@link #begin}, {@link #write}, {@link #end}), or a failure
/// ({@link #fail}), which takes the form that the answer so far allows.
public final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final CharSequence REQUEST_ID = AsciiString.cached("x-request-id");
    private static final CharSequence RESOLVED_MODEL =
            AsciiString.cached("x-sluice-resolved-model");
    private static final CharSequence SERVER_TIMING = AsciiString.cached("server-timing");
    private static final CharSequence ERROR_SOURCE = AsciiString.cached("x-sluice-error-source");
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
            if (value != null) {
                forwarded = forwarded.isEmpty() ? new HashMap<>() : forwarded;
                forwarded.put(name.toString(), value);
            }
        }
        return forwarded;
    }

    private static final List<AsciiString> FORWARDED =
            List.of(
                    AsciiString.cached("traceparent"),
                    AsciiString.cached("tracestate"),
                    AsciiString.cached("openai-beta"));

    /// The whole request body.
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
        while (!strand().await(body::settled, idleDeadline())) {
            if (System.nanoTime() - idleDeadline() >= 0) {
                throw new Failure.BodyTooSlow(settings.idleTimeout()).asException();
            }
        }
        return wholeBody();
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
    public void begin() {
        status = 200;
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

    /// Tells the caller that the call cannot go on: as a status while none was sent, else as the stream's last event,
    /// after which the connection is closed (facts/llm-protocols.md section 2).
    public void fail(Failure failure) {
        if (answered) {
            return;
        }
        answered = true;
        var error = OpenAiErrors.of(failure);
        var text = ErrorText.of(error);
        if (begun) {
            bytesOut += text.length();
            onLoop(() -> endBroken(text));
            return;
        }
        status = error.status();
        bytesOut = text.length();
        var timing = timings.serverTiming();
        onLoop(() -> refuse(error, text, timing));
    }

    private void refuse(OpenAiErrors error, Bytes text, String timing) {
        if (response.closed() || response.ended()) {
            return;
        }
        putOurHeaders(error.status(), timing);
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.putHeader(ERROR_SOURCE, error.source());
        var retryAfter = error.retryAfter();
        if (retryAfter != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, seconds(retryAfter));
        }
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

    private void endBroken(Bytes error) {
        if (response.closed() || response.ended()) {
            return;
        }
        var event = List.of(Bytes.utf8("data: "), error, Bytes.utf8("\n\n"));
        response.end(Wire.buffer(event)).onComplete(_ -> closeConnection());
    }

    private void putOurHeaders(int status, String timing) {
        response.setStatusCode(status);
        response.putHeader(REQUEST_ID, id.value());
        response.putHeader(SERVER_TIMING, timing);
        if (resolvedModel != null) {
            response.putHeader(RESOLVED_MODEL, resolvedModel);
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

    /// Takes and drops what the caller is still sending, so that it can read the answer before its connection is
    /// reset; not without bound.
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

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, (duration.toMillis() + 999) / 1000));
    }
}
