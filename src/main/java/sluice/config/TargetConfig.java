package sluice.config;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.call.Price;

/// One place that answers model calls.
///
/// {@code baseUrl} never ends in a slash. It is what stands before {@code /v1/...} for {@link Provider.OpenAi} and
/// {@link Provider.Anthropic} and {@link Provider.Custom}, and the workspace's own root for {@link
/// Provider.Databricks}, whichever way it was written. {@code maxConnections} is per event loop. {@code pricing} is by
/// the model's name, and goes before the model book. {@code credentials} are in place of the one {@code credential}, which
/// is the first of them then.
public record TargetConfig(
        String id,
        Provider provider,
        URI baseUrl,
        Credential credential,
        List<ExtraHeader> extraHeaders,
        ModelSelection models,
        Deadlines deadlines,
        long maxResponseBytes,
        int maxConnections,
        Requests requests,
        Map<String, List<Price>> pricing,
        List<PooledCredential> credentials,
        RetryConfig retry,
        Set<Integer> fallbackStatusCodes,
        Optional<HealthProbe> healthProbe,
        Place place) {
    public TargetConfig {
        credentials = List.copyOf(credentials);
        fallbackStatusCodes = Set.copyOf(fallbackStatusCodes);
        extraHeaders = List.copyOf(extraHeaders);
        pricing = Map.copyOf(pricing);
        if (baseUrl.toString().endsWith("/")) {
            throw new IllegalArgumentException("a base URL ends without a slash: " + baseUrl);
        }
    }
}
