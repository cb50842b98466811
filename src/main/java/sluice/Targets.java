package sluice;

import java.net.URI;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.RequestType;
import sluice.config.Credential;
import sluice.config.ExtraHeader;
import sluice.config.Provider;
import sluice.config.TargetConfig;
import sluice.json.NotJson;
import sluice.loop.Loops;
import sluice.protocol.openai.ModelList;
import sluice.upstream.KeyPool;
import sluice.upstream.Listing;
import sluice.upstream.Service;
import sluice.upstream.Target;
import sluice.upstream.TokenSource;
import sluice.upstream.Upstream;
import sluice.upstream.Wires;
import sluice.upstream.anthropic.Anthropic;
import sluice.upstream.databricks.Databricks;
import sluice.upstream.databricks.InlineImages;
import sluice.upstream.databricks.RequestFields;
import sluice.upstream.databricks.Surfaces;
import sluice.upstream.databricks.UnityCatalogModels;
import sluice.upstream.databricks.auth.MintedTokens;
import sluice.upstream.databricks.auth.SignIn;
import sluice.upstream.openai.OpenAi;

/// The part of the composition root that turns a configured target into what calls it. Each provider is a case of one
/// switch here and a package of its own there.
final class Targets {
    private final Loops loops;
    private final InlineImages images;
    private final Supplier<RequestFields> fields;
    private final Clock clock;
    private final LongSupplier nanos;
    private final DoubleSupplier chance;

    /// @param fields which fields of a request a workspace takes, as the operator has it now
    /// @param nanos the clock by which refused credentials rest
    /// @param chance numbers from 0 to below 1, from any thread
    Targets(
            Loops loops,
            InlineImages images,
            Supplier<RequestFields> fields,
            Clock clock,
            LongSupplier nanos,
            DoubleSupplier chance) {
        this.loops = loops;
        this.images = images;
        this.fields = fields;
        this.clock = clock;
        this.nanos = nanos;
        this.chance = chance;
    }

    Upstream make(TargetConfig config) {
        if (config.credentials().isEmpty()) {
            return make(config, config.credential());
        }
        var pooled =
                config.credentials().stream()
                        .map(each ->
                                new KeyPool.Credential(
                                        each.id(),
                                        make(config, each.credential()),
                                        each.weight(),
                                        each.models()))
                        .toList();
        return new KeyPool(pooled, nanos, chance);
    }

    private Upstream make(TargetConfig config, Credential credential) {
        return switch (config.provider()) {
            case Provider.Databricks(var surface, var schemas) ->
                    databricks(config, credential, surface, schemas);
            case Provider.OpenAi _ -> openAi(config, credential);
            case Provider.Anthropic _ -> anthropic(config, credential);
            case Provider.Custom(var format) ->
                    switch (format) {
                        case OPENAI -> openAi(config, credential);
                        case ANTHROPIC -> anthropic(config, credential);
                    };
        };
    }

    private Databricks databricks(
            TargetConfig config,
            Credential credential,
            Provider.Surface surface,
            List<String> schemas) {
        var choice =
                switch (surface) {
                    case AUTO -> Surfaces.Choice.AUTO;
                    case SERVING -> Surfaces.Choice.SERVING;
                    case GATEWAY -> Surfaces.Choice.GATEWAY;
                };
        return new Databricks(
                Wires.to(target(config, credential, config.baseUrl()), loops),
                new Surfaces(config.baseUrl(), choice, clock),
                fields,
                images,
                schemas,
                credential instanceof Credential.OnBehalfOfUser,
                clock);
    }

    private Upstream openAi(TargetConfig config, Credential credential) {
        return service(config, credential, OpenAi.PATHS, OpenAi.MODELS, Map.of());
    }

    private Upstream anthropic(TargetConfig config, Credential credential) {
        return service(config, credential, Anthropic.PATHS, Anthropic.MODELS, Anthropic.HEADERS);
    }

    private Upstream service(
            TargetConfig config,
            Credential credential,
            Map<Dialect, String> paths,
            String listing,
            Map<String, String> always) {
        var wires = new HashMap<URI, Wires>();
        Function<String, Service.Door> door =
                place -> {
                    var base = place.startsWith("/") ? config.baseUrl() : host(place);
                    return new Service.Door(
                            wires.computeIfAbsent(
                                    base, at -> Wires.to(target(config, credential, at), loops)),
                            place.startsWith("/")
                                    ? place
                                    : place.substring(base.toString().length()));
                };
        var doors = new EnumMap<RequestType, Service.Door>(RequestType.class);
        for (var type : RequestType.values()) {
            var usual = usual(type, paths);
            if (usual != null) {
                doors.put(type, door.apply(config.requests().paths().getOrDefault(type, usual)));
            }
        }
        boolean lists = config.requests().allowed().contains(RequestType.LIST_MODELS);
        var list = config.requests().paths().getOrDefault(RequestType.LIST_MODELS, listing);
        return new Service(
                config.id(),
                doors,
                config.requests().allowed(),
                lists ? door.apply(list) : null,
                new Listed(),
                always,
                clock);
    }

    /// What a whole address has before its path.
    private static URI host(String address) {
        var uri = URI.create(address);
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }

    private static @Nullable String usual(RequestType type, Map<Dialect, String> paths) {
        for (var dialect : Dialect.values()) {
            if (RequestType.of(dialect, false) == type || RequestType.of(dialect, true) == type) {
                return paths.get(dialect);
            }
        }
        return null;
    }

    private Target target(TargetConfig config, Credential credential, URI base) {
        return new Target(
                config.id(),
                base,
                tokens(config, credential),
                tokenHeader(config, credential),
                config.extraHeaders().stream()
                        .collect(Collectors.toMap(ExtraHeader::name, ExtraHeader::value)),
                deadlines(config),
                config.maxResponseBytes(),
                config.maxConnections());
    }

    /// A key that was given stands where the provider looks for one. A token that was signed in for is a workspace's,
    /// which takes it as a bearer token only, whatever dialect it speaks there (facts/llm-protocols.md section 14).
    private static Target.TokenHeader tokenHeader(TargetConfig config, Credential credential) {
        return switch (credential) {
            case Credential.PersonalToken _, Credential.Keyless _ -> keyHeader(config.provider());
            case Credential.ServicePrincipal _,
                    Credential.Federated _,
                    Credential.OnBehalfOfUser _ ->
                    Target.TokenHeader.BEARER;
        };
    }

    private static Target.TokenHeader keyHeader(Provider provider) {
        return switch (provider) {
            case Provider.Anthropic _ -> Target.TokenHeader.X_API_KEY;
            case Provider.Custom(var format) when format == Provider.BaseFormat.ANTHROPIC ->
                    Target.TokenHeader.X_API_KEY;
            case Provider.Databricks _, Provider.OpenAi _, Provider.Custom _ ->
                    Target.TokenHeader.BEARER;
        };
    }

    private static Target.Deadlines deadlines(TargetConfig config) {
        var deadlines = config.deadlines();
        return new Target.Deadlines(
                deadlines.connect(), deadlines.firstByte(), deadlines.idle(), deadlines.total());
    }

    private TokenSource tokens(TargetConfig config, Credential credential) {
        return switch (credential) {
            case Credential.PersonalToken(var token) -> TokenSource.fixed(token);
            case Credential.ServicePrincipal(var id, var secret) ->
                    minted(config, new SignIn.ServicePrincipal(id, secret));
            case Credential.Federated(var id, var subject) ->
                    minted(config, new SignIn.Federation(id, subject::read));
            case Credential.OnBehalfOfUser(var discovery) ->
                    discovery.map(own -> tokens(config, own)).orElseGet(TokenSource::none);
            case Credential.Keyless _ -> TokenSource.none();
        };
    }

    private TokenSource minted(TargetConfig config, SignIn signIn) {
        return MintedTokens.of(
                config.id(), config.baseUrl(), deadlines(config), signIn, loops, clock);
    }

    /// Unity Catalog's list of models is no list of OpenAI's, and comes in pages.
    private static final class Listed implements Listing.Reader {
        @Override
        public List<String> names(Bytes document) throws NotJson {
            return UnityCatalogModels.isOne(document)
                    ? UnityCatalogModels.ids(document)
                    : ModelList.ids(document);
        }

        @Override
        public Optional<String> nextPage(Bytes document) throws NotJson {
            return UnityCatalogModels.isOne(document)
                    ? UnityCatalogModels.nextPageToken(document)
                    : Optional.empty();
        }
    }
}
