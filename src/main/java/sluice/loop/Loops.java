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

/// All event loops of the process, with their watchdog and the workers beside them.
public final class Loops implements AutoCloseable {
    private final Vertx vertx;
    private final List<Loop> loops;
    private final Workers workers;
    private final Watchdog watchdog;

    private Loops(Vertx vertx, List<Loop> loops, Workers workers, Watchdog watchdog) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.workers = workers;
        this.watchdog = watchdog;
    }

    /// Starts the loops, with as many workers as go with the machine.
    ///
    /// @param count how many loops; 0 means one per core
    public static Loops start(int count, Carrier carrier) {
        return start(count, 0, carrier);
    }

    /// Starts the loops, their workers and the watchdog.
    ///
    /// @param count how many loops; 0 means one per core
    /// @param workers how many of them; 0 means one for every two cores
    public static Loops start(int count, int workers, Carrier carrier) {
        return start(count, Workers.start(workers, carrier), carrier);
    }

    static Loops start(int count, Workers beside, Carrier carrier) {
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
            context.runOnContext(_ -> started.complete(Loop.on(context, index, carrier, beside)));
            var loop = started.join();
            watchdog.add(loop);
            loops.add(loop);
        }
        return new Loops(vertx, loops, beside, watchdog);
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

    /// How many calls wait for a worker.
    public int waiting() {
        return workers.waiting();
    }

    /// Ends every loop, its sockets and its timers, once the workers have ended what they were at.
    @Override
    public void close() {
        watchdog.close();
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
