package sluice.upstream.openai;

import java.util.Map;
import sluice.call.Dialect;

/// Where OpenAI and services like it have their doors (facts/llm-protocols.md sections 3, 5 and 6).
public final class OpenAi {
    /// By dialect, behind what stands before {@code /v1}.
    public static final Map<Dialect, String> PATHS =
            Map.of(
                    Dialect.CHAT, "/v1/chat/completions",
                    Dialect.RESPONSES, "/v1/responses",
                    Dialect.COMPLETIONS, "/v1/completions",
                    Dialect.EMBEDDINGS, "/v1/embeddings");

    public static final String MODELS = "/v1/models";

    private OpenAi() {}
}
