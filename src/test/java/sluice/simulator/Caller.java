package sluice.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the simulator, over HTTP or over a bare socket when the bytes matter.
final class Caller implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Simulator simulator;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Caller(Simulator simulator) {
        this.simulator = simulator;
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        var request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /// A chat request with one message on the serving surface.
    HttpResponse<String> chat(String model, String message, boolean stream, String... headers) {
        return post("/serving-endpoints/chat/completions", body(model, message, stream), headers);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    HttpRequest.Builder request(String path) {
        var token =
                path.startsWith("/v1/")
                        ? simulator.settings().openAiToken()
                        : simulator.settings().token();
        return HttpRequest.newBuilder(URI.create(simulator.host() + path))
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json");
    }

    /// Sends bytes as they are and returns the open socket.
    Socket raw(String text) {
        try {
            var socket = new Socket(simulator.settings().address(), simulator.port());
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return socket;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A chat request as raw text.
    String rawChat(String model, boolean stream, String... headers) {
        var body = body(model, "Hello there", stream);
        var more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return "POST /serving-endpoints/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + simulator.settings().token()
                + "\r\n"
                + more
                + "content-length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + body;
    }

    static String body(String model, String message, boolean stream) {
        return JSON.createObjectNode()
                .put("model", model)
                .put("stream", stream)
                .set(
                        "messages",
                        JSON.createArrayNode()
                                .add(
                                        JSON.createObjectNode()
                                                .put("role", "user")
                                                .put("content", message)))
                .toString();
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /// The data of the events of a stream with the usual framing, [DONE] included.
    static List<String> data(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    /// The chunks of a stream without [DONE].
    static List<JsonNode> chunks(HttpResponse<String> response) {
        return data(response.body()).stream()
                .filter(data -> !data.equals("[DONE]"))
                .map(Caller::json)
                .toList();
    }

    /// The text of a stream, its deltas joined.
    static String said(HttpResponse<String> response) {
        var text = new StringBuilder();
        for (var chunk : chunks(response)) {
            text.append(chunk.at("/choices/0/delta/content").asString(""));
        }
        return text.toString();
    }

    static String rest(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
