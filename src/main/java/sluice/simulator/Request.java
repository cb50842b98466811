package sluice.simulator;

import java.nio.charset.StandardCharsets;
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

    public Map<String, List<String>> headers() {
        return headers;
    }

    /// The first value of a header, empty when it was not sent.
    public String header(String name) {
        return headers.getOrDefault(name, List.of("")).getFirst();
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

    @Override
    public String toString() {
        return method + " " + path + " (" + bodyLength + " bytes)";
    }
}
