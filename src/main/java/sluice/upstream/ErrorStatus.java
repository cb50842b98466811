package sluice.upstream;

import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// Which status an error document means when it came under 200: the number in its {@code code} or {@code status}, else
/// what its code or its type says, else 502.
final class ErrorStatus {
    private static final Governed ERROR =
            Governed.of("error", "code", "status", "type", "error_code");

    private ErrorStatus() {}

    static int of(Bytes document) {
        try {
            var fields = Fields.scan(document, ERROR, Limits.DEFAULT);
            var error = fields.find("error");
            if (error != null && error.kind() == Kind.OBJECT) {
                fields = error.object(ERROR, Limits.DEFAULT);
            }
            for (var name : new String[] {"code", "status"}) {
                var number = fields.find(name);
                if (number != null && number.kind() == Kind.NUMBER) {
                    long status = number.asLong();
                    if (status >= 400 && status <= 599) {
                        return (int) status;
                    }
                }
            }
            for (var name : new String[] {"code", "error_code", "type"}) {
                var word = fields.find(name);
                int status = word != null && word.kind() == Kind.STRING ? ofWord(word.string()) : 0;
                if (status != 0) {
                    return status;
                }
            }
            return 502;
        } catch (NotJson not) {
            return 502;
        }
    }

    /// The codes of Responses (facts/llm-protocols.md section 5), the types of both families (section 7) and the codes
    /// of Databricks (facts/databricks.md section 3.7).
    ///
    /// @return 0 for a word that says nothing
    private static int ofWord(String word) {
        return switch (word) {
            case "invalid_request_error",
                    "invalid_prompt",
                    "context_length_exceeded",
                    "content_policy_violation",
                    "content_filter",
                    "BAD_REQUEST",
                    "INVALID_PARAMETER_VALUE" ->
                    400;
            case "authentication_error", "invalid_api_key", "UNAUTHENTICATED" -> 401;
            case "permission_error", "PERMISSION_DENIED" -> 403;
            case "not_found_error", "model_not_found" -> 404;
            case "request_too_large" -> 413;
            case "rate_limit_error",
                    "rate_limit_exceeded",
                    "insufficient_quota",
                    "RESOURCE_EXHAUSTED",
                    "REQUEST_LIMIT_EXCEEDED",
                    "QUOTA_EXCEEDED" ->
                    429;
            case "overloaded_error", "TEMPORARILY_UNAVAILABLE" -> 503;
            case "timeout_error", "DEADLINE_EXCEEDED" -> 504;
            default -> 0;
        };
    }
}
