package sluice.bench;

/// The bench cannot begin here; the message says what to do about it.
final class CannotRun extends RuntimeException {
    CannotRun(String message) {
        super(message);
    }
}
