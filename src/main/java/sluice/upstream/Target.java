package sluice.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Secret;

/// Where a target is, what opens it, and how long it may take.
///
/// @param id the target's id, the only thing of this that errors and logs may show
/// @param base what stands before the dialect's own paths, without a slash at the end
/// @param token sent as a bearer token; null for a keyless target
/// @param extraHeaders sent with every request; the values may be secrets
public record Target(
        String id,
        URI base,
        @Nullable Secret token,
        Map<String, Secret> extraHeaders,
        Deadlines deadlines,
        long maxResponseBytes,
        int maxConnectionsPerLoop) {

    public Target {
        extraHeaders = Map.copyOf(new LinkedHashMap<>(extraHeaders));
    }

    /// @param total the whole call, from the first byte sent to the last received
    /// @param idle between two reads of the reply
    public record Deadlines(Duration connect, Duration firstByte, Duration idle, Duration total) {}

    /// The text of an answer without any secret of ours that the target may have echoed.
    Bytes withoutSecrets(Bytes answer) {
        var text = answer.utf8();
        if (token != null) {
            text = without(token, text);
        }
        for (var secret : extraHeaders.values()) {
            text = without(secret, text);
        }
        return Bytes.utf8(text);
    }

    /// A value of a few characters is no credential and may stand anywhere.
    private static String without(Secret secret, String text) {
        return secret.use(value -> value.length() < 6 ? text : text.replace(value, "(credential)"));
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
