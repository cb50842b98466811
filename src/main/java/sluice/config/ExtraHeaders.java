package sluice.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Secret;

/// Names with values: a plain text, {@code {env: NAME}}, {@code {file: path}}, or {@code {template: "Bearer ${NAME}"}}.
record ExtraHeaders() implements Shape<List<ExtraHeader>> {
    private static final int MAX = 32;
    static final Text NAME =
            new Text(
                    "the name of a header (letters, digits and '-')",
                    Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"));
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]{0,8190}[!-~])?");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final SecretReference REFERENCE = new SecretReference();

    /// Headers that describe the connection or the body: the gateway writes these itself, and a second one would let
    /// two readers see two different requests.
    private static final Set<String> OURS =
            Set.of(
                    "accept-encoding",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    static final String REFUSAL_OF_OURS =
            "the gateway writes this header itself; remove it from here";

    /// @param name in lower case
    static boolean isOurs(String name) {
        return OURS.contains(name);
    }

    @Override
    public Optional<List<ExtraHeader>> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            reading.fault(
                    value.place(),
                    "expected a mapping of header names to values, got " + value.kind());
            return Optional.empty();
        }
        if (mapping.entries().size() > MAX) {
            reading.fault(
                    value.place(),
                    "expected at most " + MAX + " headers, got " + mapping.entries().size());
            return Optional.empty();
        }
        var headers = new ArrayList<ExtraHeader>();
        var seen = new HashSet<String>();
        for (var entry : mapping.entries()) {
            var name = name(entry, seen, reading);
            var text = value(entry.value(), reading);
            if (name.isPresent() && text.isPresent()) {
                headers.add(new ExtraHeader(name.get(), text.get()));
            }
        }
        return headers.size() == mapping.entries().size()
                ? Optional.of(List.copyOf(headers))
                : Optional.empty();
    }

    private static Optional<String> name(Yaml.Entry entry, Set<String> seen, Reading reading) {
        var name = entry.key().toLowerCase(Locale.ROOT);
        if (!NAME.pattern().matcher(name).matches()) {
            reading.fault(
                    entry.place(),
                    "expected " + NAME.what() + ", got " + Discretion.quote(entry.key()));
            return Optional.empty();
        }
        if (isOurs(name)) {
            reading.fault(entry.place(), REFUSAL_OF_OURS);
            return Optional.empty();
        }
        if (!seen.add(name)) {
            reading.fault(
                    entry.place(), "this header stands twice; upper and lower case are the same");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private static Optional<Secret> value(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar literal && literal.type() == Yaml.Scalar.Type.TEXT) {
            return literal(literal, reading);
        }
        if (value instanceof Yaml.Mapping mapping
                && mapping.entries().size() == 1
                && mapping.find("template").orElse(mapping) instanceof Yaml.Scalar template) {
            return template(template, reading);
        }
        if (value instanceof Yaml.Mapping) {
            return REFERENCE.read(value, reading);
        }
        reading.fault(
                value.place(),
                "expected a text, {env: NAME}, {file: path} or {template: \"Bearer ${NAME}\"}, got "
                        + (value instanceof Yaml.Scalar scalar
                                        && scalar.type() != Yaml.Scalar.Type.NOTHING
                                ? "another kind of value (not shown); put it in quotes"
                                : value.kind()));
        return Optional.empty();
    }

    private static Optional<Secret> literal(Yaml.Scalar literal, Reading reading) {
        if (Discretion.looksSecret(literal.text())) {
            reading.fault(
                    literal.place(),
                    "a literal that looks like a credential (not shown); keep it in an environment"
                            + " variable and write {env: NAME} or {template: \"Bearer ${NAME}\"}");
            return Optional.empty();
        }
        return sendable(literal.text(), literal.place(), reading);
    }

    private static Optional<Secret> template(Yaml.Scalar template, Reading reading) {
        var filled = new StringBuilder();
        var variables = VARIABLE.matcher(template.text());
        boolean whole = true;
        int from = 0;
        while (variables.find()) {
            filled.append(template.text(), from, variables.start());
            from = variables.end();
            var secret = variable(variables.group(1), template.place(), reading);
            whole &= secret.isPresent();
            secret.ifPresent(value -> filled.append(value.<String>use(text -> text)));
        }
        var rest = template.text().substring(from);
        var words = VARIABLE.matcher(template.text()).replaceAll(" ");
        if (from == 0 || words.contains("${")) {
            reading.fault(
                    template.place(),
                    "expected a template with ${NAME} in it, such as \"Bearer ${NAME}\"");
            return Optional.empty();
        }
        if (Discretion.looksSecret(words)) {
            reading.fault(
                    template.place(),
                    "the template's own text looks like a credential (not shown); write ${NAME} for"
                            + " it");
            return Optional.empty();
        }
        return whole
                ? sendable(filled.append(rest).toString(), template.place(), reading)
                : Optional.empty();
    }

    private static Optional<Secret> variable(String name, Place place, Reading reading) {
        if (!SecretReference.VARIABLE.matcher(name).matches()) {
            reading.fault(
                    place,
                    "expected the name of an environment variable between ${ and }, got something else"
                            + " (not shown)");
            return Optional.empty();
        }
        return SecretReference.fetch(name, place, reading);
    }

    private static Optional<Secret> sendable(String text, Place place, Reading reading) {
        if (VALUE.matcher(text).matches()) {
            return Optional.of(new Secret(text));
        }
        reading.fault(
                place,
                "a header's value is 1 to 8192 printable ASCII characters without spaces around them"
                        + " (the value is not shown)");
        return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                "object",
                "maxProperties",
                (long) MAX,
                "additionalProperties",
                JsonSchema.of(
                        "oneOf",
                        List.of(
                                JsonSchema.of("type", "string", "minLength", 1L),
                                SecretReference.alternative("env"),
                                SecretReference.alternative("file"),
                                SecretReference.alternative("template"))));
    }
}
