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
}
