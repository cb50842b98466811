package sluice;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One answer as it came over the wire. Header names are lower-case.
record Answer(int status, Map<String, List<String>> headers, String text) {
    static final JsonMapper JSON = new JsonMapper();

    JsonNode json() {
        return JSON.readTree(text);
    }

    /// The one value of a header, empty when there is none.
    String header(String name) {
        var values = headers.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new AssertionError("the header " + name + " came twice: " + values);
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    JsonNode error() {
        return json().path("error");
    }

    String message() {
        return error().path("message").asString("");
    }

    String id() {
        return header("x-request-id");
    }

    /// The data of the events of a stream, [DONE] included.
    List<String> data() {
        return text.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    /// Everything that a caller can see of it.
    String whole() {
        return status + "\n" + headers + "\n" + text;
    }

    @Override
    public String toString() {
        return whole();
    }
}
