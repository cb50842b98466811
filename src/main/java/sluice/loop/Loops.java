package sluice.loop;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// All event loops of the process, with their watchdog.
public final class Loops implements AutoCloseable {
    private final Vertx vertx;
    private final List<Loop> loops;
    private final Watchdog watchdog;

    private Loops(Vertx vertx, List<Loop> loops, Watchdog watchdog) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.watchdog = watchdog;
    }

    /// Starts the loops and the watchdog.
    ///
    /// @param count how many loops; 0 means one per core
    public static Loops start(int count, Carrier carrier) {
        int size = count > 0 ? count : Runtime.getRuntime().availableProcessors();
        var vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setEventLoopPoolSize(size)
                                .setWorkerPoolSize(1)
                                .setInternalBlockingPoolSize(2)
                                .setPreferNativeTransport(true)
                                .setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1))
                                .setAddressResolverOptions(
                                        new AddressResolverOptions().setCacheMaxTimeToLive(60))
                                .setFileSystemOptions(
                                        new FileSystemOptions()
                                                .setFileCachingEnabled(false)
                                                .setClassPathResolvingEnabled(false)));
        var watchdog = Watchdog.start();
        var loops = new ArrayList<Loop>(size);
        for (int i = 0; i < size; i++) {
            int index = i;
            var context = ((VertxInternal) vertx).createEventLoopContext();
            var started = new CompletableFuture<Loop>();
            context.runOnContext(_ -> started.complete(Loop.on(context, index, carrier)));
            var loop = started.join();
            watchdog.add(loop);
            loops.add(loop);
        }
        return new Loops(vertx, loops, watchdog);
    }

    public List<Loop> all() {
        return loops;
    }

    public Vertx vertx() {
        return vertx;
    }

    /// True when sockets go through epoll, not through the JDK's own selector.
    public boolean nativeTransport() {
        return vertx.isNativeTransportEnabled();
    }

    /// Ends every loop, its sockets and its timers.
    @Override
    public void close() {
        watchdog.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
