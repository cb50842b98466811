package sluice.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// A real PostgreSQL for the tests of this JVM, started when the first of them asks. A shell keeps watch: it reads a pipe
/// from this JVM, and when the pipe ends, however the JVM ended, it stops the server and removes the folder.
final class PostgresServer {
    static final String USER = "sluice";
    static final String PASSWORD = "p@ss/w?rd:%";
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final int ATTEMPTS = 5;
    private static final String WATCH =
            """
            trap '' INT TERM HUP
            cd "$1"
            ./bin/initdb -D data -U sluice --auth=scram-sha-256 --pwfile=password --no-sync \\
                --locale=C -E UTF8 >log 2>&1 &&
            ./bin/pg_ctl -D data -w -l log -o "$2" start >>log 2>&1 && echo started || echo failed
            cat >/dev/null
            ./bin/pg_ctl -D data -m immediate stop >>log 2>&1
            rm -rf "$1"
            """;

    /// Made by the first test that asks.
    private static final class Only {
        static final PostgresServer SERVER = start();
    }

    private final int port;
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresServer(int port) {
        this.port = port;
    }

    static PostgresServer get() {
        return Only.SERVER;
    }

    /// @return the name of an empty database
    String emptyDatabase() {
        return create("template0");
    }

    /// @return the name of a database with a store that was never used
    String newStore() {
        return create(Fresh.STORE);
    }

    /// Copying it takes less time than migrating each.
    private static final class Fresh {
        static final String STORE = make();

        private static String make() {
            var name = get().emptyDatabase();
            Stores.postgresql(get().url(name)).close();
            return name;
        }
    }

    private String create(String template) {
        var name = "store_" + databases.incrementAndGet();
        try (var connection = connect("postgres")) {
            Sql.update(connection, "CREATE DATABASE " + name + " TEMPLATE " + template);
            return name;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    int port() {
        return port;
    }

    String url(String database) {
        return "postgresql://%s:p%%40ss%%2Fw%%3Frd:%%25@127.0.0.1:%d/%s"
                .formatted(USER, port, database);
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), USER, PASSWORD);
    }

    private static PostgresServer start() {
        var log = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                int port = freePort();
                var folder = unpack();
                var watch = watch(folder, port);
                if ("started".equals(watch.inputReader(UTF_8).readLine())) {
                    return new PostgresServer(port);
                }
                // Somebody else may have taken the port.
                log = Files.readString(folder.resolve("log"));
                end(watch);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        throw new IllegalStateException("PostgreSQL does not start: " + log);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process watch(Path folder, int port) throws IOException {
        var command = new ArrayList<String>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root.
            own(folder);
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.addAll(List.of("sh", "-c", WATCH, "watch", folder.toString(), settings(port)));
        var watch =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(watch)));
        return watch;
    }

    private static String settings(int port) {
        return "-p "
                + port
                + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
                + " -c synchronous_commit=off -c full_page_writes=off -c max_connections=50";
    }

    private static void end(Process watch) {
        try {
            watch.getOutputStream().close();
            watch.waitFor();
        } catch (IOException gone) {
            // It ended by itself.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void own(Path folder) throws IOException {
        try {
            int code =
                    new ProcessBuilder("chown", "-R", "65534:65534", folder.toString())
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new IOException("chown ended with " + code);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    private static Path unpack() throws IOException {
        var folder = Files.createTempDirectory("sluice-postgresql-");
        try (var raw = Objects.requireNonNull(PostgresServer.class.getResourceAsStream(ARCHIVE));
                var archive =
                        new TarArchiveInputStream(
                                new XZCompressorInputStream(new BufferedInputStream(raw)))) {
            for (var entry = archive.getNextEntry();
                    entry != null;
                    entry = archive.getNextEntry()) {
                var path = folder.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(archive, path);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(
                                path, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
        Files.writeString(folder.resolve("password"), PASSWORD);
        return folder;
    }
}
