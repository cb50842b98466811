package sluice.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.call.Bytes;
import sluice.call.ModelName;

/// One target of a virtual model.
///
/// @param retry in place of the provider target's own
/// @param fallbackStatusCodes in place of the provider target's own
/// @param overrideParams values as JSON, by the name of the field
public record BalancedTarget(
        ModelName model,
        Optional<Integer> weight,
        Optional<Integer> priority,
        Optional<SlaCutoff> sla,
        Optional<RetryConfig> retry,
        Optional<Set<Integer>> fallbackStatusCodes,
        boolean fallbackCandidate,
        Map<String, Bytes> overrideParams,
        HeadersOverride headers,
        Map<String, String> metadataMatch,
        Place place) {
    public BalancedTarget {
        overrideParams = Collections.unmodifiableMap(new LinkedHashMap<>(overrideParams));
        metadataMatch = Map.copyOf(metadataMatch);
        fallbackStatusCodes = fallbackStatusCodes.map(Set::copyOf);
    }
}
