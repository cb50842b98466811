package sluice.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;
import sluice.call.Failure;

/// What a request asks for, read from its method and path.
public sealed interface Operation {

    /// The names under which the ledger books a request.
    String name();

    /// A call to a model.
    ///
    /// @param model the model, where the path names it and not the body
    record Call(Dialect dialect, @Nullable String model) implements Operation {
        @Override
        public String name() {
            return dialect.token();
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

    /// The serving endpoints of the workspaces, as the model hub shows them.
    record HubEndpoints() implements Operation {
        @Override
        public String name() {
            return "hub_endpoints";
        }
    }

    /// The models, as the model hub shows them.
    record Hub() implements Operation {
        @Override
        public String name() {
            return "model_hub";
        }
    }

    /// Something for operators.
    ///
    /// @param path what stands behind {@code /admin/v1/}, as sent
    record Admin(String method, String path) implements Operation {
        @Override
        public String name() {
            return "admin";
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

    String ADMIN = "/admin/v1/";

    Operation CHAT = new Call(Dialect.CHAT, null);
    Operation MODELS = new Models();

    /// What is posted, behind {@code /v1} or without it.
    Map<String, Operation> POSTED =
            Map.of(
                    "/chat/completions", CHAT,
                    "/completions", new Call(Dialect.COMPLETIONS, null),
                    "/embeddings", new Call(Dialect.EMBEDDINGS, null),
                    "/responses", new Call(Dialect.RESPONSES, null),
                    "/messages", new Call(Dialect.MESSAGES, null),
                    "/messages/count_tokens", new Call(Dialect.COUNT_TOKENS, null));

    /// The doors of design section 4; each may be followed by {@code /v1} or not.
    List<String> PREFIXES = List.of("/openai", "/anthropic", "/api/llm");

    /// Target, then endpoint; each one segment of the path.
    Pattern INVOCATIONS =
            Pattern.compile("/databricks/([^/]+)/serving-endpoints/([^/]+)/invocations");

    /// @param path as sent, without the query
    static Operation of(String method, String path) {
        return switch (path) {
            case "/v1/chat/completions" -> post(CHAT, method, path);
            case "/health/live" -> get(new Live(), method, path);
            case "/health/ready" -> get(new Ready(), method, path);
            case "/public/databricks/serving_endpoints" -> get(new HubEndpoints(), method, path);
            case "/public/model_hub" -> get(new Hub(), method, path);
            default ->
                    path.startsWith(ADMIN)
                            ? new Admin(method, path.substring(ADMIN.length()))
                            : behindPrefix(method, path);
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
        var posted = POSTED.get(rest);
        if (posted != null) {
            return post(posted, method, path);
        }
        if (rest.equals("/models")) {
            return get(MODELS, method, path);
        }
        if (rest.startsWith("/models/") && rest.length() > "/models/".length()) {
            return model(rest.substring("/models/".length()), method, path);
        }
        var invoked = INVOCATIONS.matcher(rest);
        if (invoked.matches()) {
            return invocation(invoked.group(1), invoked.group(2), method, path);
        }
        return new Refused(new Failure.UnknownRoute(shown(path)));
    }

    private static Operation model(String encoded, String method, String path) {
        var id = decoded(encoded);
        return id == null ? badName() : get(new Model(id), method, path);
    }

    private static Operation invocation(
            String target, String endpoint, String method, String path) {
        var place = decoded(target);
        var name = decoded(endpoint);
        return place == null || name == null
                ? badName()
                : post(new Call(Dialect.INVOCATIONS, place + "/" + name), method, path);
    }

    private static Operation badName() {
        return new Refused(
                new Failure.Malformed(
                        "The name in the path has a broken percent escape or a control character.",
                        null));
    }

    private static @Nullable String decoded(String encoded) {
        try {
            var text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            return text.chars().anyMatch(Character::isISOControl) ? null : text;
        } catch (IllegalArgumentException badEscape) {
            return null;
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
