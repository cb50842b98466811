package sluice.upstream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The connections of one loop to one target, kept alive between calls; the one that was used last is used next, so
/// that those which are not needed grow old and are closed. Touched on its loop only. The library's own pool, made for
/// any number of threads, costs more (RATIONALE.md).
final class Pool {
    private static final long SWEEP_MILLIS = 5_000;

    private final HttpClientAgent client;
    private final HttpConnectOptions where;
    private final int most;
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private @Nullable Vertx vertx;
    private long sweep;
    private int open;
    private boolean retired;

    private record Idle(HttpClientConnection connection, long sinceNanos) {}

    /// @param most how many connections there may be at once; a call that needs one more is refused
    Pool(HttpClientAgent client, HttpConnectOptions where, int most) {
        this.client = client;
        this.where = where;
        this.most = most;
    }

    /// Begins to close what grows old. On the loop.
    void start(Vertx loopTimers, Duration keepAlive) {
        vertx = loopTimers;
        sweep = vertx.setPeriodic(SWEEP_MILLIS, _ -> closeOlderThan(keepAlive));
    }

    /// A connection that is open and has nothing to do, or null.
    @Nullable HttpClientConnection takeIdle() {
        var last = idle.pollLast();
        return last == null ? null : last.connection();
    }

    Future<HttpClientConnection> connect() {
        if (open >= most) {
            return Future.failedFuture(
                    new ConnectionPoolTooBusyException("all " + most + " connections are in use"));
        }
        var connecting = client.connect(where);
        open++;
        return connecting.onSuccess(this::watch).onFailure(_ -> open--);
    }

    private void watch(HttpClientConnection connection) {
        connection.closeHandler(_ -> {
            open--;
            idle.removeIf(unused -> unused.connection().equals(connection));
        });
    }

    /// The call is over and nothing of it is left on the wire.
    void giveBack(HttpClientConnection connection) {
        if (retired) {
            connection.close();
        } else {
            idle.addLast(new Idle(connection, System.nanoTime()));
        }
    }

    /// Closes what nobody has used for {@code age}.
    void closeOlderThan(Duration age) {
        long now = System.nanoTime();
        var old = new ArrayList<HttpClientConnection>();
        for (var unused : idle) {
            if (now - unused.sinceNanos() < age.toNanos()) {
                break;
            }
            old.add(unused.connection());
        }
        for (var connection : old) {
            idle.removeFirst();
            connection.close();
        }
    }

    /// Running calls may finish; no connection outlives {@code patience}.
    void retire(Duration patience) {
        retired = true;
        if (vertx != null) {
            vertx.cancelTimer(sweep);
        }
        closeOlderThan(Duration.ZERO);
        if (vertx == null || !patience.isPositive()) {
            client.close();
        } else {
            // Until then a call that chose this target before it retired still gets its connection.
            vertx.setTimer(patience.toMillis(), _ -> client.close());
        }
    }
}
