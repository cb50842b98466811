package sluice.store;

/// The store did not do what it was asked, for a reason of its own. The message names the store and the reason and
/// holds no credential.
public final class StoreUnavailable extends RuntimeException {
    public StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
