package sluice.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.call.Bytes;
import sluice.call.ModelName;

/// {@code virtual_models[].routing_config.load_balance_targets[]}.
final class BalancedTargetSection {
    private static final Set<String> GOVERNED =
            Set.of("model", "stream", "stream_options", "messages", "input", "prompt", "fallbacks");

    private static final Key<ModelName> TARGET =
            Key.required(
                    "target",
                    Text.MODEL.then(BalancedTargetSection::located),
                    "where the calls go: <target id>/<model>");
    private static final Key<Integer> WEIGHT =
            Key.optional(
                    "weight",
                    Whole.small(0, 1_000_000),
                    "its share of the calls, relative to the other weights; 1 without it, where a"
                            + " weight is not demanded");
    private static final Key<Integer> PRIORITY =
            Key.optional(
                    "priority",
                    Whole.small(0, 1_000),
                    "0 goes first; those that share a number share its calls by weight");
    private static final Key<SlaCutoff> SLA =
            Key.optional(
                    "sla_cutoff",
                    SlaSection.SECTION,
                    "how slow it may be before others go first, in place of the routing's own");
    private static final Key<RetryConfig> RETRY =
            Key.optional(
                    "retry_config",
                    RetrySection.SECTION,
                    "in place of the target's own retry_config");
    private static final Key<Set<Integer>> FALLBACK =
            Key.optional(
                    "fallback_status_codes",
                    new StatusCodes(),
                    "in place of the target's own fallback_status_codes");
    private static final Key<Boolean> CANDIDATE =
            Key.defaulting(
                    "fallback_candidate",
                    new Truth(),
                    true,
                    "whether it may stand in when another target fails");
    private static final Key<Map<String, Bytes>> PARAMS =
            Key.defaulting(
                    "override_params",
                    new JsonValues(GOVERNED),
                    Map.of(),
                    "fields of the request that are set for this target, in its own dialect");
    private static final Key<HeadersOverride> HEADERS =
            Key.optional(
                    "headers_override",
                    headersSection(),
                    "headers that do not go along to this target, and such as do");
    private static final Key<Map<String, String>> METADATA =
            Key.optional(
                    "metadata_match",
                    new TextPairs(),
                    "what a call's metadata must hold for it to come here at all");

    static final Section<BalancedTarget> SECTION =
            new Section<>(
                    "a target of a virtual model",
                    List.of(
                            TARGET, WEIGHT, PRIORITY, SLA, RETRY, FALLBACK, CANDIDATE, PARAMS,
                            HEADERS, METADATA),
                    Set.of(),
                    _ -> {},
                    fields ->
                            new BalancedTarget(
                                    fields.the(TARGET),
                                    fields.find(WEIGHT),
                                    fields.find(PRIORITY),
                                    fields.find(SLA),
                                    fields.find(RETRY),
                                    fields.find(FALLBACK),
                                    fields.the(CANDIDATE),
                                    fields.the(PARAMS),
                                    fields.find(HEADERS).orElse(HeadersOverride.NONE),
                                    fields.find(METADATA).orElse(Map.of()),
                                    fields.place()));

    private BalancedTargetSection() {}

    private static Optional<ModelName> located(String text, Place place, Reading reading) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1 || text.contains("*")) {
            reading.fault(
                    place,
                    "expected <target id>/<model>, which names one model, got "
                            + Discretion.quote(text));
            return Optional.empty();
        }
        return Optional.of(new ModelName(text.substring(0, slash), text.substring(slash + 1)));
    }

    private static Section<HeadersOverride> headersSection() {
        Key<List<String>> remove =
                Key.defaulting(
                        "remove",
                        new ListOf<>(
                                ExtraHeaders.NAME.then(BalancedTargetSection::removable), 64, ""),
                        List.of(),
                        "names of headers that do not go along");
        Key<List<ExtraHeader>> set =
                Key.defaulting(
                        "set",
                        new ExtraHeaders(),
                        Map.of(),
                        "headers that go along: a text, {env: NAME}, {file: path} or {template:"
                                + " \"Bearer ${NAME}\"}");
        return new Section<>(
                "headers_override",
                List.of(remove, set),
                Set.of(),
                fields ->
                        fields.find(set).orElse(List.of()).stream()
                                .filter(header -> isCredential(header.name()))
                                .forEach(header -> fields.fault(set, credential(header.name()))),
                fields -> new HeadersOverride(Set.copyOf(fields.the(remove)), fields.the(set)));
    }

    /// A header that never goes along as the caller sent it cannot be kept from going along.
    private static Optional<String> removable(String name, Place place, Reading reading) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (isCredential(lower)) {
            reading.fault(place, credential(lower));
            return Optional.empty();
        }
        if (ExtraHeaders.isOurs(lower)) {
            reading.fault(place, ExtraHeaders.REFUSAL_OF_OURS);
            return Optional.empty();
        }
        return Optional.of(lower);
    }

    private static String credential(String header) {
        return "the target's credential is sent as '"
                + header
                + "'; give it where the target is declared";
    }

    private static boolean isCredential(String header) {
        return header.equals("authorization") || header.equals("x-api-key");
    }
}
