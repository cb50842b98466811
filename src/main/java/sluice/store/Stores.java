package sluice.store;

import java.nio.file.Path;

/// Opens a store. It is brought to the version that this program knows, or refused.
public final class Stores {
    private Stores() {}

    /// A store in one file, which is made where there is none.
    ///
    /// @throws StoreRefused when the file must not or cannot be used
    public static Store sqlite(Path file) {
        return new SqlStore(SqliteDatabase.open(file, Migrations.SQLITE));
    }

    /// A store in a PostgreSQL database, with the usual limits.
    ///
    /// @param url `postgresql://user:password@host:5432/database?sslmode=...` or `jdbc:postgresql://...`
    /// @throws StoreRefused when the URL or the database must not be used
    /// @throws StoreUnavailable when the server does not answer
    public static Store postgresql(String url) {
        return postgresql(url, PostgresLimits.USUAL);
    }

    public static Store postgresql(String url, PostgresLimits limits) {
        return new SqlStore(
                PostgresDatabase.open(PostgresUrl.parse(url), limits, Migrations.POSTGRESQL));
    }
}
