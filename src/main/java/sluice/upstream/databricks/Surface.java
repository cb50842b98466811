package sluice.upstream.databricks;

/// The two ways into a workspace that models are called through (facts/databricks.md sections 1.1 and 1.2).
public enum Surface {
    /// Model serving, under {@code /serving-endpoints}: models are serving endpoints.
    SERVING,
    /// The AI gateway, under {@code /ai-gateway} or on a host of its own: models are model services.
    GATEWAY
}
