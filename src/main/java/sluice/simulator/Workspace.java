package sluice.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.simulator.Endpoint.Api;

/// The doors of the simulator: which answer a request gets, from its method, path and credential.
final class Workspace {
    /// A method and path that holds a name: what stands before it, the name, what stands after it.
    private static final Pattern NAMED =
            Pattern.compile(
                    "(GET /api/2\\.0/serving-endpoints/|POST"
                            + " /serving-endpoints/(?=[^/]+/invocations$)|GET"
                            + " /api/2\\.1/unity-catalog/model-services/|GET /v1/models/)"
                            + "(?<name>[^/]+)(|/invocations)");

    /// On a host of its own the gateway leaves the beginning of its paths out.
    private static final Pattern DEDICATED =
            Pattern.compile("/(mlflow|anthropic|openai|codex|gemini|cursor)/v1.*");

    private final Settings settings;
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final Scripts scripts;
    private final Tokens tokens;
    private final Credentials credentials;
    private final Model model;

    Workspace(Settings settings, Scripts scripts) {
        this.settings = settings;
        this.scripts = scripts;
        this.tokens = new Tokens(settings.oidc(), settings.clock());
        this.credentials = new Credentials(settings, tokens);
        this.model = new Model(settings.clock(), settings.seed());
        settings.endpoints().forEach(endpoint -> endpoints.put(endpoint.name(), endpoint));
    }

    Tokens tokens() {
        return tokens;
    }

    Reply answer(Request request) {
        var path = request.path();
        try {
            if (path.startsWith("/v1/")) {
                return provider(request);
            }
            if (path.startsWith("/oidc/") || path.startsWith("/.well-known/")) {
                return identity(request);
            }
            if (path.startsWith("/ai-gateway/")) {
                return gateway(request, path);
            }
            return DEDICATED.matcher(path).matches()
                    ? gateway(request, "/ai-gateway" + path)
                    : serving(request);
        } catch (Refused refused) {
            return Reply.normal(refused.answer());
        }
    }

    /// Open to everybody, since nobody has a token yet.
    private Reply identity(Request request) throws Refused {
        checkPresent(request, request.path(), Surface.SERVING);
        return switch (request.method() + " " + request.path()) {
            case "POST /oidc/v1/token" -> token(request);
            case "GET /oidc/.well-known/oauth-authorization-server" ->
                    Reply.normal(Answer.json(200, authorizationServer(host(request))));
            case "GET /.well-known/databricks-config" ->
                    Reply.normal(Answer.json(200, databricksConfig(host(request))));
            default -> throw new Refused(noSuchPath(request, Surface.SERVING));
        };
    }

    private Reply serving(Request request) throws Refused {
        credentials.checkWorkspace(request, Surface.SERVING);
        checkPresent(request, request.path(), Surface.SERVING);
        var asked = request.method() + " " + request.path();
        var named = NAMED.matcher(asked);
        boolean one = named.matches();
        var name = one ? decoded(named.group("name")) : "";
        return switch (one ? named.group(1) + "{name}" + named.group(3) : asked) {
            case "GET /api/2.0/preview/scim/v2/Me" -> {
                var person = credentials.bearerOf(request);
                yield Reply.normal(Answer.json(200, Scim.me(person.userName(), person.groups())));
            }
            case "GET /api/2.0/serving-endpoints" -> listing(request, () -> Listing.all(all()));
            case "GET /api/2.0/serving-endpoints:foundation-models" ->
                    listing(request, () -> Listing.foundationModels(all()));
            case "GET /api/2.0/serving-endpoints/{name}" ->
                    listing(request, () -> Listing.one(shown(name)));
            case "GET /api/2.1/unity-catalog/model-services" ->
                    listing(request, () -> UnityCatalog.services(all(), request));
            case "GET /api/2.1/unity-catalog/model-services/{name}" ->
                    listing(request, () -> UnityCatalog.service(all(), name));
            case "GET /api/2.1/unity-catalog/models" ->
                    listing(request, () -> UnityCatalog.models(all(), request));
            case "GET /api/ai-gateway/v2/endpoints" ->
                    listing(request, () -> UnityCatalog.gatewayEndpoints(all(), request));
            case "POST /serving-endpoints/{name}/invocations" -> invocation(request, name);
            case "POST /serving-endpoints/chat/completions" ->
                    call(request, Surface.SERVING, Api.CHAT);
            case "POST /serving-endpoints/completions" ->
                    call(request, Surface.SERVING, Api.COMPLETIONS);
            case "POST /serving-endpoints/embeddings" ->
                    call(request, Surface.SERVING, Api.EMBEDDINGS);
            case "POST /serving-endpoints/responses" ->
                    call(request, Surface.SERVING, Api.RESPONSES);
            case "POST /serving-endpoints/open-responses" ->
                    call(request, Surface.SERVING, Api.OPEN_RESPONSES);
            case "POST /serving-endpoints/anthropic/v1/messages" ->
                    call(request, Surface.SERVING, Api.MESSAGES);
            case "POST /serving-endpoints/anthropic/v1/messages/count_tokens" ->
                    count(request, Surface.SERVING);
            default -> throw new Refused(noSuchPath(request, Surface.SERVING));
        };
    }

    private Reply gateway(Request request, String path) throws Refused {
        credentials.checkWorkspace(request, Surface.GATEWAY);
        checkPresent(request, path, Surface.GATEWAY);
        return switch (request.method() + " " + path) {
            case "POST /ai-gateway/mlflow/v1/chat/completions" ->
                    call(request, Surface.GATEWAY, Api.CHAT);
            case "POST /ai-gateway/mlflow/v1/embeddings" ->
                    call(request, Surface.GATEWAY, Api.EMBEDDINGS);
            case "POST /ai-gateway/mlflow/v1/responses" ->
                    call(request, Surface.GATEWAY, Api.AGENT_RESPONSES);
            case "POST /ai-gateway/openai/v1/responses", "POST /ai-gateway/codex/v1/responses" ->
                    call(request, Surface.GATEWAY, Api.RESPONSES);
            case "POST /ai-gateway/anthropic/v1/messages" ->
                    call(request, Surface.GATEWAY, Api.MESSAGES);
            case "POST /ai-gateway/anthropic/v1/messages/count_tokens" ->
                    count(request, Surface.GATEWAY);
            case "GET /ai-gateway/anthropic/v1/models" ->
                    listing(request, () -> Listing.gatewayClaudes(all()));
            default -> throw new Refused(noSuchPath(request, Surface.GATEWAY));
        };
    }

    /// OpenAI and Anthropic share their paths; who is meant is told by the dialect, and by its headers where both have
    /// one.
    private Reply provider(Request request) throws Refused {
        boolean anthropic =
                request.path().startsWith("/v1/messages")
                        || !request.header("x-api-key").isEmpty()
                        || !request.header("anthropic-version").isEmpty();
        return anthropic ? anthropic(request) : openAi(request);
    }

    private Reply anthropic(Request request) throws Refused {
        credentials.checkAnthropic(request);
        var asked = request.method() + " " + request.path();
        var named = NAMED.matcher(asked);
        boolean one = named.matches();
        return switch (one ? named.group(1) + "{name}" : asked) {
            case "GET /v1/models" ->
                    listing(
                            request,
                            Surface.ANTHROPIC,
                            () -> Listing.anthropicModels(all(), request));
            case "GET /v1/models/{name}" ->
                    listing(
                            request,
                            Surface.ANTHROPIC,
                            () -> anthropicModel(decoded(named.group("name"))));
            case "POST /v1/messages" -> call(request, Surface.ANTHROPIC, Api.MESSAGES);
            case "POST /v1/messages/count_tokens" -> count(request, Surface.ANTHROPIC);
            default -> throw new Refused(noSuchPath(request, Surface.ANTHROPIC));
        };
    }

    private Reply openAi(Request request) throws Refused {
        credentials.checkOpenAi(request);
        var asked = request.method() + " " + request.path();
        var named = NAMED.matcher(asked);
        boolean one = named.matches();
        return switch (one ? named.group(1) + "{name}" : asked) {
            case "GET /v1/models" -> listing(request, Surface.OPENAI, () -> Listing.models(all()));
            case "GET /v1/models/{name}" ->
                    listing(
                            request,
                            Surface.OPENAI,
                            () -> openAiModel(decoded(named.group("name"))));
            case "POST /v1/chat/completions" -> call(request, Surface.OPENAI, Api.CHAT);
            case "POST /v1/completions" -> call(request, Surface.OPENAI, Api.COMPLETIONS);
            case "POST /v1/embeddings" -> call(request, Surface.OPENAI, Api.EMBEDDINGS);
            case "POST /v1/responses" -> call(request, Surface.OPENAI, Api.RESPONSES);
            default -> throw new Refused(noSuchPath(request, Surface.OPENAI));
        };
    }

    private Reply token(Request request) throws Refused {
        var script = script(Surface.OIDC, () -> scripts.forMinting(request));
        var words = script.words();
        if (words.fault() == Script.Fault.NOT_JSON) {
            return new Reply(Answer.text(200, "this is not JSON"), script.wire());
        }
        return new Reply(
                words.trouble().none()
                        ? tokens.mint(request)
                        : words.trouble().answer(Surface.OIDC, settings.clock()),
                script.wire());
    }

    /// A model is asked in the dialect of its task, whatever that is.
    private Reply invocation(Request request, String name) throws Refused {
        var body = Body.read(request, Surface.SERVING);
        var endpoint = endpoint(name, Surface.SERVING);
        var api = endpoint == null ? Api.CHAT : endpoint.invoked(body);
        return call(request, body, name, Surface.SERVING, api);
    }

    private Reply call(Request request, Surface surface, Api api) throws Refused {
        var body = Body.read(request, surface);
        return call(request, body, body.model(), surface, api);
    }

    private Reply call(Request request, Body body, String name, Surface surface, Api api)
            throws Refused {
        var endpoint = ready(name, surface, api);
        var script = script(surface, () -> scripts.forCall(request, endpoint));
        var words = script.words();
        var answer = answer(body, endpoint, surface, api, words, Signature.sum(request.body()));
        return new Reply(
                words.trouble().none()
                        ? answer
                        : words.trouble().answer(voice(surface, api), settings.clock()),
                script.wire());
    }

    private Answer answer(
            Body body, Endpoint endpoint, Surface surface, Api api, Script.Words words, long sum)
            throws Refused {
        return switch (api) {
            case CHAT -> {
                var asked = ChatRequest.read(body, endpoint.name(), surface);
                yield model.chat(asked, surface, endpoint, words, sum);
            }
            case MESSAGES -> {
                var asked = MessagesRequest.read(body, endpoint.name(), surface);
                boolean omits = MessagesRequest.omitsThinking(body);
                yield model.messages(asked, omits, endpoint, words, sum);
            }
            case RESPONSES, OPEN_RESPONSES, AGENT_RESPONSES -> {
                var asked = ResponsesRequest.read(body, endpoint, voice(surface, api), surface);
                yield model.responses(asked, surface, endpoint, words, sum);
            }
            case COMPLETIONS -> {
                var asked = Completions.read(body, surface);
                yield model.completions(asked, surface, endpoint, words, sum);
            }
            case EMBEDDINGS ->
                    model.embeddings(Embeddings.read(body, surface), surface, endpoint, sum);
            case PREDICT -> model.predictions(body, endpoint, sum);
        };
    }

    private Reply count(Request request, Surface surface) throws Refused {
        var body = Body.read(request, surface);
        var endpoint = ready(body.model(), surface, Api.MESSAGES);
        var script = script(surface, () -> scripts.forCall(request, endpoint));
        var trouble = script.words().trouble();
        var asked = MessagesRequest.count(body, endpoint.name(), surface);
        return new Reply(
                trouble.none()
                        ? Answer.json(200, Json.object("input_tokens", asked.tokens()))
                        : trouble.answer(Surface.ANTHROPIC, settings.clock()),
                script.wire());
    }

    /// What a model says it says as its maker does, its errors too.
    private static Surface voice(Surface surface, Api api) {
        return switch (api) {
            case MESSAGES -> Surface.ANTHROPIC;
            case RESPONSES -> Surface.OPENAI;
            case CHAT, COMPLETIONS, EMBEDDINGS, OPEN_RESPONSES, AGENT_RESPONSES, PREDICT -> surface;
        };
    }

    private Reply listing(Request request, Made list) throws Refused {
        return listing(request, Surface.SERVING, list);
    }

    private Reply listing(Request request, Surface surface, Made list) throws Refused {
        var script = script(surface, () -> scripts.forListing(request));
        var trouble = script.words().trouble();
        return new Reply(
                trouble.none() ? list.answer() : trouble.answer(surface, settings.clock()),
                script.wire());
    }

    private Collection<Endpoint> all() {
        return endpoints.values();
    }

    private static Script script(Surface surface, Supplier<Script> chosen) throws Refused {
        try {
            return chosen.get();
        } catch (IllegalArgumentException unknown) {
            throw new Refused(
                    surface.error(400, "BAD_REQUEST", "simulator: " + unknown.getMessage()));
        }
    }

    private Endpoint ready(String name, Surface surface, Api api) throws Refused {
        var endpoint = endpoint(name, surface);
        if (endpoint == null || endpoint.state() == Endpoint.State.NULL) {
            throw new Refused(noSuchModel(surface, name));
        }
        if (surface == Surface.SERVING && settings.legacyRefused() && endpoint.foundation()) {
            throw new Refused(
                    surface.error(
                            501,
                            "NOT_IMPLEMENTED",
                            "The endpoint '"
                                    + name
                                    + "' is not available here; use the Unity Catalog model service"
                                    + " '"
                                    + endpoint.service()
                                    + "'."));
        }
        if (!endpoint.answers()) {
            throw new Refused(
                    surface.error(
                            503,
                            "TEMPORARILY_UNAVAILABLE",
                            "The endpoint '" + name + "' is not ready to serve requests."));
        }
        if (!endpoint.speaks(api)) {
            throw new Refused(
                    surface.error(
                            400,
                            "BAD_REQUEST",
                            switch (api) {
                                case CHAT ->
                                        "The endpoint '"
                                                + name
                                                + "' does not support the task llm/v1/chat.";
                                case RESPONSES, OPEN_RESPONSES, AGENT_RESPONSES ->
                                        "Responses API passthrough is not supported for the"
                                                + " endpoint '"
                                                + name
                                                + "'.";
                                case COMPLETIONS, EMBEDDINGS, MESSAGES, PREDICT ->
                                        "The endpoint '"
                                                + name
                                                + "' does not support the API "
                                                + api.wire()
                                                + ".";
                            }));
        }
        return endpoint;
    }

    private Endpoint shown(String name) throws Refused {
        var endpoint = endpoint(name, Surface.SERVING);
        if (endpoint == null) {
            throw new Refused(
                    Surface.SERVING.error(
                            404,
                            "RESOURCE_DOES_NOT_EXIST",
                            "Endpoint with name '" + name + "' does not exist."));
        }
        return endpoint;
    }

    private Answer anthropicModel(String id) throws Refused {
        if (endpoint(id, Surface.ANTHROPIC) == null) {
            throw new Refused(noSuchModel(Surface.ANTHROPIC, id));
        }
        return Answer.json(200, Listing.anthropicModel(id));
    }

    private Answer openAiModel(String id) throws Refused {
        if (endpoint(id, Surface.OPENAI) == null) {
            throw new Refused(noSuchModel(Surface.OPENAI, id));
        }
        return Answer.json(200, Listing.model(id));
    }

    /// Every surface has names of its own: the gateway those of Unity Catalog beside the old ones, a provider none with
    /// the prefix of Databricks.
    private @Nullable Endpoint endpoint(String name, Surface surface) {
        if (name.startsWith(Behaviour.MODEL_PREFIX)) {
            return Endpoint.behaving(name);
        }
        return switch (surface) {
            case SERVING, OIDC -> endpoints.get(name);
            case GATEWAY -> service(name);
            case OPENAI, ANTHROPIC ->
                    endpoints.getOrDefault(name, endpoints.get("databricks-" + name));
        };
    }

    private @Nullable Endpoint service(String name) {
        for (var endpoint : endpoints.values()) {
            boolean agent = endpoint.task() == Endpoint.Task.AGENT;
            if ((agent || !endpoint.service().isEmpty())
                    && (name.equals(endpoint.name()) || name.equals(endpoint.service()))) {
                return endpoint;
            }
        }
        return null;
    }

    private void checkPresent(Request request, String path, Surface surface) throws Refused {
        for (var absent : settings.absent()) {
            if (path.startsWith(absent)) {
                throw new Refused(noSuchPath(request, surface));
            }
        }
    }

    private static Answer.Whole noSuchModel(Surface surface, String name) {
        return surface.error(
                404,
                "RESOURCE_DOES_NOT_EXIST",
                surface == Surface.ANTHROPIC
                        ? "model: " + name
                        : "The given endpoint '"
                                + name
                                + "' does not exist, please retry after checking the specified"
                                + " model and version deployment exists.");
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

    private static String host(Request request) {
        return "http://" + request.header("host");
    }

    private static Map<String, @Nullable Object> authorizationServer(String host) {
        return Json.object(
                "issuer",
                host + "/oidc",
                "token_endpoint",
                host + "/oidc/v1/token",
                "authorization_endpoint",
                host + "/oidc/v1/authorize",
                "grant_types_supported",
                List.of("client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"));
    }

    private static Map<String, @Nullable Object> databricksConfig(String host) {
        return Json.object(
                "oidc_endpoint",
                host + "/oidc",
                "account_id",
                "00000000-0000-0000-0000-00000000acc0",
                "workspace_id",
                "1234567890123456",
                "cloud",
                "aws",
                "token_federation_default_oidc_audiences",
                List.of("00000000-0000-0000-0000-00000000acc0"));
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return segment;
        }
    }

    static List<String> paths() {
        return List.of(
                "POST /oidc/v1/token",
                "GET  /oidc/.well-known/oauth-authorization-server",
                "GET  /.well-known/databricks-config",
                "GET  /api/2.0/preview/scim/v2/Me",
                "GET  /api/2.0/serving-endpoints",
                "GET  /api/2.0/serving-endpoints/{name}",
                "GET  /api/2.0/serving-endpoints:foundation-models",
                "GET  /api/2.1/unity-catalog/model-services",
                "GET  /api/2.1/unity-catalog/model-services/{name}",
                "GET  /api/2.1/unity-catalog/models",
                "GET  /api/ai-gateway/v2/endpoints",
                "POST /serving-endpoints/{name}/invocations",
                "POST /serving-endpoints/chat/completions",
                "POST /serving-endpoints/completions",
                "POST /serving-endpoints/embeddings",
                "POST /serving-endpoints/responses",
                "POST /serving-endpoints/open-responses",
                "POST /serving-endpoints/anthropic/v1/messages",
                "POST /serving-endpoints/anthropic/v1/messages/count_tokens",
                "POST /ai-gateway/mlflow/v1/chat/completions",
                "POST /ai-gateway/mlflow/v1/embeddings",
                "POST /ai-gateway/mlflow/v1/responses",
                "POST /ai-gateway/openai/v1/responses",
                "POST /ai-gateway/codex/v1/responses",
                "POST /ai-gateway/anthropic/v1/messages",
                "POST /ai-gateway/anthropic/v1/messages/count_tokens",
                "GET  /ai-gateway/anthropic/v1/models",
                "GET  /v1/models",
                "GET  /v1/models/{name}",
                "POST /v1/chat/completions",
                "POST /v1/completions",
                "POST /v1/embeddings",
                "POST /v1/responses",
                "POST /v1/messages",
                "POST /v1/messages/count_tokens");
    }

    /// Makes a list, when nothing is wrong.
    private interface Made {
        Answer answer() throws Refused;
    }
}
