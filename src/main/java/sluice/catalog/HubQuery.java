package sluice.catalog;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;

/// What a request to the model hub asks for. A caller may choose among what is configured; it may never name where our
/// credentials go, nor bring one: such parameters of other gateways are refused with the reason, and unknown ones too.
///
/// @param provider only this provider's models; null means all
/// @param target only this target's; null means all
public record HubQuery(@Nullable String provider, @Nullable String target) {
    public static final HubQuery ALL = new HubQuery(null, null);

    private static final int MAX_LENGTH = 2_048;
    private static final int MAX_VALUE = 512;

    /// Without {@code _} and {@code -}, so that every spelling is known.
    private static final Set<String> HOSTS =
            Set.of(
                    "apibase",
                    "baseurl",
                    "url",
                    "uri",
                    "host",
                    "hostname",
                    "endpoint",
                    "workspace",
                    "workspaceurl",
                    "workspacehost",
                    "databrickshost",
                    "proxy");

    private static final Set<String> CREDENTIAL_PARTS =
            Set.of("apikey", "clientid", "secret", "token", "password", "credential", "bearer");
    private static final Set<String> CREDENTIALS =
            Set.of("key", "auth", "authorization", "pat", "accesskey");

    /// @param rawQuery what stands behind the question mark, null or empty when nothing does
    /// @throws sluice.call.CallFailed with {@link Failure.Malformed}, naming the parameter and never its value
    public static HubQuery parse(@Nullable String rawQuery) {
        if (rawQuery == null || rawQuery.isEmpty()) {
            return ALL;
        }
        if (rawQuery.length() > MAX_LENGTH) {
            throw refused("The query is longer than " + MAX_LENGTH + " characters.", null);
        }
        String provider = null;
        String target = null;
        for (var pair : rawQuery.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            switch (name) {
                case "provider" -> provider = once(name, provider, value);
                case "target" -> target = once(name, target, value);
                default -> throw unknown(name);
            }
        }
        return new HubQuery(provider, target);
    }

    private static String once(String name, @Nullable String before, String value) {
        if (before != null) {
            throw refused("The parameter '" + name + "' is given twice.", name);
        }
        if (value.isEmpty() || value.length() > MAX_VALUE) {
            throw refused(
                    "The parameter '" + name + "' must have 1 to " + MAX_VALUE + " characters.",
                    name);
        }
        return value;
    }

    private static RuntimeException unknown(String name) {
        var plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        var shown = shown(name);
        if (HOSTS.contains(plain)) {
            return refused(
                    "The parameter '"
                            + shown
                            + "' is refused: no caller names where the gateway's credentials go."
                            + " Choose a configured target with 'target'.",
                    shown);
        }
        if (CREDENTIALS.contains(plain) || CREDENTIAL_PARTS.stream().anyMatch(plain::contains)) {
            return refused(
                    "The parameter '"
                            + shown
                            + "' is refused: a credential never stands in an address, and the"
                            + " gateway uses the configured ones only. Choose a configured target"
                            + " with 'target'.",
                    shown);
        }
        return refused(
                "The parameter '" + shown + "' is not known; there are 'provider' and 'target'.",
                shown);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException not) {
            throw refused("The query is not percent-encoded as it must be.", null);
        }
    }

    private static String shown(String name) {
        var printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 64 ? printable.substring(0, 64) : printable;
    }

    private static RuntimeException refused(String message, @Nullable String param) {
        return new Failure.Malformed(message, param).asException();
    }
}
