package sluice.upstream.databricks;

import java.util.Set;
import sluice.call.Dialect;

/// One path of a surface, at which one dialect is spoken (facts/databricks.md sections 1.1 and 1.2,
/// facts/llm-protocols.md section 14). In the order in which they are preferred within a surface.
public enum Door {
    SERVING_CHAT(Surface.SERVING, Dialect.CHAT, "/chat/completions"),
    SERVING_MESSAGES(Surface.SERVING, Dialect.MESSAGES, "/anthropic/v1/messages"),
    SERVING_RESPONSES(Surface.SERVING, Dialect.RESPONSES, "/responses"),
    SERVING_OPEN_RESPONSES(Surface.SERVING, Dialect.RESPONSES, "/open-responses"),
    SERVING_COMPLETIONS(Surface.SERVING, Dialect.COMPLETIONS, "/completions"),
    SERVING_EMBEDDINGS(Surface.SERVING, Dialect.EMBEDDINGS, "/embeddings"),
    /// Its path holds the endpoint's name.
    SERVING_INVOCATIONS(Surface.SERVING, Dialect.INVOCATIONS, "/invocations"),

    GATEWAY_CHAT(Surface.GATEWAY, Dialect.CHAT, "/mlflow/v1/chat/completions"),
    GATEWAY_MESSAGES(Surface.GATEWAY, Dialect.MESSAGES, "/anthropic/v1/messages"),
    GATEWAY_OPENAI_RESPONSES(Surface.GATEWAY, Dialect.RESPONSES, "/openai/v1/responses"),
    GATEWAY_MLFLOW_RESPONSES(Surface.GATEWAY, Dialect.RESPONSES, "/mlflow/v1/responses"),
    GATEWAY_EMBEDDINGS(Surface.GATEWAY, Dialect.EMBEDDINGS, "/mlflow/v1/embeddings");

    private final Surface surface;
    private final Dialect dialect;
    private final String path;

    Door(Surface surface, Dialect dialect, String path) {
        this.surface = surface;
        this.dialect = dialect;
        this.path = path;
    }

    public Surface surface() {
        return surface;
    }

    public Dialect dialect() {
        return dialect;
    }

    /// Where it is under its surface.
    String path() {
        return path;
    }

    /// The doors that an {@code api_types} value of the foundation models' listing opens, on both surfaces; none for a
    /// value that we do not speak, such as Gemini's own.
    static Set<Door> ofApiType(String apiType) {
        return switch (apiType) {
            case "mlflow/v1/chat/completions", "chat" -> Set.of(SERVING_CHAT, GATEWAY_CHAT);
            case "anthropic/v1/messages" -> Set.of(SERVING_MESSAGES, GATEWAY_MESSAGES);
            case "openai/v1/responses" -> Set.of(SERVING_RESPONSES, GATEWAY_OPENAI_RESPONSES);
            case "mlflow/v1/responses" -> Set.of(SERVING_OPEN_RESPONSES, GATEWAY_MLFLOW_RESPONSES);
            case "mlflow/v1/embeddings", "embeddings" ->
                    Set.of(SERVING_EMBEDDINGS, GATEWAY_EMBEDDINGS);
            case "mlflow/v1/completions", "completions" -> Set.of(SERVING_COMPLETIONS);
            default -> Set.of();
        };
    }
}
