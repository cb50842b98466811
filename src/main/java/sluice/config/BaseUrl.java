package sluice.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The address of a target, without a slash at its end.
final class BaseUrl {
    static final Shape<URI> SHAPE =
            new Text(
                            "an address such as https://host (printable characters without spaces)",
                            Pattern.compile("[!-~]{1,2048}"))
                    .then(BaseUrl::parse);

    private static final String SERVING = "/serving-endpoints";
    private static final String GATEWAY = "/ai-gateway";
    private static final Pattern LOOPBACK = Pattern.compile("127\\.[0-9.]+|\\[::1]|localhost");

    private BaseUrl() {}

    static Optional<URI> parse(String text, Place place, Reading reading) {
        var fault = faultOf(text);
        if (fault.isPresent()) {
            reading.fault(place, fault.get());
            return Optional.empty();
        }
        var uri = URI.create(text.replaceFirst("/+$", ""));
        return Optional.of(
                URI.create(
                        (uri.getScheme() + "://" + uri.getRawAuthority()).toLowerCase(Locale.ROOT)
                                + uri.getRawPath()));
    }

    private static Optional<String> faultOf(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException _) {
            return Optional.of("expected an address, got " + Discretion.quote(text));
        }
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            return Optional.of(
                    "must not hold a user name or password; use secret_key_ref or extra_headers");
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of(
                    "must start with https:// (or http://), got " + Discretion.quote(text));
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return Optional.of(
                    "must not hold a query ('?') or a fragment ('#'), got "
                            + Discretion.quote(text));
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            return Optional.of(
                    "expected a host of letters, digits, '-' and '.', and a port of 1 to 65535 or"
                            + " none, got "
                            + Discretion.quote(text));
        }
        if (!uri.normalize().equals(uri)) {
            return Optional.of(
                    "must not hold '//', '.' or '..' in its path, got " + Discretion.quote(text));
        }
        return Optional.empty();
    }

    /// Why this is not the address of a workspace, or nothing when it is: the host alone, or with {@code
    /// /serving-endpoints} or {@code /ai-gateway}.
    static Optional<String> faultAsWorkspace(URI uri) {
        var path = uri.getRawPath();
        if (path.isEmpty() || path.equals(SERVING) || isGateway(path)) {
            return Optional.empty();
        }
        return Optional.of(
                "expected the workspace's host alone or with "
                        + SERVING
                        + " or "
                        + GATEWAY
                        + ", such as https://"
                        + uri.getRawAuthority()
                        + SERVING
                        + ", got the path "
                        + Discretion.quote(path));
    }

    /// The AI gateway's own path, whichever of its dialects was copied with it.
    private static boolean isGateway(String path) {
        return path.equals(GATEWAY) || path.startsWith(GATEWAY + "/");
    }

    static URI workspace(URI uri) {
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }

    static boolean endsInVersion(URI uri) {
        return uri.getRawPath().endsWith("/v1");
    }

    static URI beforeVersion(URI uri) {
        var text = uri.toString();
        return endsInVersion(uri) ? URI.create(text.substring(0, text.length() - 3)) : uri;
    }

    static boolean inTheClear(URI uri) {
        return uri.getScheme().equals("http") && !LOOPBACK.matcher(uri.getHost()).matches();
    }
}
