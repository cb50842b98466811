package sluice.call;

/// The name of a virtual model, under which callers ask for it and keys are granted it. It holds no slash, so it is
/// never taken for {@code target/model}.
public record VirtualName(String text) implements Meaning {
    public VirtualName {
        if (text.isEmpty() || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "a virtual model's name has no slash: '" + text + "'");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
