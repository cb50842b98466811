package sluice.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL server, through a small pool. Several gateways may share it.
final class PostgresDatabase implements Database {
    private static final Duration PING = Duration.ofSeconds(1);

    /// How long a socket may stay silent beyond the time that the server has for a statement.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final String OUT_OF_RANGE = "22003";

    private final String place;
    private final HikariDataSource pool;

    private PostgresDatabase(String place, HikariDataSource pool) {
        this.place = place;
        this.pool = pool;
    }

    static PostgresDatabase open(PostgresUrl url, PostgresLimits limits, Migrations migrations) {
        var place = "the store " + url;
        try {
            // A migration may take as long as it needs.
            var patient = source(url, limits, Duration.ZERO);
            boolean applied;
            try (var connection = patient.getConnection()) {
                applied = migrations.areApplied(connection, place);
            }
            if (!applied) {
                migrations.apply(patient, place);
            }
            return new PostgresDatabase(place, pool(url, limits));
        } catch (SQLException failed) {
            throw cannotStart(place, failed);
        }
    }

    private static RuntimeException cannotStart(String place, SQLException failed) {
        var state = String.valueOf(failed.getSQLState());
        boolean wrong = state.startsWith("28") || state.equals("3D000");
        return wrong
                ? new StoreRefused(place + " cannot be used: " + failed.getMessage(), failed)
                : new StoreUnavailable(place + " does not answer: " + failed.getMessage(), failed);
    }

    private static PGSimpleDataSource source(
            PostgresUrl url, PostgresLimits limits, Duration silence) throws SQLException {
        var source = new PGSimpleDataSource();
        source.setServerNames(
                url.servers().stream().map(PostgresUrl.Server::host).toArray(String[]::new));
        source.setPortNumbers(url.servers().stream().mapToInt(PostgresUrl.Server::port).toArray());
        source.setDatabaseName(url.database());
        source.setApplicationName("sluice");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(Math.toIntExact(limits.connect().toSeconds()));
        source.setLoginTimeout(Math.toIntExact(limits.connect().toSeconds()));
        source.setSocketTimeout(Math.toIntExact(silence.toSeconds()));
        // A detail quotes the row that was refused, which may hold a hash or a document.
        source.setLogServerErrorDetail(false);
        for (var property : url.properties().entrySet()) {
            var known = PGProperty.forName(property.getKey());
            if (known != null) {
                source.setProperty(known, property.getValue());
            }
        }
        return source;
    }

    private static HikariDataSource pool(PostgresUrl url, PostgresLimits limits)
            throws SQLException {
        var config = new HikariConfig();
        config.setPoolName("store");
        config.setDataSource(source(url, limits, limits.statement().plus(GRACE)));
        config.setMaximumPoolSize(limits.connections());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(limits.connect().toMillis());
        config.setValidationTimeout(Math.min(limits.connect().toMillis(), PING.toMillis()));
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql("SET statement_timeout = " + limits.statement().toMillis());
        return new HikariDataSource(config);
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        try (var connection = pool.getConnection()) {
            return work.on(connection);
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    /// The driver asks for some rows at a time only within a transaction.
    @Override
    public <T extends @Nullable Object> T study(Work<T> work) {
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                return work.on(connection);
            } finally {
                rollback(connection);
            }
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            return commit(connection, work);
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    private static <T extends @Nullable Object> T commit(Connection connection, Work<T> work)
            throws SQLException {
        boolean done = false;
        try {
            T result = work.on(connection);
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback(connection);
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            // The server rolls back what a broken connection leaves. What broke it is told.
        }
    }

    @Override
    public void ping() {
        try (var connection = pool.getConnection()) {
            if (!connection.isValid(Math.toIntExact(PING.toSeconds()))) {
                throw new SQLException("it did not answer within " + PING);
            }
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    private RuntimeException failure(SQLException failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SQLException told && OUT_OF_RANGE.equals(told.getSQLState())) {
                return new ArithmeticException("a sum in " + place + " does not fit into 64 bits");
            }
        }
        return new StoreUnavailable(place + " failed: " + reason(failed), failed);
    }

    /// The pool says that it has no connection; why not stands in its cause.
    private static String reason(SQLException failed) {
        return failed.getCause() instanceof SQLException cause
                ? failed.getMessage() + " (" + cause.getMessage() + ")"
                : String.valueOf(failed.getMessage());
    }

    @Override
    public void close() {
        pool.close();
    }
}
