package sluice.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import sluice.call.Failure;

/// What a request asks for, read from its method and path.
public sealed interface Operation {

    /// The names under which the ledger books a request.
    String name();

    record Chat() implements Operation {
        @Override
        public String name() {
            return "chat";
        }
    }

    record Models() implements Operation {
        @Override
        public String name() {
            return "models";
        }
    }

    record Model(String id) implements Operation {
        @Override
        public String name() {
            return "model";
        }
    }

    record Live() implements Operation {
        @Override
        public String name() {
            return "live";
        }
    }

    record Ready() implements Operation {
        @Override
        public String name() {
            return "ready";
        }
    }

    /// Nothing of ours, or not in this way.
    record Refused(Failure failure) implements Operation {
        @Override
        public String name() {
            return "refused";
        }
    }

    Operation CHAT = new Chat();
    Operation MODELS = new Models();

    /// The doors of design section 4; each may be followed by {@code /v1} or not. The longest first.
    List<String> PREFIXES = List.of("/openai", "/anthropic", "/api/llm");

    /// @param path as sent, without the query
    static Operation of(String method, String path) {
        return switch (path) {
            case "/v1/chat/completions" -> post(CHAT, method, path);
            case "/health/live" -> get(new Live(), method, path);
            case "/health/ready" -> get(new Ready(), method, path);
            default -> behindPrefix(method, path);
        };
    }

    private static Operation behindPrefix(String method, String path) {
        var rest = path;
        for (var prefix : PREFIXES) {
            if (rest.startsWith(prefix + "/")) {
                rest = rest.substring(prefix.length());
                break;
            }
        }
        if (rest.startsWith("/v1/")) {
            rest = rest.substring("/v1".length());
        }
        if (rest.equals("/chat/completions")) {
            return post(CHAT, method, path);
        }
        if (rest.equals("/models")) {
            return get(MODELS, method, path);
        }
        if (rest.startsWith("/models/") && rest.length() > "/models/".length()) {
            return model(rest.substring("/models/".length()), method, path);
        }
        return new Refused(new Failure.UnknownRoute(shown(path)));
    }

    private static Operation model(String encoded, String method, String path) {
        try {
            var id = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (id.chars().anyMatch(Character::isISOControl)) {
                return new Refused(
                        new Failure.Malformed(
                                "The model id in the path holds control characters.", null));
            }
            return get(new Model(id), method, path);
        } catch (IllegalArgumentException badEscape) {
            return new Refused(
                    new Failure.Malformed(
                            "The model id in the path has a broken percent escape.", null));
        }
    }

    private static Operation post(Operation route, String method, String path) {
        return method.equals("POST") ? route : notAllowed(method, path, "POST");
    }

    private static Operation get(Operation route, String method, String path) {
        return method.equals("GET") || method.equals("HEAD")
                ? route
                : notAllowed(method, path, "GET");
    }

    private static Operation notAllowed(String method, String path, String allowed) {
        return new Refused(new Failure.MethodNotAllowed(shown(method), shown(path), allowed));
    }

    /// Input that is echoed is cut and kept printable.
    private static String shown(String text) {
        var cut = text.length() > 200 ? text.substring(0, 200) + "..." : text;
        return cut.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
