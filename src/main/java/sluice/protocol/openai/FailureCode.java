package sluice.protocol.openai;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What clients of Responses know as the code of a failure (facts/llm-protocols.md section 5), as far as a gateway may
/// say it.
public final class FailureCode {
    private static final Set<String> CODES =
            Set.of(
                    "server_error",
                    "rate_limit_exceeded",
                    "invalid_prompt",
                    "context_length_exceeded",
                    "insufficient_quota",
                    "usage_not_included");

    private FailureCode() {}

    /// Clients decide by the code whether to ask again: the ones they know stay, the others become the nearest.
    ///
    /// @param type the error's type in either family
    public static String of(String type, @Nullable String code) {
        if (code != null && CODES.contains(code)) {
            return code;
        }
        return switch (type) {
            case "rate_limit_error" -> "rate_limit_exceeded";
            case "billing_error", "insufficient_quota" -> "insufficient_quota";
            case "invalid_request_error", "request_too_large", "not_found_error" ->
                    "invalid_prompt";
            default -> "server_error";
        };
    }
}
