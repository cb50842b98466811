package sluice.store;

/// The store must not be used by this program: it is newer, a migration failed, or it is none of ours. Ends a start.
public final class StoreRefused extends RuntimeException {
    public StoreRefused(String message) {
        super(message);
    }

    public StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
