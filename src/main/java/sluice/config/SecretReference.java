package sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import sluice.call.Secret;

/// Where a secret is kept: {@code {env: NAME}} or {@code {file: path}}. It is fetched while the configuration is read,
/// so that a missing one is refused before anything is served.
record SecretReference() implements Shape<Secret> {
    static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final int MAX_BYTES = 64 * 1024;
    private static final String HOW =
            "put the secret into an environment variable or a file and write {env: NAME} or {file:"
                    + " path}";

    @Override
    public Optional<Secret> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            reading.fault(
                    value.place(),
                    "expected a reference to a secret, got "
                            + (value instanceof Yaml.Scalar scalar
                                            && scalar.type() != Yaml.Scalar.Type.NOTHING
                                    ? "a literal (not shown)"
                                    : value.kind())
                            + "; "
                            + HOW);
            return Optional.empty();
        }
        if (mapping.entries().size() != 1) {
            reading.fault(value.place(), "expected either {env: NAME} or {file: path}; " + HOW);
            return Optional.empty();
        }
        var entry = mapping.entries().getFirst();
        return switch (entry.key()) {
            case "env" -> variable(entry.value(), reading);
            case "file" -> file(entry.value(), reading);
            case "vault" -> {
                reading.fault(entry.place(), "not supported yet; use {env: NAME} or {file: path}");
                yield Optional.empty();
            }
            default -> {
                reading.fault(entry.place(), "unknown kind of secret reference; " + HOW);
                yield Optional.empty();
            }
        };
    }

    static Optional<Secret> variable(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar name && VARIABLE.matcher(name.text()).matches()) {
            return fetch(name.text(), value.place(), reading);
        }
        reading.fault(
                value.place(),
                "expected the name of an environment variable (letters, digits and '_'), got"
                        + " something else (not shown)");
        return Optional.empty();
    }

    /// The value of a variable, for references and templates alike.
    static Optional<Secret> fetch(String variable, Place place, Reading reading) {
        var shown = Discretion.quote(variable);
        var value = reading.environment().value(variable);
        if (value == null || value.isEmpty()) {
            reading.fault(
                    place,
                    "the environment variable "
                            + shown
                            + (value == null ? " is not set" : " is empty")
                            + "; set it where the gateway starts");
            return Optional.empty();
        }
        return sendable(value, "the environment variable " + shown, place, reading);
    }

    private static Optional<Secret> file(Yaml value, Reading reading) {
        var path = FilePath.SHAPE.read(value, reading);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        var named = "the secret file " + Discretion.quote(path.get().toString());
        try {
            var bytes = reading.sources().read(path.get(), MAX_BYTES);
            var text = new String(bytes, StandardCharsets.UTF_8);
            return sendable(text, named, value.place(), reading);
        } catch (IOException why) {
            reading.fault(value.place(), named + " " + why.getMessage());
            return Optional.empty();
        }
    }

    /// A secret travels in a header: one line of printable ASCII. The line break that editors and {@code echo} leave at
    /// the end is not part of it.
    private static Optional<Secret> sendable(
            String text, String source, Place place, Reading reading) {
        try {
            return Optional.of(new Secret(line(text, source)));
        } catch (IllegalStateException unfit) {
            reading.fault(place, String.valueOf(unfit.getMessage()));
            return Optional.empty();
        }
    }

    /// The one line of a secret.
    ///
    /// @throws IllegalStateException when it is none; the message does not show it
    static String line(String text, String source) {
        var line = text.replaceFirst("\\r?\\n\\z", "");
        if (line.isEmpty()) {
            throw new IllegalStateException(source + " is empty");
        }
        if (!line.chars().allMatch(c -> c >= ' ' && c <= '~') || !line.equals(line.strip())) {
            throw new IllegalStateException(
                    source
                            + " does not hold one line of printable ASCII without spaces around it"
                            + " (the value is not shown)");
        }
        return line;
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("oneOf", List.of(alternative("env"), alternative("file")));
    }

    static Map<String, Object> alternative(String key) {
        return JsonSchema.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                JsonSchema.of(key, JsonSchema.of("type", "string", "minLength", 1L)),
                "required",
                List.of(key));
    }
}
