package sluice.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.config.RoutingConfig.Strategy;

/// {@code virtual_models[]}, with what its parts must agree on among themselves. What they must agree on with the rest
/// of the file is in {@link VirtualModels}.
final class VirtualModelSection {
    static final int MAX_TARGETS = 64;

    private static final Set<String> CREDENTIAL_HEADERS =
            Set.of("authorization", "x-api-key", "x-bf-vk", "cookie");

    private static final Key<StickyRouting.Source> SOURCE =
            Key.required(
                    "source",
                    new OneOf<>(sources(), Set.of()),
                    "headers, or metadata for the call's own");
    private static final Key<String> SESSION_KEY =
            Key.required("key", Text.LABEL, "the header's name, or the key within the metadata");
    private static final Section<StickyRouting.Identifier> IDENTIFIER =
            new Section<>(
                    "a session identifier",
                    List.of(SOURCE, SESSION_KEY),
                    Set.of(),
                    fields -> {
                        boolean isCredential =
                                fields.find(SOURCE).orElse(null) == StickyRouting.Source.HEADERS
                                        && fields.find(SESSION_KEY)
                                                .map(key -> key.toLowerCase(Locale.ROOT))
                                                .filter(CREDENTIAL_HEADERS::contains)
                                                .isPresent();
                        if (isCredential) {
                            fields.fault(
                                    SESSION_KEY,
                                    "this header is a credential and makes no session");
                        }
                    },
                    fields ->
                            new StickyRouting.Identifier(
                                    fields.the(SOURCE), fields.the(SESSION_KEY)));

    private static final Key<Duration> TTL =
            Key.required(
                    "ttl_seconds",
                    Whole.seconds(1, 30 * 86_400),
                    "how long a session that had to move stays where it went");
    private static final Key<List<StickyRouting.Identifier>> IDENTIFIERS =
            Key.required(
                    "session_identifiers",
                    new ListOf<>(IDENTIFIER, 16, "key"),
                    "what makes a session: all of these together, as far as a call has them");
    private static final Section<StickyRouting> STICKY_SECTION =
            new Section<>(
                    "sticky_routing",
                    List.of(TTL, IDENTIFIERS),
                    Set.of(),
                    fields -> {
                        if (fields.find(IDENTIFIERS).map(List::isEmpty).orElse(false)) {
                            fields.fault(IDENTIFIERS, "expected at least one");
                        }
                    },
                    fields -> new StickyRouting(fields.the(TTL), fields.the(IDENTIFIERS)));

    private enum Type {
        WEIGHT("weight-based-routing"),
        PRIORITY("priority-based-routing"),
        LATENCY("latency-based-routing");

        private final String name;

        Type(String name) {
            this.name = name;
        }
    }

    private static final Key<Type> TYPE =
            Key.required(
                    "type",
                    new OneOf<>(types(), Set.of()),
                    "how the calls are spread: by weight, by priority, or to the fastest");
    private static final Key<StickyRouting> STICKY =
            Key.optional(
                    "sticky_routing",
                    STICKY_SECTION,
                    "keeps the calls of one session at one target; with weights only");
    private static final Key<SlaCutoff> SLA =
            Key.optional(
                    "sla_cutoff",
                    SlaSection.SECTION,
                    "how slow a target may be before others go first; with priorities only");
    private static final Key<Duration> TIMEOUT =
            Key.optional(
                    "timeout_seconds",
                    Whole.seconds(1, 86_400),
                    "how long a call may take over all its attempts; the longest timeout_seconds of"
                            + " its targets without it");
    private static final Key<Boolean> CONTEXT_WINDOW =
            Key.defaulting(
                    "context_window",
                    new Truth(),
                    true,
                    "whether a prompt that is too long for a model goes on to one with a larger"
                            + " window");
    private static final Key<Boolean> CONTENT_POLICY =
            Key.defaulting(
                    "content_policy",
                    new Truth(),
                    false,
                    "whether a prompt that a target's content filter refuses goes on to another");

    private record Triggers(boolean contextWindow, boolean contentPolicy) {}

    private static final Key<Triggers> FALLBACK_ON =
            Key.defaulting(
                    "fallback_on",
                    new Section<>(
                            "fallback_on",
                            List.of(CONTEXT_WINDOW, CONTENT_POLICY),
                            Set.of(),
                            _ -> {},
                            fields ->
                                    new Triggers(
                                            fields.the(CONTEXT_WINDOW),
                                            fields.the(CONTENT_POLICY))),
                    Map.of(),
                    "what else makes another target worth asking");
    private static final Key<List<BalancedTarget>> TARGETS =
            Key.required(
                    "load_balance_targets",
                    new ListOf<>(BalancedTargetSection.SECTION, MAX_TARGETS, "target"),
                    "the targets, at least one");

    private static final Section<RoutingConfig> ROUTING_SECTION =
            new Section<>(
                    "routing_config",
                    List.of(TYPE, STICKY, SLA, TIMEOUT, FALLBACK_ON, TARGETS),
                    Set.of(),
                    VirtualModelSection::check,
                    VirtualModelSection::build);

    private static final Key<String> NAME =
            Key.required(
                    "name",
                    new Text(
                            "a virtual model's name (1 to 128 printable characters without spaces,"
                                    + " '/' and '*')",
                            Pattern.compile("[!-~&&[^/*]]{1,128}")),
                    "the name that callers ask for and that keys are granted");
    private static final Key<RoutingConfig> ROUTING =
            Key.required("routing_config", ROUTING_SECTION, "where its calls go");

    static final Section<VirtualModelConfig> SECTION =
            new Section<>(
                    "a virtual model",
                    List.of(NAME, ROUTING),
                    Set.of(),
                    _ -> {},
                    fields ->
                            new VirtualModelConfig(
                                    fields.the(NAME), fields.the(ROUTING), fields.place()));

    private VirtualModelSection() {}

    private static Map<String, StickyRouting.Source> sources() {
        var sources = new LinkedHashMap<String, StickyRouting.Source>();
        sources.put("headers", StickyRouting.Source.HEADERS);
        sources.put("metadata", StickyRouting.Source.METADATA);
        return sources;
    }

    private static Map<String, Type> types() {
        var types = new LinkedHashMap<String, Type>();
        for (var type : Type.values()) {
            types.put(type.name, type);
        }
        return types;
    }

    /// A target that is wrong in itself is passed over; the list is looked at as a whole only when none is.
    private static void check(Fields routing) {
        var type = routing.find(TYPE);
        var list = routing.find(TARGETS);
        if (list.map(List::isEmpty).orElse(false)) {
            routing.fault(TARGETS, "expected at least one target");
        }
        if (type.isEmpty()) {
            return;
        }
        if (type.get() != Type.WEIGHT && routing.given(STICKY)) {
            routing.fault(STICKY, "belongs to weight-based-routing only; remove it");
        }
        if (type.get() != Type.PRIORITY && routing.given(SLA)) {
            routing.fault(SLA, "belongs to priority-based-routing only; remove it");
        }
        for (var written : routing.mappings(TARGETS.name())) {
            routing.find(BalancedTargetSection.SECTION, written)
                    .ifPresent(target -> checkTarget(routing, type.get(), target, written));
        }
        var targets = list.orElse(List.of());
        switch (type.get()) {
            case WEIGHT -> checkWeights(routing, targets);
            case PRIORITY -> checkPriorities(routing, targets);
            case LATENCY -> {}
        }
    }

    private static void checkTarget(
            Fields routing, Type type, BalancedTarget target, Yaml.Mapping written) {
        if (type == Type.WEIGHT && target.weight().isEmpty()) {
            routing.fault(
                    target.place(),
                    "'weight' is missing: its share of the calls, relative to the other weights");
        }
        if (type == Type.PRIORITY && target.priority().isEmpty()) {
            routing.fault(target.place(), "'priority' is missing: 0 goes first");
        }
        for (var key : List.of("sla_cutoff", "priority")) {
            if (type != Type.PRIORITY && written.find(key).isPresent()) {
                routing.fault(
                        written.place(key), "belongs to priority-based-routing only; remove it");
            }
        }
    }

    private static void checkWeights(Fields routing, List<BalancedTarget> targets) {
        if (!targets.isEmpty()
                && targets.stream().allMatch(target -> target.weight().orElse(1) == 0)) {
            routing.fault(TARGETS, "all weights are 0; give at least one target a share");
        }
    }

    private static void checkPriorities(Fields routing, List<BalancedTarget> targets) {
        boolean cutoffForAll = routing.given(SLA);
        for (var target : targets) {
            if (target.priority().isEmpty()) {
                continue;
            }
            boolean shared =
                    targets.stream()
                                    .filter(other -> other.priority().equals(target.priority()))
                                    .count()
                            > 1;
            boolean hasElsewhere =
                    targets.stream()
                            .anyMatch(other ->
                                    !other.priority().equals(target.priority())
                                            && other.fallbackCandidate());
            if (shared && !hasElsewhere && (cutoffForAll || target.sla().isPresent())) {
                routing.fault(
                        target.place(),
                        "shares its priority "
                                + target.priority().get()
                                + " and has an sla_cutoff, but no target of another priority may stand"
                                + " in for it (fallback_candidate); give one another priority, or"
                                + " remove the cutoff");
            }
        }
    }

    private static RoutingConfig build(Fields routing) {
        var strategy =
                switch (routing.the(TYPE)) {
                    case WEIGHT -> new Strategy.Weight(routing.find(STICKY));
                    case PRIORITY -> new Strategy.Priority(routing.find(SLA));
                    case LATENCY -> new Strategy.Latency();
                };
        var triggers = routing.the(FALLBACK_ON);
        return new RoutingConfig(
                strategy,
                routing.the(TARGETS),
                routing.find(TIMEOUT),
                triggers.contextWindow(),
                triggers.contentPolicy());
    }
}
