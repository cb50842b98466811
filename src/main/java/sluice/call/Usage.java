package sluice.call;

/// Tokens of one call as the provider counts them: {@code promptTokens} includes cached ones and
/// {@code completionTokens} includes reasoning (facts/llm-protocols.md section 3).
public record Usage(
        long promptTokens, long completionTokens, long cachedTokens, long reasoningTokens) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public Usage {
        if (promptTokens < 0 || completionTokens < 0 || cachedTokens < 0 || reasoningTokens < 0) {
            throw new IllegalArgumentException(
                    "token counts never run backwards: %d, %d, %d, %d"
                            .formatted(
                                    promptTokens, completionTokens, cachedTokens, reasoningTokens));
        }
    }
}
