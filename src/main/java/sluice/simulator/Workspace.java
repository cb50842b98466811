package sluice.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The doors of the simulator: which answer a request gets, from its method, path and token.
final class Workspace {
    /// A method and path that holds an endpoint's name: what stands before it, the name, what stands after it.
    private static final Pattern NAMED =
            Pattern.compile(
                    "(GET /api/2\\.0/serving-endpoints/|POST /serving-endpoints/)"
                            + "(?<name>[^/]+)(|/invocations)");

    private final Settings settings;
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final Scripts scripts;
    private final Chat chat;

    Workspace(Settings settings, Scripts scripts) {
        this.settings = settings;
        this.scripts = scripts;
        this.chat = new Chat(settings.clock(), settings.seed());
        settings.endpoints().forEach(endpoint -> endpoints.put(endpoint.name(), endpoint));
    }

    Reply answer(Request request) {
        try {
            return request.path().startsWith("/v1/") ? provider(request) : serving(request);
        } catch (Refused refused) {
            return Reply.normal(refused.answer());
        }
    }

    private Reply serving(Request request) throws Refused {
        authenticate(request, Surface.SERVING, settings.token());
        var asked = request.method() + " " + request.path();
        var named = NAMED.matcher(asked);
        boolean one = named.matches();
        var name = one ? decoded(named.group("name")) : "";
        return switch (one ? named.group(1) + "{name}" + named.group(3) : asked) {
            case "GET /api/2.0/serving-endpoints" ->
                    listing(request, Surface.SERVING, Listing.all(endpoints.values()));
            case "GET /api/2.0/serving-endpoints/{name}" ->
                    listing(request, Surface.SERVING, Listing.one(shown(name)));
            case "POST /serving-endpoints/chat/completions" -> chat(request, Surface.SERVING, "");
            case "POST /serving-endpoints/{name}/invocations" ->
                    chat(request, Surface.SERVING, name);
            default -> throw new Refused(noSuchPath(request, Surface.SERVING));
        };
    }

    private Reply provider(Request request) throws Refused {
        authenticate(request, Surface.OPENAI, settings.openAiToken());
        return switch (request.method() + " " + request.path()) {
            case "GET /v1/models" ->
                    listing(request, Surface.OPENAI, Listing.models(endpoints.values()));
            case "POST /v1/chat/completions" -> chat(request, Surface.OPENAI, "");
            default -> throw new Refused(noSuchPath(request, Surface.OPENAI));
        };
    }

    private Reply chat(Request request, Surface surface, String name) throws Refused {
        var body = request.body();
        var asked = ChatRequest.read(body, request.bodyLength(), surface, name);
        var endpoint = ready(asked.model(), surface);
        var script = script(surface, () -> scripts.forCall(request, endpoint));
        var answer = chat.answer(asked, surface, endpoint, script.words(), Chat.sum(body));
        return new Reply(answer, script.wire());
    }

    private Reply listing(Request request, Surface surface, Answer list) throws Refused {
        var script = script(surface, () -> scripts.forListing(request));
        var trouble = script.words().trouble();
        return new Reply(
                trouble.none() ? list : trouble.answer(surface, settings.clock()), script.wire());
    }

    private static Script script(Surface surface, Supplier<Script> chosen) throws Refused {
        try {
            return chosen.get();
        } catch (IllegalArgumentException unknown) {
            throw new Refused(
                    surface.error(400, "BAD_REQUEST", "simulator: " + unknown.getMessage()));
        }
    }

    private Endpoint ready(String name, Surface surface) throws Refused {
        var endpoint = endpoint(name);
        if (endpoint == null) {
            throw new Refused(noSuchModel(surface, name));
        }
        if (!endpoint.answers()) {
            throw new Refused(
                    surface.error(
                            503,
                            "TEMPORARILY_UNAVAILABLE",
                            "The endpoint '" + name + "' is not ready to serve requests."));
        }
        if (endpoint.task() != Endpoint.Task.CHAT) {
            throw new Refused(
                    surface.error(
                            400,
                            "BAD_REQUEST",
                            "The endpoint '" + name + "' does not support the task llm/v1/chat."));
        }
        return endpoint;
    }

    private Endpoint shown(String name) throws Refused {
        var endpoint = endpoint(name);
        if (endpoint == null) {
            throw new Refused(
                    Surface.SERVING.error(
                            404,
                            "RESOURCE_DOES_NOT_EXIST",
                            "Endpoint with name '" + name + "' does not exist."));
        }
        return endpoint;
    }

    private @Nullable Endpoint endpoint(String name) {
        return name.startsWith(Behaviour.MODEL_PREFIX)
                ? Endpoint.behaving(name)
                : endpoints.get(name);
    }

    private void authenticate(Request request, Surface surface, String token) throws Refused {
        var sent = request.header("authorization");
        if (sent.equals("Bearer " + token)) {
            return;
        }
        throw new Refused(
                switch (settings.tokenRefusal()) {
                    case GATEWAY -> Answer.text(400, "Invalid Token");
                    case WORKSPACE ->
                            sent.isEmpty() || surface == Surface.OPENAI
                                    ? surface.error(
                                            401,
                                            "UNAUTHENTICATED",
                                            "Credential was not sent or is not a valid token.")
                                    : surface.error(
                                            403, "PERMISSION_DENIED", "Invalid access token.");
                });
    }

    private static Answer.Whole noSuchModel(Surface surface, String name) {
        return surface.error(
                404,
                "RESOURCE_DOES_NOT_EXIST",
                "The given endpoint '"
                        + name
                        + "' does not exist, please retry after checking the specified model and"
                        + " version deployment exists.");
    }

    private static Answer.Whole noSuchPath(Request request, Surface surface) {
        return surface.error(
                404,
                "ENDPOINT_NOT_FOUND",
                "Invalid path: no API found for '"
                        + request.method()
                        + " "
                        + request.path()
                        + "'.");
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    static List<String> paths() {
        return List.of(
                "GET  /api/2.0/serving-endpoints",
                "GET  /api/2.0/serving-endpoints/{name}",
                "POST /serving-endpoints/chat/completions",
                "POST /serving-endpoints/{name}/invocations",
                "GET  /v1/models",
                "POST /v1/chat/completions");
    }
}
