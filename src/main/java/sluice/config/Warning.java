package sluice.config;

/// Something that works but is seldom meant. Never holds the value of a secret.
public record Warning(Place place, String message) {
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
