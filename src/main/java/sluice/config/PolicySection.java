package sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.call.ModelPatterns;
import sluice.call.Terms;

/// {@code policies} and {@code policy}: which policies a call passes, and what each is set to.
final class PolicySection {
    private static final String RBAC = "rbac";
    private static final Set<String> LATER =
            Set.of("prompt-injection", "pii-detector", "dlp-filter", "audit-logger");

    private static final Key<List<String>> ALLOWED_MODELS =
            Key.required(
                    "allowed_models",
                    Patterns.SHAPE,
                    "patterns of the models that whoever has the role may use; [] none");
    private static final Key<Long> MAX_TOKENS =
            Key.optional(
                    "max_tokens_per_request",
                    new Whole(1, 1_000_000_000),
                    "the most output tokens that one request may ask for");
    private static final Key<String> ACTION =
            Key.defaulting(
                    "action",
                    new OneOf<>(Map.of("block", "block"), Set.of()),
                    "block",
                    "what is done with everything else");
    private static final Section<Terms> ROLE =
            new Section<>(
                    "a role",
                    List.of(ALLOWED_MODELS, MAX_TOKENS, ACTION),
                    Set.of(),
                    _ -> {},
                    role ->
                            new Terms(
                                    new ModelPatterns(role.the(ALLOWED_MODELS)),
                                    null,
                                    role.find(MAX_TOKENS).orElse(Terms.ANY_NUMBER),
                                    null));
    private static final Key<Map<String, Terms>> ROLES =
            Key.defaulting(
                    "roles",
                    new MapOf<>(Text.LABEL, ROLE, 10_000),
                    Map.of(),
                    "by their names, as keys and tokens have them");
    private static final Key<Map<String, Terms>> RBAC_SETTINGS =
            Key.defaulting(
                    RBAC,
                    new Section<>(
                            RBAC, List.of(ROLES), Set.of(), _ -> {}, fields -> fields.the(ROLES)),
                    Map.of(),
                    "what each role allows");

    private static final Key<List<String>> CHAIN =
            Key.defaulting(
                    "chain",
                    new ListOf<>(new OneOf<>(Map.of(RBAC, RBAC), LATER), 32, ""),
                    List.of(),
                    "which policies every call passes");

    static final Key<List<String>> POLICIES =
            Key.defaulting(
                    "policies",
                    new Section<>(
                            "policies",
                            List.of(CHAIN),
                            Set.of(),
                            _ -> {},
                            fields -> fields.the(CHAIN)),
                    Map.of(),
                    "which policies every call passes");
    static final Key<Map<String, Terms>> POLICY =
            Key.defaulting(
                    "policy",
                    new Section<>(
                            "policy",
                            List.of(RBAC_SETTINGS),
                            LATER,
                            _ -> {},
                            fields -> fields.the(RBAC_SETTINGS)),
                    Map.of(),
                    "what each policy is set to");

    private PolicySection() {}

    /// The roles that count: none unless the chain has the policy.
    static Map<String, Terms> roles(Fields file) {
        return file.the(POLICIES).contains(RBAC) ? file.the(POLICY) : Map.of();
    }

    static void check(Fields file) {
        var roles = file.find(POLICY).orElse(Map.of());
        boolean chained = file.find(POLICIES).map(chain -> chain.contains(RBAC)).orElse(true);
        if (!roles.isEmpty() && !chained) {
            file.warn(
                    POLICY,
                    "rbac has settings and no place in policies.chain, so no role decides anything");
        }
        if (!roles.isEmpty() && chained) {
            for (var key : file.mappings("governance", "virtual_keys")) {
                warnOfUnknownRoles(key, roles.keySet(), file);
            }
        }
    }

    private static void warnOfUnknownRoles(Yaml.Mapping key, Set<String> known, Fields file) {
        for (var name : List.of("role", "roles")) {
            var items =
                    switch (key.find(name).orElse(key)) {
                        case Yaml.Sequence several -> several.items();
                        case Yaml.Scalar one -> List.<Yaml>of(one);
                        case Yaml.Mapping _ -> List.<Yaml>of();
                    };
            for (var item : items) {
                if (item instanceof Yaml.Scalar role && !known.contains(role.text())) {
                    warnOfUnknownRole(role, key.place(name), known, file);
                }
            }
        }
    }

    private static void warnOfUnknownRole(
            Yaml.Scalar role, Place place, Set<String> known, Fields file) {
        file.warn(
                place,
                "no role of rbac has the name "
                        + Discretion.quote(role.text())
                        + ", so it decides nothing"
                        + Nearest.to(role.text(), known)
                                .map(near -> "; did you mean " + Discretion.quote(near) + "?")
                                .orElse(""));
    }
}
