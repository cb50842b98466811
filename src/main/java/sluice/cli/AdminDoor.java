package sluice.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sluice.config.Environment;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The door of a running gateway, as the commands for operators knock at it.
final class AdminDoor {
    static final String VARIABLE = "SLUICE_ADMIN_KEY";
    static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the gateway listens; ${DEFAULT-VALUE} without it.")
    private URI url = URI.create("http://127.0.0.1:8080");

    /// What the gateway answered.
    ///
    /// @param etag empty when it told none
    record Reply(int status, String text, String etag) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JacksonException none) {
                return JSON.createObjectNode();
            }
        }

        boolean isGood() {
            return status < 300;
        }

        String message() {
            var message = json().path("error").path("message").asString("");
            return message.isEmpty() ? "the gateway answered " + status : message;
        }
    }

    URI url() {
        return url;
    }

    /// @param path behind {@code /admin/v1/}
    /// @param etag the version that is meant; null when none is
    Reply ask(
            Environment environment,
            String method,
            String path,
            Map<String, String> query,
            @Nullable String body,
            @Nullable String etag)
            throws IOException, InterruptedException {
        var address = new StringBuilder(url + "/admin/v1/" + path);
        char next = '?';
        for (var parameter : query.entrySet()) {
            address.append(next)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
            next = '&';
        }
        var request =
                HttpRequest.newBuilder(URI.create(address.toString()))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        var operator = environment.value(VARIABLE);
        if (operator != null && !operator.isEmpty()) {
            request.header("authorization", "Bearer " + operator);
        }
        if (etag != null) {
            request.header("if-match", etag);
        }
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("etag").orElse(""));
        }
    }

    /// A part of a path.
    static String part(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
