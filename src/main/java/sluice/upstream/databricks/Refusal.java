package sluice.upstream.databricks;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words of refusal that mean more than their status (facts/databricks.md sections 0 and 3.7,
/// facts/llm-protocols.md section 14).
final class Refusal {
    static final String FEATURE_DISABLED = "FEATURE_DISABLED";

    private static final String ENDPOINT_NOT_FOUND = "ENDPOINT_NOT_FOUND";
    private static final Set<String> NO_SUCH_MODEL = Set.of("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND");

    /// An endpoint that was scaled to zero is started by the call that it refuses (unconfirmed words, so several).
    private static final List<String> WORDS_OF_A_START =
            List.of(
                    "not ready",
                    "not in a ready state",
                    "not_ready",
                    "scaled to zero",
                    "is starting",
                    "being started",
                    "still initializing",
                    "is scaling");

    private Refusal() {}

    /// The gateway answers a bad token with 400 and plain text, and one about to expire with 403: neither is the
    /// caller's fault.
    static boolean isBadCredential(int status, String message) {
        var words = message.toLowerCase(Locale.ROOT);
        return switch (status) {
            case 401 -> true;
            case 400 -> words.startsWith("invalid token");
            case 403 -> words.contains("invalid access token") || words.contains("token is expir");
            default -> false;
        };
    }

    /// The endpoint is there and cannot answer yet.
    static boolean isStarting(int status, String message) {
        var words = message.toLowerCase(Locale.ROOT);
        return (status == 400 || status == 404 || status == 409 || status == 429 || status >= 500)
                && WORDS_OF_A_START.stream().anyMatch(words::contains);
    }

    static boolean isSwitchedOff(@Nullable String code) {
        return FEATURE_DISABLED.equals(code);
    }

    /// The path does not exist on this workspace.
    static boolean isNoSuchPath(int status, @Nullable String code) {
        return status == 404 && ENDPOINT_NOT_FOUND.equals(code);
    }

    static boolean isNotImplemented(int status) {
        return status == 501;
    }

    static boolean isNoSuchModel(int status, @Nullable String code) {
        return status == 404 && code != null && NO_SUCH_MODEL.contains(code);
    }

    /// A workspace with enforcement refuses old names on the serving surface and points at model services: that says
    /// nothing of its other endpoints.
    static boolean isOldName(int status, String message) {
        var words = message.toLowerCase(Locale.ROOT);
        return status == 501
                && (words.contains("model service") || words.contains("unity catalog"));
    }

    /// The model is there, and not spoken to in this dialect at this path. Only a known marker says so: the same
    /// statuses mean bad parameters and faults.
    static boolean isNotSpokenHere(int status, String message) {
        var words = message.toLowerCase(Locale.ROOT);
        return (status == 400 || status == 404 || status == 500)
                && words.contains("passthrough is not supported");
    }
}
