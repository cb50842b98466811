package sluice.upstream.anthropic;

import java.util.Map;
import sluice.call.Dialect;

/// Where Anthropic and services like it have their doors (facts/llm-protocols.md section 4).
public final class Anthropic {
    /// By dialect, behind what stands before {@code /v1}.
    public static final Map<Dialect, String> PATHS =
            Map.of(
                    Dialect.MESSAGES, "/v1/messages",
                    Dialect.COUNT_TOKENS, "/v1/messages/count_tokens");

    /// As many as one page may have; a list of more is not known.
    public static final String MODELS = "/v1/models?limit=1000";

    /// A request without a version is refused there.
    public static final Map<String, String> HEADERS = Map.of("anthropic-version", "2023-06-01");

    private Anthropic() {}
}
