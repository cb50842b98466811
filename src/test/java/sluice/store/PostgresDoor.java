package sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A database of the tests' PostgreSQL behind a door of its own. While the door is shut, the server is to its clients as
/// one that was stopped: connections break and no other is taken.
public final class PostgresDoor implements AutoCloseable {
    private final PostgresServer server = PostgresServer.get();
    private final String database = server.newStore();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket door;
    private int port;

    public PostgresDoor() {
        open();
    }

    /// What a gateway is told.
    public String url() {
        return server.url(database).replace(":" + server.port() + "/", ":" + port + "/");
    }

    /// The store, whether the door is open or not.
    public Store store() {
        return Stores.postgresql(server.url(database));
    }

    /// Takes connections on the same port again.
    public synchronized void open() {
        try {
            var opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            port = opened.getLocalPort();
            door = opened;
            Thread.ofVirtual().start(() -> accept(opened));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public synchronized void shut() {
        quietly(Objects.requireNonNull(door));
        sockets.forEach(PostgresDoor::quietly);
        sockets.clear();
    }

    private void accept(ServerSocket opened) {
        try {
            while (true) {
                var client = opened.accept();
                var inside = new Socket(InetAddress.getLoopbackAddress(), server.port());
                client.setTcpNoDelay(true);
                inside.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(inside);
                Thread.ofVirtual().start(() -> carry(client, inside));
                Thread.ofVirtual().start(() -> carry(inside, client));
                if (opened.isClosed()) {
                    quietly(client);
                    quietly(inside);
                }
            }
        } catch (IOException shut) {
            // nobody comes in any more
        }
    }

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // both ends are closed
        }
    }

    private static void quietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception alreadyClosed) {
            // closed is closed
        }
    }

    @Override
    public void close() {
        shut();
    }
}
