package sluice.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// One file. One connection writes and one takes short looks, each under its lock; a long look opens its own. Readers see
/// the last commit and never wait for the writer (WAL).
final class SqliteDatabase implements Database {
    private static final Duration BUSY = Duration.ofSeconds(5);
    private static final Duration PING = Duration.ofSeconds(1);

    private final Path file;
    private final String place;
    private final Guarded writer;
    private final Guarded reader;
    private volatile boolean closed;

    private SqliteDatabase(Path file, String place) throws SQLException {
        this.file = file;
        this.place = place;
        this.writer = new Guarded(connect(file, writing()));
        this.reader = new Guarded(connect(file, reading()));
    }

    private record Guarded(Connection connection, ReentrantLock lock) {
        Guarded(Connection connection) {
            this(connection, new ReentrantLock());
        }
    }

    static SqliteDatabase open(Path given, Migrations migrations) {
        var file = given.toAbsolutePath().normalize();
        var place = "the store " + file;
        prepare(file, place);
        try {
            // A file that is not ours must stay as it is, so the first look sets nothing.
            boolean applied;
            try (var connection = connect(file, looking())) {
                applied = migrations.areApplied(connection, place);
            }
            if (!applied) {
                var source = new SQLiteDataSource(new SQLiteConfig(writing()));
                source.setUrl(url(file));
                migrations.apply(source, place);
            }
            protect(file);
            return new SqliteDatabase(file, place);
        } catch (SQLException failed) {
            throw cannotStart(place, failed);
        }
    }

    private static RuntimeException cannotStart(String place, SQLException failed) {
        return failed.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code
                ? new StoreUnavailable(place + " is held by another program", failed)
                : new StoreRefused(
                        place + " cannot be used: " + failed.getMessage() + ". Name another file.",
                        failed);
    }

    private static void prepare(Path file, String place) {
        if (file.toString().indexOf('?') >= 0) {
            throw new StoreRefused(place + " must not have a question mark in its name");
        }
        try {
            var folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (Files.notExists(file) && isCopied(file)) {
                return;
            }
            if (isPosix(file)) {
                var owner = PosixFilePermissions.fromString("rw-------");
                Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException there) {
            checkExisting(file, place, there);
        } catch (IOException failed) {
            throw new StoreRefused(
                    "%s cannot be made: %s. Its folder must be one that this program may write to."
                            .formatted(place, failed),
                    failed);
        }
    }

    private static boolean isCopied(Path file) throws IOException {
        try (var ready = NewStore.shipped()) {
            if (ready == null) {
                return false;
            }
            NewStore.copy(ready, file);
            return true;
        }
    }

    private static void checkExisting(Path file, String place, FileAlreadyExistsException there) {
        if (Files.isRegularFile(file) && Files.isReadable(file) && Files.isWritable(file)) {
            return;
        }
        throw new StoreRefused(
                "%s cannot be made or used: %s is not a file that this program may read and write"
                        .formatted(place, there.getFile()),
                there);
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /// A file that was copied here may be readable for others. SQLite gives its other files the permissions of this one.
    private static void protect(Path file) {
        if (isPosix(file)) {
            try {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException notOurs) {
                // Somebody else owns it and lets this program use it.
            }
        }
    }

    private static Connection connect(Path file, Properties pragmas) throws SQLException {
        return JDBC.createConnection(url(file), pragmas);
    }

    private static String url(Path file) {
        return JDBC.PREFIX + file;
    }

    /// Every commit is on the disk when it returns: a change of a key was answered with success, and the journal is cut
    /// off where it was booked.
    private static Properties writing() {
        var pragmas = reading();
        pragmas.setProperty("synchronous", "FULL");
        pragmas.setProperty("journal_size_limit", String.valueOf(64 << 20));
        return pragmas;
    }

    private static Properties looking() {
        var pragmas = new Properties();
        pragmas.setProperty("busy_timeout", String.valueOf(PING.toMillis()));
        return pragmas;
    }

    private static Properties reading() {
        var pragmas = new Properties();
        pragmas.setProperty("journal_mode", "WAL");
        pragmas.setProperty("busy_timeout", String.valueOf(BUSY.toMillis()));
        return pragmas;
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        reader.lock.lock();
        try {
            return work.on(reader.connection);
        } catch (SQLException failed) {
            throw failure(failed);
        } finally {
            reader.lock.unlock();
        }
    }

    @Override
    public <T extends @Nullable Object> T study(Work<T> work) {
        if (closed) {
            throw failure(new SQLException("it is closed"));
        }
        try (var connection = connect(file, reading())) {
            return work.on(connection);
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        writer.lock.lock();
        try {
            return commit(work);
        } catch (SQLException failed) {
            throw failure(failed);
        } finally {
            writer.lock.unlock();
        }
    }

    /// The driver's own transactions begin with the end of the one before, and would keep other programs from writing.
    private <T extends @Nullable Object> T commit(Work<T> work) throws SQLException {
        boolean done = false;
        Sql.update(writer.connection, "BEGIN IMMEDIATE");
        try {
            T result = work.on(writer.connection);
            Sql.update(writer.connection, "COMMIT");
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback();
            }
        }
    }

    private void rollback() {
        try {
            Sql.update(writer.connection, "ROLLBACK");
        } catch (SQLException already) {
            // SQLite rolls back by itself after some failures. The one that came first is told.
        }
    }

    @Override
    public void ping() {
        if (!Files.exists(file)) {
            throw failure(new SQLException("the file is gone"));
        }
        try {
            if (!reader.lock.tryLock(PING.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure(new SQLException("it did not answer within " + PING));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw failure(new SQLException("waiting for it was interrupted", stopped));
        }
        try {
            Changes.revision(reader.connection);
        } catch (SQLException failed) {
            throw failure(failed);
        } finally {
            reader.lock.unlock();
        }
    }

    private RuntimeException failure(SQLException failed) {
        return passesAllBounds(failed)
                ? new ArithmeticException("a sum in " + place + " does not fit into 64 bits")
                : new StoreUnavailable(place + " failed: " + failed.getMessage(), failed);
    }

    private static boolean passesAllBounds(SQLException failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SQLiteException told && isOverflow(told)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOverflow(SQLiteException told) {
        return told.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_DATATYPE
                || told.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_CHECK
                || String.valueOf(told.getMessage()).contains("integer overflow");
    }

    @Override
    public void close() {
        closed = true;
        for (var each : new Guarded[] {reader, writer}) {
            each.lock.lock();
            try {
                each.connection.close();
            } catch (SQLException failed) {
                throw failure(failed);
            } finally {
                each.lock.unlock();
            }
        }
    }
}
