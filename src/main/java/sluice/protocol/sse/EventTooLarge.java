package sluice.protocol.sse;

/// An event has no end within the limit.
public final class EventTooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    EventTooLarge(int limit) {
        super("an event larger than " + limit + " bytes", null, false, false);
    }
}
