package sluice.server;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Dialect.Family;
import sluice.call.Failure;

/// How each failure looks to a caller: the table of facts/llm-protocols.md section 7 as one switch.
/// {@code source} says who failed: gateway, provider or client.
///
/// @param status for OpenAI's family; {@link #status(Family)} knows where the other's differs
/// @param type OpenAI's word; {@link #type(Family)} has the other's
record Refusal(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        String source,
        @Nullable Duration retryAfter) {

    private static final String SPENT = "insufficient_quota";
    private static final String TOO_LONG = "context_length_exceeded";

    /// What agents of Anthropic's family look for before they shorten a conversation.
    private static final String PROMPT_IS_TOO_LONG = "prompt is too long";

    private static final Set<String> WORDS_OF_THE_OTHER_FAMILY =
            Set.of("not_found_error", "request_too_large", "billing_error", "api_error");

    static Refusal of(Failure failure) {
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
            case Failure.IdentityUnknowable _ ->
                    gateway(failure, 503, "identity_unknowable", Duration.ofSeconds(1));
            case Failure.NotOnBehalf _ ->
                    client(failure, 403, "permission_error", "not_on_behalf", null);
            case Failure.NotAnOperator _ ->
                    client(failure, 401, "authentication_error", "invalid_admin_key", null);
            case Failure.ModelNotAllowed _ ->
                    client(failure, 403, "permission_error", "model_not_allowed", "model");
            case Failure.RequestNotAllowed _ ->
                    client(failure, 403, "permission_error", "request_type_not_allowed", null);
            case Failure.TooManyTokens _ ->
                    client(
                            failure,
                            403,
                            "permission_error",
                            "max_tokens_not_allowed",
                            "max_tokens");
            case Failure.OutsideHours _ ->
                    client(failure, 403, "permission_error", "outside_allowed_hours", null);
            case Failure.OverLimit over -> of(over);
            case Failure.OverBudget _ ->
                    new Refusal(429, SPENT, SPENT, null, failure.message(), "gateway", null);
            case Failure.Unpriced _ ->
                    client(failure, 403, "permission_error", "model_not_priced", "model");
            case Failure.NotDone(var why, var _) ->
                    client(
                            failure,
                            status(why),
                            why == Failure.NotDone.Why.FORBIDDEN
                                    ? "permission_error"
                                    : "invalid_request_error",
                            why.token(),
                            null);
            case Failure.StoreAway _ ->
                    gateway(failure, 503, "store_unavailable", Duration.ofSeconds(10));
            case Failure.LimitsUnreadable _ ->
                    gateway(failure, 503, "limits_unreadable", Duration.ofSeconds(10));
            case Failure.UnknownModel _ ->
                    client(failure, 404, "invalid_request_error", "model_not_found", "model");
            case Failure.NotSpoken _ ->
                    client(failure, 400, "invalid_request_error", "unsupported_request", "model");
            case Failure.RequestTypeOff _ ->
                    client(failure, 403, "permission_error", "request_type_not_allowed", null);
            case Failure.UnknownRoute _ ->
                    client(failure, 404, "invalid_request_error", "not_found", null);
            case Failure.MethodNotAllowed _ ->
                    client(failure, 405, "invalid_request_error", null, null);
            case Failure.CallerGone _ ->
                    client(failure, 499, "invalid_request_error", "client_closed_request", null);
            case Failure.Busy _ -> gateway(failure, 503, "gateway_busy", Duration.ofSeconds(1));
            case Failure.Draining _ -> gateway(failure, 503, "draining", Duration.ofSeconds(1));
            case Failure.Bug _ -> gateway(failure, 500, null, null);
            case Failure.Upstream upstream -> of(upstream);
        };
    }

    private static int status(Failure.NotDone.Why why) {
        return switch (why) {
            case FORBIDDEN -> 403;
            case UNKNOWN -> 404;
            case EXISTS, READ_ONLY -> 409;
            case STALE -> 412;
            case ETAG_MISSING -> 428;
            case FAULTY -> 422;
            case STORE_AWAY -> 503;
        };
    }

    /// An overloaded provider has a status of its own in Anthropic's family.
    int status(Family family) {
        boolean overloaded = status == 503 && "overloaded".equals(code);
        return overloaded && family == Family.ANTHROPIC ? 529 : status;
    }

    /// Agents act on the words of a prompt that is too long, whichever provider found it so.
    String message(Family family) {
        boolean unheard =
                TOO_LONG.equals(code)
                        && family == Family.ANTHROPIC
                        && !message.toLowerCase(Locale.ROOT).contains(PROMPT_IS_TOO_LONG);
        return unheard ? PROMPT_IS_TOO_LONG + ": " + message : message;
    }

    /// Whether a client that tries again of its own should be told not to.
    boolean isFinal() {
        boolean neverFits = source.equals("gateway") && status == 429 && retryAfter == null;
        return neverFits || SPENT.equals(code);
    }

    String type(Family family) {
        return switch (family) {
            case OPENAI -> type;
            case ANTHROPIC -> anthropicType();
        };
    }

    private String anthropicType() {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 413 -> "request_too_large";
            case 429 -> type.equals(SPENT) ? "billing_error" : "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }

    private static Refusal of(Failure.OverLimit failure) {
        return new Refusal(
                429,
                "rate_limit_error",
                "rate_limit_exceeded",
                null,
                failure.message(),
                "gateway",
                failure.fitsIn());
    }

    private static Refusal of(Failure.Upstream failure) {
        return switch (failure) {
            case Failure.Unreachable _,
                    Failure.BrokenAnswer _,
                    Failure.ProtocolError _,
                    Failure.CredentialRefused _ ->
                    provider(failure, 502, "server_error", "upstream_error");
            case Failure.TimedOut _ -> provider(failure, 504, "timeout_error", "timeout");
            case Failure.RateLimited limited -> of(limited);
            case Failure.Faulted(var _, var status, var _) ->
                    switch (status) {
                        case 503, 529 -> provider(failure, 503, "server_error", "overloaded");
                        case 504 -> provider(failure, 504, "timeout_error", "timeout");
                        default -> provider(failure, 502, "server_error", "upstream_error");
                    };
            case Failure.Rejected rejected -> of(rejected);
        };
    }

    /// A quota that is spent does not come back within the time that a client would wait.
    private static Refusal of(Failure.RateLimited failure) {
        if (SPENT.equals(failure.code())) {
            return new Refusal(429, SPENT, SPENT, null, failure.message(), "provider", null);
        }
        var wait = failure.exhausted() ? null : failure.retryAfter();
        return new Refusal(
                429,
                "rate_limit_error",
                "rate_limit_exceeded",
                null,
                wait == null ? failure.message() : withWait(failure.message(), wait),
                "provider",
                wait);
    }

    /// At least one client reads from the words how long it shall wait (section 8).
    private static String withWait(String message, Duration wait) {
        if (message.toLowerCase(Locale.ROOT).contains("try again in")) {
            return message;
        }
        return message
                + (message.endsWith(".") ? "" : ".")
                + " Please try again in "
                + seconds(wait)
                + "s.";
    }

    /// Whole seconds, at least one.
    static long seconds(Duration wait) {
        return Math.max(1, (wait.toMillis() + 999) / 1000);
    }

    private static Refusal of(Failure.Rejected failure) {
        int status = failure.status();
        var type = failure.type();
        boolean known = type != null && !WORDS_OF_THE_OTHER_FAMILY.contains(type);
        return new Refusal(
                status,
                type != null && known ? type : typeOf(status),
                failure.isTooLongAPrompt() ? TOO_LONG : failure.code(),
                failure.param(),
                failure.message(),
                "provider",
                null);
    }

    private static String typeOf(int status) {
        return switch (status) {
            case 403 -> "permission_error";
            case 408 -> "timeout_error";
            default -> "invalid_request_error";
        };
    }

    private static Refusal client(
            Failure failure,
            int status,
            String type,
            @Nullable String code,
            @Nullable String param) {
        return new Refusal(status, type, code, param, failure.message(), "client", null);
    }

    private static Refusal gateway(
            Failure failure, int status, @Nullable String code, @Nullable Duration retryAfter) {
        return new Refusal(
                status, "server_error", code, null, failure.message(), "gateway", retryAfter);
    }

    private static Refusal provider(Failure failure, int status, String type, String code) {
        return new Refusal(status, type, code, null, failure.message(), "provider", null);
    }
}
