package sluice.config;

import java.net.URI;
import java.util.List;

/// One place that answers model calls.
///
/// {@code baseUrl} never ends in a slash. It is what stands before {@code /v1/...} for {@link Provider.OpenAi} and
/// {@link Provider.Custom}, and the workspace's own root for {@link Provider.Databricks}, whichever way it was written.
/// {@code maxConnections} is per event loop.
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
        Place place) {
    public TargetConfig {
        extraHeaders = List.copyOf(extraHeaders);
        if (baseUrl.toString().endsWith("/")) {
            throw new IllegalArgumentException("a base URL ends without a slash: " + baseUrl);
        }
    }
}
