package sluice.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A text that fits a pattern; {@code what} names it in messages, with its article.
record Text(String what, Pattern pattern) implements Shape<String> {
    static final Shape<String> ID =
            new Text(
                            "an id (1 to 64 of a-z, 0-9, '.', '_', '-', the first a letter or digit)",
                            Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}"))
                    .then(Text::notSecret);
    static final Text MODEL =
            new Text(
                    "a model's name (1 to 256 printable characters without spaces)",
                    Pattern.compile("[!-~]{1,256}"));
    static final Text LABEL =
            new Text(
                    "a text of 1 to 128 printable characters",
                    Pattern.compile("[!-~]([ -~]{0,126}[!-~])?"));

    @Override
    public Optional<String> read(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar scalar && scalar.type() == Yaml.Scalar.Type.TEXT) {
            if (pattern.matcher(scalar.text()).matches()) {
                return Optional.of(scalar.text());
            }
            reading.fault(
                    value.place(), "expected " + what + ", got " + Discretion.received(value));
            return Optional.empty();
        }
        var hint =
                value instanceof Yaml.Scalar scalar && scalar.type() != Yaml.Scalar.Type.NOTHING
                        ? "; put it in quotes"
                        : "";
        reading.fault(
                value.place(), "expected " + what + ", got " + Discretion.received(value) + hint);
        return Optional.empty();
    }

    /// An id is printed in every log line; a key that was pasted there by mistake must not be.
    private static Optional<String> notSecret(String id, Place place, Reading reading) {
        if (Discretion.looksSecret(id)) {
            reading.fault(place, "expected an id, got " + Discretion.quote(id));
            return Optional.empty();
        }
        return Optional.of(id);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "string", "pattern", "^(?:" + pattern.pattern() + ")$");
    }
}
