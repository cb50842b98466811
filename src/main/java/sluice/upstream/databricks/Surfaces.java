package sluice.upstream.databricks;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;

/// Chooses the way to a model of one workspace: from what the workspace declares, from what its refusals have taught,
/// and only then from the model's name. Nothing is ever probed: what is not known is asked for and learnt from the
/// answer (facts/llm-protocols.md section 14, "never probe on the request path").
///
/// ```java
/// var way = surfaces.way("databricks-claude-sonnet-4-5", Dialect.MESSAGES);
/// // refused: surfaces.learn(sent, status, code, message), then surfaces.way(model, dialect, List.of(sent))
/// ```
///
/// One per target, shared by all loops, without locks.
public final class Surfaces {
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 4_096;
    private static final int MAX_NAME = 512;
    private static final String PROVIDER_SERVICE = "databricks-model-provider-service";
    private static final String READY_MADE = "system.ai.";
    private static final String HOSTED = "databricks-";

    /// What the operator chose ({@code surface} of a target).
    public enum Choice {
        AUTO,
        SERVING,
        GATEWAY
    }

    private final Choice choice;
    private final Clock clock;

    /// What stands before each surface's own paths; null for one that this base does not lead to.
    private final @Nullable String servingPrefix;

    private final @Nullable String gatewayPrefix;
    private volatile DeclaredModels declared = DeclaredModels.NONE;
    private volatile Ways ways = new Ways(Map.of(), Instant.MIN);

    /// Until when something is known to be missing: a whole surface, a door, or a door for one model.
    private final Map<Missing, Instant> missing = new ConcurrentHashMap<>();

    private record Missing(@Nullable Surface surface, @Nullable Door door, @Nullable String model) {
        static Missing surface(Surface surface) {
            return new Missing(surface, null, null);
        }

        static Missing door(Door door) {
            return new Missing(null, door, null);
        }

        static Missing model(Door door, String model) {
            return new Missing(null, door, model);
        }
    }

    /// @param base the target's: a workspace's bare host, or one with {@code /serving-endpoints} or {@code
    ///     /ai-gateway}, which leads to that surface only, or the gateway's dedicated host {@code
    ///     ID.ai-gateway.cloud.databricks.com}
    public Surfaces(URI base, Choice choice, Clock clock) {
        this.choice = choice;
        this.clock = clock;
        var host = base.getHost() == null ? "" : base.getHost().toLowerCase(Locale.ROOT);
        var path = base.getRawPath() == null ? "" : base.getRawPath();
        boolean dedicated = host.contains(".ai-gateway.");
        this.servingPrefix =
                dedicated || path.equals("/ai-gateway")
                        ? null
                        : path.equals("/serving-endpoints") ? "" : "/serving-endpoints";
        this.gatewayPrefix =
                path.equals("/serving-endpoints")
                        ? null
                        : dedicated || path.equals("/ai-gateway") ? "" : "/ai-gateway";
    }

    /// Discovery has asked the workspace again.
    public void declare(DeclaredModels models) {
        declared = models;
        forget();
    }

    /// @param model in one of the forms of facts/databricks.md section 12: {@code system.ai.x}, {@code
    ///     catalog.schema.service}, {@code databricks-x}, an endpoint's name, or {@code
    ///     catalog.schema.provider/the-provider's-own-id}
    public Way way(String model, Dialect asked) {
        var known = ways;
        if (!clock.instant().isBefore(known.until())) {
            known = forget();
        }
        var question = new Asked(model, asked);
        var way = known.ways().get(question);
        if (way == null) {
            way = chosen(model, asked, List.of());
            if (known.ways().size() < MAX_REMEMBERED) {
                known.ways().put(question, way);
            }
        }
        return way;
    }

    private record Asked(String model, Dialect dialect) {}

    /// The ways that were chosen lately, because the same few are asked for by every call. Thrown away whole whenever
    /// something is declared or learnt, and from time to time, because what is missing is so for an hour only.
    private record Ways(Map<Asked, Way> ways, Instant until) {}

    private Ways forget() {
        var fresh = new Ways(new ConcurrentHashMap<>(), clock.instant().plus(KEPT));
        ways = fresh;
        return fresh;
    }

    /// The same, for a call that was refused on the ways already tried; none of them is given again.
    public Way way(String model, Dialect asked, Collection<Way.Through> tried) {
        return tried.isEmpty() ? way(model, asked) : chosen(model, asked, tried);
    }

    private Way chosen(String model, Dialect asked, Collection<Way.Through> tried) {
        var open = open(model);
        open.removeAll(tried);
        var direct = best(open.stream().filter(way -> way.dialect() == asked).toList());
        if (direct != null && !isMissing(direct)) {
            return direct;
        }
        var instead =
                open.stream()
                        .filter(way -> way.dialect() != asked)
                        .filter(way -> !isMissing(way))
                        .toList();
        if (!instead.isEmpty() && isConversation(asked)) {
            var others = instead.stream().filter(way -> isConversation(way.dialect())).toList();
            if (!others.isEmpty()) {
                return new Way.Instead(others);
            }
        }
        // What was learnt may be wrong or outdated; where nothing else is left it is asked again.
        if (direct != null) {
            return direct;
        }
        return instead.isEmpty() || !tried.isEmpty() ? new Way.Nowhere() : new Way.Instead(instead);
    }

    /// Takes in what a refusal says about the way that was taken.
    ///
    /// @param code the answer's {@code error_code}
    /// @param message the answer's words
    public Verdict learn(Way.Through sent, int status, @Nullable String code, String message) {
        if (Refusal.isBadCredential(status, message)) {
            return Verdict.CREDENTIAL;
        }
        if (Refusal.isOldName(status, message) || Refusal.isNotSpokenHere(status, message)) {
            remember(Missing.model(sent.door(), sent.model()));
            return Verdict.TRY_OTHER_SURFACE;
        }
        if (Refusal.isSwitchedOff(code)) {
            remember(Missing.surface(sent.surface()));
            return Verdict.TRY_OTHER_SURFACE;
        }
        if (sent.door() == Door.SERVING_INVOCATIONS && status == 404 && code != null) {
            return Verdict.MODEL_ABSENT; // the model's name is a part of this path
        }
        if (Refusal.isNotImplemented(status)) {
            // An absent surface says so, and so may a single endpoint with code of its own.
            remember(Missing.model(sent.door(), sent.model()));
            return Verdict.TRY_OTHER_SURFACE;
        }
        if (Refusal.isNoSuchPath(status, code)) {
            // Every surface has its chat path; that another one is absent says nothing of the rest.
            remember(
                    sent.dialect() == Dialect.CHAT
                            ? Missing.surface(sent.surface())
                            : Missing.door(sent.door()));
            return Verdict.TRY_OTHER_SURFACE;
        }
        return Refusal.isNoSuchModel(status, code) ? Verdict.MODEL_ABSENT : Verdict.PLAIN;
    }

    // ---- which ways are open ----

    /// All ways to the model, the better surface first.
    private List<Way.Through> open(String model) {
        var ways = new ArrayList<Way.Through>();
        int slash = model.indexOf('/');
        if (slash > 0 && isFullName(model.substring(0, slash))) {
            addProviderService(model, slash, ways);
            return ways;
        }
        if (isFullName(model)) {
            add(Surface.GATEWAY, model, row(model), ways);
            if (model.startsWith(READY_MADE)) {
                var endpoint = HOSTED + model.substring(READY_MADE.length());
                add(Surface.SERVING, endpoint, row(endpoint), ways);
            }
        } else {
            var row = row(model);
            add(Surface.SERVING, model, row, ways);
            // The gateway reads databricks-x as system.ai.x (facts/databricks.md section 0).
            boolean readyMade =
                    model.startsWith(HOSTED)
                            && (row == null || row.dialects(Surface.GATEWAY).isEmpty());
            add(
                    Surface.GATEWAY,
                    model,
                    readyMade ? row(READY_MADE + model.substring(HOSTED.length())) : row,
                    ways);
        }
        return ways;
    }

    private @Nullable DeclaredModel row(String model) {
        return declared.find(model).orElse(null);
    }

    /// The service's name goes into a header, and the provider's own id is the model.
    private void addProviderService(String model, int slash, List<Way.Through> ways) {
        var id = model.substring(slash + 1);
        if (!isReachable(Surface.GATEWAY) || id.isEmpty()) {
            return;
        }
        var family = ModelFamily.of(List.of(id));
        var headers = Map.of(PROVIDER_SERVICE, model.substring(0, slash));
        for (var door : Door.values()) {
            if (door.surface() == Surface.GATEWAY && family.speaksAt(door)) {
                ways.add(new Way.Through(door, gatewayPrefix + door.path(), id, headers));
            }
        }
    }

    /// @param row what is declared of the name that is sent, if anything
    private void add(
            Surface surface, String sent, @Nullable DeclaredModel row, List<Way.Through> ways) {
        if (!isReachable(surface) || !PathSegment.isSafe(sent)) {
            return;
        }
        boolean told = row != null && !row.dialects(surface).isEmpty();
        if (row != null && !told && tellsOfAnother(row, surface)) {
            return;
        }
        var family = ModelFamily.of(row == null ? List.of(sent) : row.names());
        for (var door : Door.values()) {
            boolean speaks =
                    (told && row != null) ? row.doors().contains(door) : family.speaksAt(door);
            if (door.surface() == surface && speaks) {
                ways.add(new Way.Through(door, path(door, sent), sent, Map.of()));
            }
        }
    }

    /// A model that is listed on the other surface, and not on this one although this one was listed, is not here.
    private boolean tellsOfAnother(DeclaredModel row, Surface surface) {
        return !row.surfaces().contains(surface) && choice == Choice.AUTO && isListed(surface);
    }

    private boolean isListed(Surface surface) {
        var sources = declared.unanswered();
        return switch (surface) {
            case SERVING -> !sources.contains(DeclaredModels.Source.SERVING_ENDPOINTS);
            case GATEWAY ->
                    !sources.contains(DeclaredModels.Source.MODEL_SERVICES)
                            && !sources.contains(DeclaredModels.Source.GATEWAY_ENDPOINTS);
        };
    }

    private boolean isReachable(Surface surface) {
        return switch (surface) {
            case SERVING -> choice != Choice.GATEWAY && servingPrefix != null;
            case GATEWAY -> choice != Choice.SERVING && gatewayPrefix != null;
        };
    }

    private String path(Door door, String model) {
        var prefix = door.surface() == Surface.SERVING ? servingPrefix : gatewayPrefix;
        return door == Door.SERVING_INVOCATIONS
                ? prefix + "/" + PathSegment.encoded(model) + door.path()
                : prefix + door.path();
    }

    private Way.@Nullable Through best(List<Way.Through> ways) {
        for (var way : ways) {
            if (!isMissing(way)) {
                return way;
            }
        }
        return ways.isEmpty() ? null : ways.getFirst();
    }

    /// Dialects between which a call can be translated.
    private static boolean isConversation(Dialect dialect) {
        return switch (dialect) {
            case CHAT, MESSAGES, RESPONSES -> true;
            case COMPLETIONS, EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> false;
        };
    }

    /// {@code catalog.schema.name}.
    private static boolean isFullName(String model) {
        int first = model.indexOf('.');
        return first > 0 && model.indexOf('.', first + 1) > first + 1;
    }

    // ---- what was learnt ----

    private boolean isMissing(Way.Through way) {
        return !missing.isEmpty()
                && (isRemembered(Missing.surface(way.surface()))
                        || isRemembered(Missing.door(way.door()))
                        || isRemembered(Missing.model(way.door(), way.model())));
    }

    private boolean isRemembered(Missing what) {
        var until = missing.get(what);
        if (until == null) {
            return false;
        }
        if (clock.instant().isBefore(until)) {
            return true;
        }
        missing.remove(what, until);
        return false;
    }

    private void remember(Missing what) {
        if (what.model() != null && what.model().length() > MAX_NAME) {
            return;
        }
        var now = clock.instant();
        if (missing.size() >= MAX_REMEMBERED) {
            missing.values().removeIf(until -> !now.isBefore(until));
        }
        if (missing.size() >= MAX_REMEMBERED) {
            missing.keySet().removeIf(old -> old.model() != null);
        }
        missing.put(what, now.plus(REMEMBERED));
        forget();
    }

    /// How much was learnt, for tests of the bound.
    int remembered() {
        return missing.size();
    }
}
