package sluice.config;

/// One thing that is wrong, where it stands, and what was expected. Never holds the value of a secret.
public record Fault(Place place, String message) {
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
