package sluice.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One request as it arrived. Header names are lower-case; a header sent twice has two values. The path is as sent,
/// still percent-encoded.
public final class Request {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final long bodyLength;

    Request(
            String method,
            String target,
            Map<String, List<String>> headers,
            byte[] body,
            long bodyLength) {
        int question = target.indexOf('?');
        this.method = method;
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question + 1);
        this.headers = headers;
        this.body = body;
        this.bodyLength = bodyLength;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public String query() {
        return query;
    }

    /// One parameter of the query, empty when it is missing.
    public String parameter(String name) {
        return pairs(query).getOrDefault(name, "");
    }

    /// The body as a form.
    public Map<String, String> form() {
        return pairs(text());
    }

    public Map<String, List<String>> headers() {
        return headers;
    }

    /// The first value of a header, empty when it was not sent.
    public String header(String name) {
        return headers.getOrDefault(name, List.of("")).getFirst();
    }

    /// The name and the secret of HTTP Basic, or nothing.
    List<String> basic() {
        var sent = header("authorization");
        if (!sent.startsWith("Basic ")) {
            return List.of();
        }
        try {
            var pair =
                    new String(
                            Base64.getDecoder().decode(sent.substring("Basic ".length()).strip()),
                            StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? List.of()
                    : List.of(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException malformed) {
            return List.of();
        }
    }

    /// The body, without its end when it was longer than the workspace takes.
    public byte[] body() {
        return body.clone();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// How many bytes of body were sent, kept or not.
    public long bodyLength() {
        return bodyLength;
    }

    private static Map<String, String> pairs(String text) {
        var pairs = new LinkedHashMap<String, String>();
        for (var pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.putIfAbsent(
                        decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    @Override
    public String toString() {
        return method + " " + path + " (" + bodyLength + " bytes)";
    }
}
