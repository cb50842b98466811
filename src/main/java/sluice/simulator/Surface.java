package sluice.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The faces of the simulator; they differ in the fields they take and in the words of their errors.
enum Surface {
    /// Databricks model serving, and the control plane beside it.
    SERVING,
    /// The gateway of Databricks, under {@code /ai-gateway} or on a host of its own.
    GATEWAY,
    /// An OpenAI-compatible provider, also where Databricks passes its dialect through.
    OPENAI,
    /// Anthropic, also where Databricks passes its dialect through.
    ANTHROPIC,
    /// The token endpoint.
    OIDC;

    /// Where a request came from matters to Databricks alone.
    boolean databricks() {
        return this == SERVING || this == GATEWAY;
    }

    String unknownField(String field) {
        return switch (this) {
            case SERVING, ANTHROPIC, OIDC -> field + ": Extra inputs are not permitted";
            case GATEWAY -> "json: unknown field \"" + field + "\"";
            case OPENAI -> "Unknown parameter: '" + field + "'.";
        };
    }

    Refused refuses(String message) {
        return new Refused(error(400, "BAD_REQUEST", message));
    }

    /// An error in this face's own shape. {@code code} is an {@code error_code} of Databricks.
    Answer.Whole error(int status, String code, String message) {
        return switch (this) {
            case SERVING, GATEWAY ->
                    Answer.json(status, Json.object("error_code", code, "message", message));
            case OPENAI -> Answer.json(status, openAi(status, code, message));
            case ANTHROPIC ->
                    Answer.json(status, anthropic(anthropicType(status), message))
                            .with("request-id", "req_simulator");
            case OIDC ->
                    Answer.json(
                            status,
                            Json.object("error", oauth(status), "error_description", message));
        };
    }

    static Map<String, @Nullable Object> anthropic(String type, String message) {
        return Json.object(
                "type",
                "error",
                "error",
                Json.object("type", type, "message", message),
                "request_id",
                "req_simulator");
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static String oauth(int status) {
        return switch (status) {
            case 401 -> "invalid_client";
            case 429, 503 -> "temporarily_unavailable";
            default -> status < 500 ? "invalid_request" : "server_error";
        };
    }

    private static Map<String, @Nullable Object> openAi(int status, String code, String message) {
        var type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 403 -> "permission_error";
                    case 429 -> "rate_limit_error";
                    default -> status < 500 ? "invalid_request_error" : "server_error";
                };
        var openAiCode =
                switch (code) {
                    case "RESOURCE_DOES_NOT_EXIST" -> "model_not_found";
                    case "UNAUTHENTICATED", "PERMISSION_DENIED" -> "invalid_api_key";
                    case "REQUEST_LIMIT_EXCEEDED" -> "rate_limit_exceeded";
                    default -> null;
                };
        return Json.object(
                "error",
                Json.object("message", message, "type", type, "param", null, "code", openAiCode));
    }
}
