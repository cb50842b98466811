package sluice.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A workspace on a real port, from {@link #start} to {@link #close}. Closing it closes every connection, ends every
/// thread and frees the port.
public final class Simulator implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final Settings settings;
    private final ServerSocket door;
    private final Recording recording;
    private final Scripts scripts;
    private final Workspace workspace;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("simulator-", 0).factory());

    private Simulator(Settings settings, ServerSocket door) {
        this.settings = settings;
        this.door = door;
        this.recording = new Recording(settings.recorded());
        this.scripts = new Scripts(settings.behaviour());
        this.workspace = new Workspace(settings, scripts);
    }

    /// Starts one with the standard settings; port 0 takes any free one.
    public static Simulator start(int port) {
        return start(port, Settings.standard());
    }

    public static Simulator start(int port, Settings settings) {
        try {
            var address = InetAddress.getByName(settings.address());
            var door = new ServerSocket();
            door.setReuseAddress(true);
            door.bind(new InetSocketAddress(address, port), BACKLOG);
            var simulator = new Simulator(settings, door);
            simulator.threads.execute(simulator::accept);
            return simulator;
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "the simulator cannot listen on " + settings.address() + ":" + port, refused);
        }
    }

    /// The method and path of everything that is answered, for people to read.
    public static List<String> paths() {
        return Workspace.paths();
    }

    public int port() {
        return door.getLocalPort();
    }

    /// The workspace's host as a URL without a path: {@code http://127.0.0.1:8089}.
    public String host() {
        return "http://" + settings.address() + ":" + port();
    }

    public Settings settings() {
        return settings;
    }

    public Recording recording() {
        return recording;
    }

    /// Queues behaviours for the next model calls that ask for none, one for each call.
    public void next(String... behaviours) {
        for (var behaviour : behaviours) {
            scripts.next(behaviour);
        }
    }

    /// Forgets what was queued and not asked for.
    public void nothingNext() {
        scripts.nothingNext();
    }

    /// Answers all model calls so that ask for no behaviour and find none queued.
    public void always(String behaviour) {
        scripts.always(behaviour);
    }

    /// Answers so when endpoints or models are listed.
    public void listing(String behaviour) {
        scripts.listing(behaviour);
    }

    /// Answers so when tokens are asked for.
    public void minting(String behaviour) {
        scripts.minting(behaviour);
    }

    /// The tokens that were minted.
    public Tokens tokens() {
        return workspace.tokens();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException ignored) {
            // A port that cannot be closed was not open.
        }
        threads.shutdown();
        connections.forEach(Connection::close);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a connection of the simulator does not end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (true) {
            try {
                serve(new Connection(door.accept(), workspace, recording));
            } catch (IOException failed) {
                if (door.isClosed()) {
                    return;
                }
                LockSupport.parkNanos(10_000_000); // out of file descriptors: let some be freed
            }
        }
    }

    private void serve(Connection connection) {
        connections.add(connection);
        try {
            threads.execute(() -> {
                connection.run();
                connections.remove(connection);
            });
        } catch (RejectedExecutionException closing) {
            connection.close();
        }
    }
}
