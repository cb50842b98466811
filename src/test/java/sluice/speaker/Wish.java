package sluice.speaker;

/// What a caller wants of a model, in no dialect yet.
///
/// @param tools whether the tools {@code weather} and {@code time} are offered
/// @param thinks whether the model is asked to think first
public record Wish(String model, String text, boolean tools, boolean thinks) {
    public static Wish hello(String model) {
        return new Wish(model, "Hello there", false, false);
    }

    /// Names both tools, which is what makes the simulated models call them.
    public static Wish weatherAndTime(String model) {
        return new Wish(model, "Tell me the weather and the time", true, false);
    }

    public static Wish weather(String model) {
        return new Wish(model, "Tell me the weather", true, false);
    }

    public static Wish thought(String model) {
        return new Wish(model, "Think about it", false, true);
    }
}
