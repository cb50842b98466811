package sluice.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.call.Failure.TimedOut.Phase;
import sluice.json.Pieces;
import sluice.loop.Strand;
import sluice.loop.Wire;
import sluice.loop.Work;

/// One request on its way to a target and its reply coming back. The upper half is called on the call's strand and
/// waits; the lower half runs on the loop and touches the socket. Closing it before the end cancels the call upstream:
/// an agent that left must not go on burning tokens.
public final class Transfer implements AutoCloseable {
    /// How much of a reply may lie here unread before the target is asked to wait.
    private static final long HIGH_WATER_BYTES = 256 * 1024;

    private static final long LOW_WATER_BYTES = 64 * 1024;

    /// The largest part of a body that is handed to the socket at once, so that a large one is not copied whole.
    private static final int PART_BYTES = 256 * 1024;

    /// A small body is copied into one piece: that is cheaper than to hand the socket several.
    private static final int JOINED_BYTES = 16 * 1024;

    private static final long LINGER_MILLIS = 1_000;

    /// What a call may spend before its first sending, such as for a token.
    private static final long NEARLY_NANOS = 1_000_000_000L;

    private final Strand strand;
    private final Wires wires;
    private final Target target;
    private final Wires.Outgoing outgoing;
    private final Pool pool;
    private final long startedNanos = System.nanoTime();
    private final Queue<Bytes> reads = new ConcurrentLinkedQueue<>();
    private final AtomicLong unread = new AtomicLong();
    private volatile @Nullable HttpClientResponse response;
    private volatile Failure.@Nullable Upstream failure;
    private volatile boolean ended;
    private volatile boolean cancelled;
    private volatile boolean paused;
    private volatile long progressNanos = startedNanos;
    private Patience patience = Patience.NONE;
    private @Nullable HttpClientConnection connection;
    private boolean bodySent;

    Transfer(Strand strand, Wires wires, Pool pool, Wires.Outgoing outgoing) {
        this.strand = strand;
        this.pool = pool;
        this.wires = wires;
        this.target = wires.target();
        this.outgoing = outgoing;
    }

    /// Bounds the transfer by the call's own time, beside the target's limits. Called before any waiting.
    Transfer within(Patience bound) {
        patience = bound;
        return this;
    }

    /// Waits for the reply's head. A head that has come counts, even when the connection broke right behind it.
    ///
    /// @return its status
    public int awaitStatus() {
        long deadline = earlier(startedNanos + target.deadlines().firstByte().toNanos());
        if (patience.asksForToken() && patience.firstTokenNanos() - deadline < 0) {
            deadline = patience.firstTokenNanos();
        }
        if (!strand.await(() -> response != null || failure != null, deadline)) {
            throwIfCallIsLate();
            throwIfTokenIsLate();
            throw timedOut(Phase.FIRST_BYTE, target.deadlines().firstByte());
        }
        if (response == null) {
            throwFailure();
        }
        return head().statusCode();
    }

    /// A header of the reply, after {@link #awaitStatus}.
    public @Nullable String header(CharSequence name) {
        return head().getHeader(name);
    }

    /// True when the reply says that it is of this media type.
    public boolean isOfType(String mediaType) {
        var type = header(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, mediaType, 0, mediaType.length());
    }

    /// True when the body does not come as it is: compressed, although only {@code identity} is accepted.
    public boolean isEncoded() {
        var encoding = header(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    /// Waits for the next read of the reply's body.
    ///
    /// @param patience after which to come back empty-handed
    /// @return what came; empty when nothing came in time; null at the end of the body
    public @Nullable Bytes next(Duration patience) {
        long comeBack = System.nanoTime() + patience.toNanos();
        while (true) {
            var read = reads.poll();
            if (read != null) {
                taken(read.length());
                return read;
            }
            throwFailure();
            if (ended) {
                return reads.isEmpty() ? null : next(patience);
            }
            long idle = progressNanos + target.deadlines().idle().toNanos();
            long deadline = earlier(comeBack - idle < 0 ? comeBack : idle);
            if (!strand.await(this::hasNews, deadline)) {
                return timeUp(comeBack, idle);
            }
        }
    }

    private Bytes timeUp(long comeBack, long idle) {
        throwIfCallIsLate();
        long now = System.nanoTime();
        if (now - targetDeadline() >= 0) {
            throw timedOut(Phase.TOTAL, target.deadlines().total());
        }
        if (now - idle >= 0) {
            throw timedOut(Phase.IDLE, target.deadlines().idle());
        }
        if (now - comeBack < 0) {
            throw new IllegalStateException("woken before any deadline");
        }
        return Bytes.EMPTY;
    }

    private boolean hasNews() {
        return !reads.isEmpty() || ended || failure != null;
    }

    /// Off the loop, for as long as the stay is not closed, when so many bytes of the reply are too much for it.
    Strand.Stay aside(Work work, long bytes) {
        return strand.asideWithAnswer(work, bytes, patience.untilNanos());
    }

    /// The whole body. A large one is kept in parts until all of it has come, because a growing array would be copied
    /// again and again, on the loop.
    ///
    /// @throws sluice.call.CallFailed when it is larger than {@code limit}
    public Bytes readAll(long limit) {
        Bytes only = null;
        ByteArrayOutputStream more = null;
        var parts = new ArrayList<Bytes>(0);
        long size = 0;
        while (true) {
            var read = next(target.deadlines().total());
            if (read == null) {
                break;
            }
            size += read.length();
            if (size > limit) {
                throw broken("it is larger than " + limit + " bytes (max_response_bytes)");
            }
            if (only == null) {
                only = read;
                continue;
            }
            if (more == null) {
                more = new ByteArrayOutputStream(Math.max(4 * only.length(), 1 << 16));
                more.write(only.array(), only.from(), only.length());
            }
            more.write(read.array(), read.from(), read.length());
            if (more.size() >= PART_BYTES) {
                parts.add(Bytes.of(more.toByteArray()));
                more.reset();
            }
        }
        if (more == null) {
            return only == null ? Bytes.EMPTY : only;
        }
        parts.add(Bytes.of(more.toByteArray()));
        return parts.size() == 1 ? parts.getFirst() : joined(parts, size);
    }

    private Bytes joined(List<Bytes> parts, long size) {
        try (var _ = aside(Work.SCAN, size)) {
            return new Pieces(parts, size).joined();
        }
    }

    /// The beginning of the body, for an error's words; the rest is not waited for.
    public Bytes readSome(int limit) {
        var some = new ByteArrayOutputStream();
        while (some.size() < limit) {
            var read = next(target.deadlines().idle());
            if (read == null || read.isEmpty()) {
                break;
            }
            some.write(read.array(), read.from(), Math.min(read.length(), limit - some.size()));
        }
        return Bytes.of(some.toByteArray());
    }

    /// When the last bytes came, on the scale of {@link System#nanoTime}.
    long progressNanos() {
        return progressNanos;
    }

    public RuntimeException broken(String what) {
        return new Failure.BrokenAnswer(target.id(), what).asException();
    }

    @Override
    public void close() {
        if (!ended) {
            cancelled = true;
            strand.onLoop(this::cancel);
        }
    }

    /// Says that the reply is complete as far as anybody cares. Its last bytes usually follow at once, and then the
    /// connection can serve again; when they do not, it is closed.
    public void release() {
        if (!ended) {
            strand.onLoop(this::linger);
        }
    }

    private HttpClientResponse head() {
        var head = response;
        if (head == null) {
            throw new IllegalStateException("the head has not been waited for");
        }
        return head;
    }

    private void taken(int length) {
        if (unread.addAndGet(-length) < LOW_WATER_BYTES && paused) {
            progressNanos = System.nanoTime(); // it was silent because it was asked to wait
            paused = false;
            strand.onLoop(() -> head().resume());
        }
    }

    private void throwFailure() {
        var failed = failure;
        if (failed != null) {
            throw failed.asException();
        }
    }

    private RuntimeException timedOut(Phase phase, Duration limit) {
        return new Failure.TimedOut(target.id(), phase, limit).asException();
    }

    /// The caller wanted a stream's first token by now.
    void throwIfTokenIsLate() {
        if (patience.asksForToken() && System.nanoTime() - patience.firstTokenNanos() >= 0) {
            throw timedOut(Phase.FIRST_TOKEN, patience.firstToken());
        }
    }

    /// A target that had as good as all of its own time is late itself; one that was asked when little was left of the
    /// call's is not.
    private void throwIfCallIsLate() {
        long until = patience.untilNanos();
        if (until != Strand.NEVER && System.nanoTime() - until >= 0) {
            boolean hadItsTime = targetDeadline() - until < NEARLY_NANOS;
            throw hadItsTime
                    ? timedOut(Phase.TOTAL, target.deadlines().total())
                    : timedOut(Phase.CALL, patience.whole());
        }
    }

    private long targetDeadline() {
        return startedNanos + target.deadlines().total().toNanos();
    }

    private long earlier(long deadline) {
        long total = targetDeadline();
        long sooner = deadline - total < 0 ? deadline : total;
        long until = patience.untilNanos();
        return until == Strand.NEVER || sooner - until < 0 ? sooner : until;
    }

    // ---- on the loop ----

    /// Whatever is thrown here must end the call's wait, or it would last until its deadline.
    void begin(RequestOptions options) {
        try {
            var idle = pool.takeIdle();
            if (idle != null) {
                open(idle, options);
            } else {
                pool.connect()
                        .onSuccess(fresh -> open(fresh, options))
                        .onFailure(this::failBeforeReply);
            }
        } catch (RuntimeException fault) {
            failBeforeReply(fault);
        }
    }

    private void open(HttpClientConnection free, RequestOptions options) {
        connection = free;
        free.request(options).onSuccess(this::send).onFailure(this::failBeforeReply);
    }

    private Duration connectLimit() {
        return target.deadlines().connect();
    }

    private void send(HttpClientRequest opened) {
        try {
            sendChecked(opened);
        } catch (RuntimeException fault) {
            failBeforeReply(fault);
            cancel();
        }
    }

    private void sendChecked(HttpClientRequest opened) {
        opened.exceptionHandler(this::failBeforeReply);
        if (cancelled) {
            cancel();
            return;
        }
        wires.writeHead(outgoing, opened.headers());
        opened.response().onSuccess(this::receive).onFailure(this::failBeforeReply);
        var body = outgoing.body();
        if (body == null) {
            bodySent = true;
            opened.end();
        } else if (body.length() <= JOINED_BYTES) {
            bodySent = true;
            opened.end(Wire.buffer(body.joined()));
        } else {
            strand.lend();
            pump(opened, new Parts(body, PART_BYTES));
        }
    }

    /// Sends a large body part by part, as fast as the target takes it. Only when its last byte has left does the
    /// socket not need it any more; after a failure nobody knows, and it stays lent.
    private void pump(HttpClientRequest opened, Parts parts) {
        while (parts.hasNext()) {
            if (opened.writeQueueFull()) {
                opened.drainHandler(_ -> pump(opened, parts));
                return;
            }
            opened.write(Wire.buffer(parts.next()));
        }
        bodySent = true;
        opened.end().onSuccess(_ -> strand.takeBack());
    }

    private void receive(HttpClientResponse head) {
        progressNanos = System.nanoTime();
        head.handler(this::read);
        head.endHandler(_ -> end());
        head.exceptionHandler(fault -> {
            if (!ended) {
                fail(SocketFault.duringTheReply(target.id(), fault));
            }
        });
        response = head;
        strand.wake();
    }

    private void read(Buffer chunk) {
        progressNanos = System.nanoTime();
        var bytes = Wire.bytes(chunk);
        if (bytes.isEmpty() || cancelled) {
            return;
        }
        reads.add(bytes);
        if (unread.addAndGet(bytes.length()) > HIGH_WATER_BYTES && !paused) {
            paused = true;
            head().pause();
        }
        strand.wake();
    }

    private void end() {
        ended = true;
        var used = connection;
        if (used != null && bodySent && staysOpen()) {
            pool.giveBack(used);
        } else if (used != null) {
            used.close();
        }
        strand.wake();
    }

    /// The target may announce that it closes; the next call must not run into that.
    private boolean staysOpen() {
        if (head().version() != HttpVersion.HTTP_1_1) {
            return false;
        }
        var headers = head().headers();
        return !headers.contains(HttpHeaders.CONNECTION) // as in most answers
                || headers.getAll(HttpHeaders.CONNECTION).stream()
                        .flatMap(said -> Stream.of(said.split(",")))
                        .noneMatch(said -> said.strip().equalsIgnoreCase("close"));
    }

    private void failBeforeReply(Throwable fault) {
        if (response == null) {
            fail(SocketFault.beforeTheReply(target.id(), fault, connectLimit()));
        }
    }

    private void fail(Failure.Upstream failed) {
        if (failure == null) {
            failure = failed;
            strand.wake();
        }
    }

    private void linger() {
        cancelled = true;
        if (!ended) {
            head().resume();
            var vertx = strand.loop().context().owner();
            vertx.setTimer(LINGER_MILLIS, _ -> cancel());
        }
    }

    /// One call at a time is on a connection, so closing it is what tells the target to stop.
    private void cancel() {
        var used = connection;
        if (used == null || ended) {
            return;
        }
        var head = response;
        if (head != null) {
            head.resume(); // what the library holds back would never be released
        }
        used.close();
    }
}
