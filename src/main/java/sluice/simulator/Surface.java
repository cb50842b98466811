package sluice.simulator;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The two faces of the simulator; they differ in the fields they take and in the words of their errors.
enum Surface {
    /// Databricks model serving: takes only the fields it knows.
    SERVING,
    /// An OpenAI-compatible provider: takes any field.
    OPENAI;

    private static final Set<String> SERVING_FIELDS =
            Set.of(
                    "model",
                    "messages",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "stop",
                    "n",
                    "stream",
                    "stream_options",
                    "tools",
                    "tool_choice",
                    "response_format",
                    "logprobs",
                    "top_logprobs",
                    "reasoning_effort",
                    "thinking",
                    "google_search",
                    "client_request_id",
                    "usage_context");
    private static final Set<String> SERVING_MESSAGE_FIELDS =
            Set.of("role", "content", "tool_calls", "tool_call_id");

    boolean takes(String field) {
        return this == OPENAI || SERVING_FIELDS.contains(field);
    }

    boolean takesInMessage(String field) {
        return this == OPENAI || SERVING_MESSAGE_FIELDS.contains(field);
    }

    /// An error in this face's own shape. {@code code} is an {@code error_code} of Databricks.
    Answer.Whole error(int status, String code, String message) {
        return switch (this) {
            case SERVING ->
                    Answer.json(status, Json.object("error_code", code, "message", message));
            case OPENAI -> Answer.json(status, openAi(status, code, message));
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
