package sluice.call;

import java.util.function.Function;

/// A credential that prints nothing: not in a log line, an error, a dump or a debugger's {@code toString}.
public final class Secret {
    private final String value;

    public Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret cannot be empty");
        }
        this.value = value;
    }

    /// Hands the value to one expression, the only way to read it, so that every use can be found by name.
    public <T> T use(Function<String, T> once) {
        return once.apply(value);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
