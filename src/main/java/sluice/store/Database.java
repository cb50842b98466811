package sluice.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A database as the tables see it: connections to read and to write with. What it refuses is thrown as a {@link
/// StoreUnavailable}, or as an {@link ArithmeticException} where a sum does not fit.
sealed interface Database extends AutoCloseable permits SqliteDatabase, PostgresDatabase {
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    /// A short look. It must not ask the store again.
    <T extends @Nullable Object> T read(Work<T> work);

    /// A long look at one moment of the store, which nobody else has to wait for.
    <T extends @Nullable Object> T study(Work<T> work);

    /// One transaction. Nothing is kept when the work throws, and nothing when the commit does.
    <T extends @Nullable Object> T write(Work<T> work);

    void ping();

    @Override
    void close();
}
