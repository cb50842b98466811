package sluice.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;

/// How each failure looks to a client of the OpenAI family: the table of facts/llm-protocols.md section 7 as one
/// switch. {@code source} says who failed: gateway, provider or client.
record OpenAiErrors(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        String source,
        @Nullable Duration retryAfter) {

    static OpenAiErrors of(Failure failure) {
        return switch (failure) {
            case Failure.Malformed(var _, var param) ->
                    client(failure, 400, "invalid_request_error", null, param);
            case Failure.BodyTooLarge _ ->
                    client(failure, 413, "invalid_request_error", "request_too_large", null);
            case Failure.HeadTooLarge(var _, var isFirstLine, var _) ->
                    client(
                            failure,
                            isFirstLine ? 414 : 431,
                            "invalid_request_error",
                            "request_too_large",
                            null);
            case Failure.BodyTooSlow _ ->
                    client(failure, 408, "timeout_error", "request_timeout", null);
            case Failure.Unauthenticated _ ->
                    client(failure, 401, "authentication_error", "invalid_api_key", null);
            case Failure.ModelNotAllowed _ ->
                    client(failure, 403, "permission_error", "model_not_allowed", "model");
            case Failure.UnknownModel _ ->
                    client(failure, 404, "invalid_request_error", "model_not_found", "model");
            case Failure.UnknownRoute _ ->
                    client(failure, 404, "invalid_request_error", "not_found", null);
            case Failure.MethodNotAllowed _ ->
                    client(failure, 405, "invalid_request_error", null, null);
            case Failure.CallerGone _ ->
                    client(failure, 499, "invalid_request_error", "client_closed_request", null);
            case Failure.Draining _ -> gateway(failure, 503, "draining", Duration.ofSeconds(1));
            case Failure.Bug _ -> gateway(failure, 500, null, null);
            case Failure.Upstream upstream -> of(upstream);
        };
    }

    private static OpenAiErrors of(Failure.Upstream failure) {
        return switch (failure) {
            case Failure.Unreachable _, Failure.BrokenAnswer _, Failure.CredentialRefused _ ->
                    provider(failure, 502, "server_error", "upstream_error");
            case Failure.TimedOut _ -> provider(failure, 504, "timeout_error", "timeout");
            case Failure.RateLimited(var _, var message, var retryAfter) ->
                    new OpenAiErrors(
                            429,
                            "rate_limit_error",
                            "rate_limit_exceeded",
                            null,
                            message,
                            "provider",
                            retryAfter);
            case Failure.Faulted(var _, var status, var _) ->
                    status == 503 || status == 529
                            ? provider(failure, 503, "server_error", "overloaded")
                            : provider(failure, 502, "server_error", "upstream_error");
            case Failure.Rejected(var _, var status, var message, var type, var code, var param) ->
                    new OpenAiErrors(
                            status,
                            type != null ? type : typeOf(status),
                            code,
                            param,
                            message,
                            "provider",
                            null);
        };
    }

    private static String typeOf(int status) {
        return switch (status) {
            case 403 -> "permission_error";
            case 408 -> "timeout_error";
            default -> "invalid_request_error";
        };
    }

    private static OpenAiErrors client(
            Failure failure,
            int status,
            String type,
            @Nullable String code,
            @Nullable String param) {
        return new OpenAiErrors(status, type, code, param, failure.message(), "client", null);
    }

    private static OpenAiErrors gateway(
            Failure failure, int status, @Nullable String code, @Nullable Duration retryAfter) {
        return new OpenAiErrors(
                status, "server_error", code, null, failure.message(), "gateway", retryAfter);
    }

    private static OpenAiErrors provider(Failure failure, int status, String type, String code) {
        return new OpenAiErrors(status, type, code, null, failure.message(), "provider", null);
    }
}
