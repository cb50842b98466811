package sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.Price;
import sluice.call.RequestType;
import sluice.call.Secret;

/// {@code providers.targets[]}: the keys of a target, and what they mean together.
final class TargetSection {
    private static final Key<String> ID =
            Key.required(
                    "id", Text.ID, "the name of this target, before the slash of <id>/<model>");
    private static final Key<ProviderName> PROVIDER =
            Key.required(
                    "provider",
                    new Text(
                                    "databricks, databricks:chat:<endpoint>, openai, anthropic or"
                                            + " custom",
                                    Pattern.compile("[!-~]{1,300}"))
                            .then(ProviderName::parse),
                    "whose protocol it speaks: databricks, databricks:chat:<endpoint> for one"
                            + " model, openai, anthropic, or custom");
    private static final Key<String> MODEL =
            Key.optional(
                    "model", Text.MODEL, "the one model this target serves, in place of models");
    private static final Key<List<String>> MODELS =
            Key.defaulting(
                    "models",
                    new ListOf<>(Text.MODEL, 1000, ""),
                    List.of("*"),
                    "the models that callers see: [] none, [\"*\"] all that the target lists, or"
                            + " names");
    private static final Key<String> FORMAT =
            Key.defaulting(
                    "format",
                    new OneOf<>(Map.of("openai", "openai"), Set.of("anthropic")),
                    "openai",
                    "the dialect spoken with this target");
    private static final Key<Provider.BaseFormat> BASE_FORMAT =
            Key.optional(
                    "base_format",
                    new OneOf<>(baseFormats(), Set.of()),
                    "the dialect of a custom provider");
    private static final Key<URI> BASE_URL =
            Key.optional(
                    "base_url",
                    BaseUrl.SHAPE,
                    "what stands before /v1/... (openai, anthropic, custom), or the workspace's"
                            + " address, with /serving-endpoints, /ai-gateway or neither (databricks);"
                            + " openai and anthropic have their public addresses without it");
    private static final Key<Provider.Surface> SURFACE =
            Key.defaulting(
                    "surface",
                    new OneOf<>(surfaces(), Set.of()),
                    "auto",
                    "which door of a Databricks workspace is used");
    private static final Key<Secret> SECRET =
            Key.optional(
                    "secret_key_ref",
                    new SecretReference(),
                    "where the target's token is kept, {env: NAME} or {file: path}; sent as a bearer"
                            + " token");
    private static final Key<Auth> AUTH =
            Key.optional(
                    "auth",
                    AuthSection.SHAPE,
                    "how we sign in to a Databricks workspace, in place of secret_key_ref");
    private static final Key<Boolean> KEYLESS =
            Key.defaulting(
                    "keyless",
                    new Truth(),
                    false,
                    "true when a custom provider wants no key, or gets it in extra_headers");
    private static final Key<List<ExtraHeader>> HEADERS =
            Key.defaulting(
                    "extra_headers",
                    new ExtraHeaders(),
                    Map.of(),
                    "headers sent with every request: a text, {env: NAME}, {file: path} or"
                            + " {template: \"Bearer ${NAME}\"}");
    private static final Key<Duration> TIMEOUT =
            Key.defaulting(
                    "timeout_seconds",
                    Whole.seconds(1, 86_400),
                    290L,
                    "how long one call may take in all");
    private static final Key<Duration> CONNECT =
            Key.defaulting(
                    "connect_timeout_seconds",
                    Whole.seconds(1, 300),
                    10L,
                    "how long a connection may take; never longer than timeout_seconds");
    private static final Key<Duration> FIRST_BYTE =
            Key.optional(
                    "first_byte_timeout_seconds",
                    Whole.seconds(1, 86_400),
                    "how long the first byte of an answer may take; timeout_seconds without it");
    private static final Key<Duration> IDLE =
            Key.defaulting(
                    "idle_timeout_seconds",
                    Whole.seconds(1, 86_400),
                    120L,
                    "how long a begun answer may pause; never longer than timeout_seconds");
    private static final Key<Long> MAX_RESPONSE =
            Key.defaulting(
                    "max_response_bytes",
                    new Whole(1024, 1L << 30),
                    64L * 1024 * 1024,
                    "how large an answer that is not a stream may be");
    private static final Key<Integer> MAX_CONNECTIONS =
            Key.defaulting(
                    "max_connections",
                    Whole.small(1, 65_536),
                    4096L,
                    "how many connections one event loop may hold to this target");

    private static final Key<List<String>> SCHEMAS =
            Key.defaulting(
                    "schemas",
                    new ListOf<>(
                            new Text(
                                    "a schema of Unity Catalog, such as main.models",
                                    Pattern.compile(
                                            "[^\\x00-\\x20/.]{1,255}\\.[^\\x00-\\x20/.]{1,255}")),
                            100,
                            ""),
                    List.of(),
                    "further schemas of a Databricks workspace whose model services are listed, beside"
                            + " system.ai");
    private static final Key<List<RequestType>> ALLOWED =
            Key.optional(
                    "allowed_requests",
                    RequestPaths.ALLOWED,
                    "the kinds of request that a custom provider takes; all without it");
    private static final Key<Map<RequestType, String>> PATHS =
            Key.optional(
                    "request_paths",
                    RequestPaths.SECTION,
                    "where a kind of request goes instead of the usual place: a path behind"
                            + " base_url, or a whole address");
    private static final Key<Map<String, List<Price>>> PRICING =
            Key.defaulting(
                    "pricing",
                    new Pricing(),
                    Map.of(),
                    "what models cost here, in place of the model book: a price for each model, or"
                            + " a list of dated ones");

    private static final Key<List<CredentialSection.Written>> CREDENTIALS =
            Key.optional(
                    "credentials",
                    new ListOf<>(CredentialSection.SECTION, CredentialSection.MAX, "id"),
                    "several credentials that share the calls, in place of secret_key_ref or auth;"
                            + " when one is refused or has nothing left, the next is tried");
    private static final Key<HealthProbe> PROBE =
            Key.optional(
                    "health_probe",
                    probeSection(),
                    "asks the target from time to time whether it is there");

    static final Section<TargetConfig> SECTION =
            new Section<>(
                    "a target",
                    List.of(
                            ID,
                            PROVIDER,
                            MODEL,
                            MODELS,
                            FORMAT,
                            BASE_FORMAT,
                            BASE_URL,
                            SURFACE,
                            SECRET,
                            AUTH,
                            KEYLESS,
                            HEADERS,
                            TIMEOUT,
                            CONNECT,
                            FIRST_BYTE,
                            IDLE,
                            MAX_RESPONSE,
                            MAX_CONNECTIONS,
                            SCHEMAS,
                            ALLOWED,
                            PATHS,
                            PRICING,
                            CREDENTIALS,
                            RetrySection.RETRY,
                            RetrySection.FALLBACK,
                            PROBE),
                    Set.of("data_policy"),
                    ofVirtualModels(),
                    TargetSection::check,
                    TargetSection::build);

    private TargetSection() {}

    /// What a target does behind one virtual model it need not do behind another.
    private static Map<String, String> ofVirtualModels() {
        var elsewhere = new HashMap<String, String>();
        for (var key :
                List.of(
                        "weight",
                        "priority",
                        "sla_cutoff",
                        "fallback_candidate",
                        "override_params",
                        "headers_override",
                        "metadata_match")) {
            elsewhere.put(
                    key,
                    "belongs to a virtual model's target; write it under"
                            + " virtual_models[].routing_config.load_balance_targets[]");
        }
        elsewhere.put(
                "sticky_routing",
                "belongs to a virtual model; write it under virtual_models[].routing_config");
        return elsewhere;
    }

    private static Section<HealthProbe> probeSection() {
        Key<String> path =
                Key.required(
                        "path",
                        new Text(
                                "a path that begins with '/'",
                                Pattern.compile("/(?!/)[!-~&&[^#]]{0,1023}")),
                        "what is asked for by GET, behind the target's address; any 2xx is well");
        Key<Duration> interval =
                Key.defaulting(
                        "interval_seconds", Whole.seconds(1, 3_600), 30L, "how often it is asked");
        return new Section<>(
                "health_probe",
                List.of(path, interval),
                Set.of(),
                _ -> {},
                fields -> new HealthProbe(fields.the(path), fields.the(interval)));
    }

    private static void check(Fields target) {
        target.find(PROVIDER).ifPresent(provider -> checkProvider(target, provider));
        checkModels(target);
        for (var part : List.of(CONNECT, FIRST_BYTE, IDLE)) {
            var total = target.find(TIMEOUT);
            var limit = target.find(part);
            if (target.given(part)
                    && total.isPresent()
                    && limit.isPresent()
                    && limit.get().compareTo(total.get()) > 0) {
                target.fault(
                        part,
                        "expected at most timeout_seconds, which is "
                                + total.get().toSeconds()
                                + ", got "
                                + limit.get().toSeconds());
            }
        }
    }

    private static void checkProvider(Fields target, ProviderName provider) {
        boolean custom = provider.kind() == ProviderName.Kind.CUSTOM;
        for (var key : List.of(ALLOWED, PATHS)) {
            if (!custom && target.given(key)) {
                target.fault(key, "belongs to provider: custom only; remove it");
            }
        }
        if (custom && !target.given(BASE_FORMAT)) {
            target.fault(
                    BASE_FORMAT,
                    "missing: a custom provider needs base_format: openai or anthropic");
        }
        if (!custom && target.given(BASE_FORMAT)) {
            target.fault(BASE_FORMAT, "belongs to provider: custom only; remove it");
        }
        if (provider.kind() != ProviderName.Kind.DATABRICKS && target.given(SURFACE)) {
            target.fault(SURFACE, "belongs to provider: databricks only; remove it");
        }
        if (provider.kind() != ProviderName.Kind.DATABRICKS && target.given(SCHEMAS)) {
            target.fault(SCHEMAS, "belongs to provider: databricks only; remove it");
        }
        boolean hostComesFromAuth =
                !custom
                        && target.given(AUTH)
                        && target.find(AUTH).map(auth -> auth.host().isPresent()).orElse(true);
        if (!hasPublicAddress(provider.kind()) && !target.given(BASE_URL) && !hostComesFromAuth) {
            target.fault(
                    BASE_URL,
                    custom
                            ? "missing: what stands before /v1/... of the service"
                            : "missing: the workspace's address, such as"
                                    + " https://adb-1234567890.azuredatabricks.net");
        }
        checkBaseUrl(target, provider);
        checkCredential(target, provider.kind());
    }

    private static boolean hasPublicAddress(ProviderName.Kind kind) {
        return kind == ProviderName.Kind.OPENAI || kind == ProviderName.Kind.ANTHROPIC;
    }

    private static void checkBaseUrl(Fields target, ProviderName provider) {
        var url = target.find(BASE_URL);
        if (url.isEmpty()) {
            return;
        }
        if (provider.kind() == ProviderName.Kind.DATABRICKS) {
            BaseUrl.faultAsWorkspace(url.get()).ifPresent(fault -> target.fault(BASE_URL, fault));
        } else if (BaseUrl.endsInVersion(url.get())) {
            target.warn(
                    BASE_URL,
                    "what stands before /v1 is meant; read as "
                            + Discretion.quote(BaseUrl.beforeVersion(url.get()).toString()));
        }
        target.find(AUTH)
                .flatMap(Auth::host)
                .filter(host -> !host.getRawAuthority().equals(url.get().getRawAuthority()))
                .ifPresent(host ->
                        target.warn(
                                BASE_URL,
                                "the credential was given for "
                                        + Discretion.quote(host.toString())
                                        + " and is sent here"));
        if (BaseUrl.inTheClear(url.get())
                && (target.given(SECRET)
                        || target.given(AUTH)
                        || target.given(CREDENTIALS)
                        || target.given(HEADERS))) {
            target.warn(BASE_URL, "credentials travel unencrypted over http://; use https://");
        }
    }

    private static void checkCredentials(Fields target, ProviderName.Kind kind) {
        for (var key : List.of(SECRET, AUTH, KEYLESS)) {
            if (target.given(key)) {
                target.fault(key, "excluded by credentials; keep one of the two");
            }
        }
        var pool = target.find(CREDENTIALS);
        if (pool.map(List::isEmpty).orElse(false)) {
            target.fault(CREDENTIALS, "expected at least one credential");
        }
        for (var each : pool.orElse(List.of())) {
            if (each.signsIn()
                    && kind != ProviderName.Kind.DATABRICKS
                    && kind != ProviderName.Kind.CUSTOM) {
                target.fault(
                        each.place().key("auth"),
                        "belongs to provider: databricks, or to a custom one at a workspace's"
                                + " address; give a secret_key_ref instead");
            }
        }
    }

    private static void checkCredential(Fields target, ProviderName.Kind kind) {
        if (target.given(CREDENTIALS)) {
            checkCredentials(target, kind);
            return;
        }
        boolean custom = kind == ProviderName.Kind.CUSTOM;
        boolean databricks = kind == ProviderName.Kind.DATABRICKS;
        if (target.given(AUTH) && !databricks && !custom) {
            target.fault(
                    AUTH,
                    "belongs to provider: databricks, or to a custom one at a workspace's address;"
                            + " give a secret_key_ref instead");
        }
        if (target.given(AUTH) && target.given(SECRET)) {
            target.fault(AUTH, "auth and secret_key_ref exclude each other; keep one");
        }
        if (!databricks && onBehalf(target).isPresent()) {
            target.fault(AUTH, "on-behalf-of-user belongs to provider: databricks only");
        }
        if (target.given(PROBE) && onBehalf(target).filter(TargetSection::isBlind).isPresent()) {
            target.fault(
                    PROBE,
                    "a target that is asked on behalf of its callers has nothing to probe with; add"
                            + " auth.discovery");
        }
        boolean keyless = target.find(KEYLESS).orElse(false);
        if (keyless && !custom) {
            target.fault(
                    KEYLESS, "belongs to provider: custom only; give a secret_key_ref instead");
        }
        if (keyless && (target.given(SECRET) || target.given(AUTH))) {
            target.fault(
                    KEYLESS,
                    "keyless and "
                            + (target.given(SECRET) ? "secret_key_ref" : "auth")
                            + " exclude each other; keep one");
        }
        boolean keylessIsWrong = target.given(KEYLESS) && target.find(KEYLESS).isEmpty();
        if (!keyless && !keylessIsWrong && !target.given(SECRET) && !target.given(AUTH)) {
            target.fault(
                    SECRET,
                    databricks
                            ? "missing Databricks credentials: write secret_key_ref: {env: NAME}"
                                    + " for a personal access token, or auth: {type: oauth-m2m,"
                                    + " client_id: {env: NAME}, client_secret: {env: NAME}}"
                            : "missing: how do we show the target who we are? Write secret_key_ref:"
                                    + " {env: NAME}"
                                    + (custom ? ", or keyless: true" : ""));
        }
        if ((target.given(SECRET) || target.given(AUTH))
                && target.find(HEADERS).orElse(List.of()).stream()
                        .anyMatch(header -> header.name().equals("authorization"))) {
            target.fault(
                    HEADERS,
                    "Authorization is already sent from "
                            + (target.given(SECRET) ? "secret_key_ref" : "auth")
                            + "; keep one of the two");
        }
    }

    private static Optional<Credential.OnBehalfOfUser> onBehalf(Fields target) {
        return target.find(AUTH)
                .map(Auth::credential)
                .filter(Credential.OnBehalfOfUser.class::isInstance)
                .map(Credential.OnBehalfOfUser.class::cast);
    }

    /// It cannot ask the workspace anything of its own.
    private static boolean isBlind(Credential.OnBehalfOfUser credential) {
        return credential.discovery().isEmpty();
    }

    private static void checkModels(Fields target) {
        var endpoint = target.find(PROVIDER).flatMap(ProviderName::endpoint);
        boolean lists =
                endpoint.isEmpty()
                        && !target.given(MODEL)
                        && target.find(MODELS).filter(List.of("*")::equals).isPresent();
        if (lists && onBehalf(target).filter(TargetSection::isBlind).isPresent()) {
            target.fault(
                    MODELS,
                    "a target that is asked on behalf of its callers cannot list its models; name them,"
                            + " or add auth.discovery");
        }
        if (endpoint.isPresent() && target.given(MODEL)) {
            target.fault(MODEL, "the provider already names the one model; remove one of the two");
        }
        if (target.given(MODELS) && (endpoint.isPresent() || target.given(MODEL))) {
            target.fault(MODELS, "this target has exactly one model already; remove models");
        }
        var models = target.find(MODELS).orElse(List.of());
        if (target.find(MODEL).filter(model -> model.contains("*")).isPresent()) {
            target.fault(MODEL, "expected one model's name without '*'; patterns stand in models");
        }
        for (var model : models) {
            if (model.contains("*") && !models.equals(List.of("*"))) {
                target.fault(
                        MODELS,
                        "expected [], [\"*\"] or names without '*', got "
                                + Discretion.quote(model));
            }
        }
    }

    private static TargetConfig build(Fields target) {
        var named = target.the(PROVIDER);
        var pool =
                target.find(CREDENTIALS).orElse(List.of()).stream()
                        .map(CredentialSection.Written::credential)
                        .toList();
        var one = named.endpoint().or(() -> target.find(MODEL));
        return new TargetConfig(
                target.the(ID),
                provider(target, named),
                baseUrl(target, named),
                target.find(SECRET)
                        .<Credential>map(Credential.PersonalToken::new)
                        .or(() -> target.find(AUTH).map(Auth::credential))
                        .or(() -> pool.stream().findFirst().map(PooledCredential::credential))
                        .orElseGet(Credential.Keyless::new),
                target.the(HEADERS),
                one.<ModelSelection>map(model -> new ModelSelection.Named(List.of(model)))
                        .orElseGet(() -> ModelSelection.of(target.the(MODELS))),
                deadlines(target),
                target.the(MAX_RESPONSE),
                target.the(MAX_CONNECTIONS),
                requests(target),
                target.the(PRICING),
                pool,
                target.the(RetrySection.RETRY),
                target.the(RetrySection.FALLBACK),
                target.find(PROBE),
                target.place());
    }

    private static Provider provider(Fields target, ProviderName named) {
        return switch (named.kind()) {
            case DATABRICKS -> new Provider.Databricks(target.the(SURFACE), target.the(SCHEMAS));
            case OPENAI -> new Provider.OpenAi();
            case ANTHROPIC -> new Provider.Anthropic();
            case CUSTOM -> new Provider.Custom(target.the(BASE_FORMAT));
        };
    }

    private static URI baseUrl(Fields target, ProviderName named) {
        return switch (named.kind()) {
            case DATABRICKS ->
                    target.find(BASE_URL)
                            .map(BaseUrl::workspace)
                            .or(() -> target.find(AUTH).flatMap(Auth::host))
                            .orElseThrow();
            case OPENAI ->
                    target.find(BASE_URL)
                            .map(BaseUrl::beforeVersion)
                            .orElse(URI.create("https://api.openai.com"));
            case ANTHROPIC ->
                    target.find(BASE_URL)
                            .map(BaseUrl::beforeVersion)
                            .orElse(URI.create("https://api.anthropic.com"));
            case CUSTOM -> BaseUrl.beforeVersion(target.the(BASE_URL));
        };
    }

    private static Deadlines deadlines(Fields target) {
        var total = target.the(TIMEOUT);
        return new Deadlines(
                total,
                shorter(target.the(CONNECT), total),
                target.find(FIRST_BYTE).orElse(total),
                shorter(target.the(IDLE), total));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Requests requests(Fields target) {
        return new Requests(
                target.find(ALLOWED)
                        .<Set<RequestType>>map(Set::copyOf)
                        .orElse(Requests.USUAL.allowed()),
                target.find(PATHS).orElse(Map.of()));
    }

    private static Map<String, Provider.BaseFormat> baseFormats() {
        var formats = new LinkedHashMap<String, Provider.BaseFormat>();
        formats.put("openai", Provider.BaseFormat.OPENAI);
        formats.put("anthropic", Provider.BaseFormat.ANTHROPIC);
        return formats;
    }

    private static Map<String, Provider.Surface> surfaces() {
        var surfaces = new LinkedHashMap<String, Provider.Surface>();
        surfaces.put("auto", Provider.Surface.AUTO);
        surfaces.put("serving", Provider.Surface.SERVING);
        surfaces.put("gateway", Provider.Surface.GATEWAY);
        return surfaces;
    }
}
