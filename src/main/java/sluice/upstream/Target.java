package sluice.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import sluice.call.Bytes;
import sluice.call.Secret;

/// Where a target is, what opens it, and how long it may take.
///
/// @param id the target's id, the only thing of this that errors and logs may show
/// @param base what stands before the dialect's own paths, without a slash at the end
/// @param tokens where the token of its requests comes from
/// @param extraHeaders sent with every request; the values may be secrets
public record Target(
        String id,
        URI base,
        TokenSource tokens,
        TokenHeader tokenHeader,
        Map<String, Secret> extraHeaders,
        Deadlines deadlines,
        long maxResponseBytes,
        int maxConnectionsPerLoop) {

    public Target {
        extraHeaders = Map.copyOf(new LinkedHashMap<>(extraHeaders));
    }

    Target with(TokenSource other) {
        return new Target(
                id,
                base,
                other,
                tokenHeader,
                extraHeaders,
                deadlines,
                maxResponseBytes,
                maxConnectionsPerLoop);
    }

    /// Where the target looks for its token.
    public enum TokenHeader {
        BEARER,
        X_API_KEY
    }

    /// @param total the whole call, from the first byte sent to the last received
    /// @param idle between two reads of the reply
    public record Deadlines(Duration connect, Duration firstByte, Duration idle, Duration total) {}

    /// The text of an answer without any secret of ours that the target may have echoed: as it was sent, and without
    /// the word in front, because a target that reads {@code Bearer TOKEN} echoes the token alone.
    Bytes withoutSecrets(Bytes answer) {
        var secrets = new ArrayList<>(tokens.served());
        secrets.addAll(extraHeaders.values());
        return Bytes.utf8(without(secrets, answer.utf8()));
    }

    /// A text of the other side without these secrets, which it may have echoed.
    public static String without(List<Secret> secrets, String text) {
        var clean = text;
        for (var secret : secrets) {
            clean = without(secret, clean);
        }
        return clean;
    }

    private static String without(Secret secret, String text) {
        return secret.use(value -> {
            var rest = without(value, text);
            int scheme = value.indexOf(' ');
            return scheme < 0 ? rest : without(value.substring(scheme + 1), rest);
        });
    }

    /// A value of a few characters is no credential and may stand anywhere.
    private static String without(String value, String text) {
        if (value.length() < 6) {
            return text;
        }
        var rest = text.replace(value, "(credential)");
        return rest.indexOf('\\') < 0
                ? rest
                : escaped(value).matcher(rest).replaceAll("(credential)");
    }

    /// The value with any of its characters escaped as JSON may escape it, in JSON within JSON too: some always write
    /// {@code =} or {@code /} so.
    private static Pattern escaped(String value) {
        var pattern = new StringBuilder();
        value.chars()
                .forEach(c ->
                        pattern.append("(?:\\\\{0,8}")
                                .append(Pattern.quote(Character.toString(c)))
                                .append("|\\\\{1,8}u(?i:%04x))".formatted(c)));
        return Pattern.compile(pattern.toString());
    }

    boolean tls() {
        return "https".equals(base.getScheme());
    }

    int port() {
        return base.getPort() > 0 ? base.getPort() : tls() ? 443 : 80;
    }

    /// The base's own path followed by {@code path}.
    String path(String path) {
        var prefix = base.getRawPath() == null ? "" : base.getRawPath();
        return prefix + path;
    }
}
