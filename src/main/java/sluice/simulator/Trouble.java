package sluice.simulator;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An error that a behaviour asks for: its shape, its status, and when to come back.
record Trouble(Shape shape, int status, int more, int retryAfter, RetryForm retryForm) {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final String WORDS = "The simulator was asked for this error.";

    static Trouble of(Options options) {
        var shape = options.choice("error", Shape.NONE);
        return new Trouble(
                shape,
                options.number("status", shape.status),
                options.number("error-bytes", 0),
                options.number("retry-after", 0),
                options.choice("retry-form", RetryForm.SECONDS));
    }

    boolean none() {
        return shape == Shape.NONE;
    }

    Answer answer(Surface surface, Clock clock) {
        return switch (shape) {
            case NONE, OWN -> retry(surface.error(status, code(), words()), clock);
            case PLATFORM -> retry(platform(words()), clock);
            case NESTED ->
                    retry(
                            platform(
                                    Json.text(
                                            Json.object(
                                                    "message",
                                                    "messages.1.reasoning_details: Extra inputs are"
                                                            + " not permitted"))),
                            clock);
            case VALIDATOR ->
                    retry(
                            Answer.json(
                                    status,
                                    Json.object(
                                            "message",
                                            "system.2.cache_control.ephemeral.scope: Extra inputs"
                                                    + " are not permitted")),
                            clock);
            case LIMIT -> retry(Answer.json(status, limit()), clock);
            case STARTING ->
                    retry(
                            platform(
                                    "The endpoint is scaled to zero and is being started. Try"
                                            + " again later."),
                            clock);
            case TOO_LONG ->
                    retry(platform("prompt is too long: 208310 tokens > 200000 maximum"), clock);
            case UNWANTED ->
                    retry(platform("The prompt triggered the content management policy."), clock);
            case TOKEN -> Answer.text(status, "Invalid Token");
            case HTML -> page(status);
            case LOGIN -> page(status).with("location", "/login.html?next=%2F");
            case EMPTY -> new Answer.Whole(status, Map.of(), "");
            case GARBAGE -> new Answer.Garbage("SSH-2.0-OpenSSH_9.6\r\n");
        };
    }

    private String words() {
        return WORDS + " And more.".repeat(more / 10);
    }

    private Answer.Whole platform(String message) {
        return Answer.json(
                status,
                Json.object(
                        "error_code",
                        code(),
                        "message",
                        message,
                        "details",
                        List.of(
                                Json.object(
                                        "@type",
                                        "type.googleapis.com/google.rpc.RequestInfo",
                                        "request_id",
                                        "sim-request-1"))));
    }

    private Map<String, ?> limit() {
        return Json.object(
                "error",
                Json.object(
                        "message",
                        "Rate limit exceeded.",
                        "type",
                        "rate_limit_exceeded",
                        "code",
                        429,
                        "limit_type",
                        "input_tokens_per_minute",
                        "limit",
                        200_000,
                        "current",
                        200_150,
                        "retry_after",
                        15));
    }

    private Answer.Whole retry(Answer.Whole answer, Clock clock) {
        if (retryAfter == 0) {
            return answer;
        }
        return answer.with(
                "retry-after",
                switch (retryForm) {
                    case SECONDS -> Integer.toString(retryAfter);
                    case DATE ->
                            HTTP_DATE.format(
                                    clock.instant()
                                            .plusSeconds(retryAfter)
                                            .atOffset(ZoneOffset.UTC));
                });
    }

    private static Answer.Whole page(int status) {
        return new Answer.Whole(
                status,
                Map.of("content-type", "text/html; charset=utf-8"),
                "<!doctype html>\n<html><head><title>Sign in</title></head><body>data: sign in"
                        + "</body></html>\n");
    }

    private String code() {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "RESOURCE_DOES_NOT_EXIST";
            case 429 -> "REQUEST_LIMIT_EXCEEDED";
            case 499 -> "CANCELLED";
            case 501 -> "FEATURE_DISABLED";
            case 503 -> "TEMPORARILY_UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 400 && status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR";
        };
    }

    /// The shapes in which Databricks says no, and the status that goes with each.
    enum Shape {
        NONE(200),
        /// The shape of the surface that was asked.
        OWN(500),
        PLATFORM(400),
        NESTED(400),
        VALIDATOR(400),
        LIMIT(429),
        STARTING(503),
        TOO_LONG(400),
        UNWANTED(400),
        TOKEN(400),
        HTML(502),
        LOGIN(302),
        EMPTY(499),
        GARBAGE(200);

        private final int status;

        Shape(int status) {
            this.status = status;
        }
    }

    enum RetryForm {
        SECONDS,
        DATE
    }
}
