package sluice.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// The words of a target that said no, whatever shape they have: OpenAI's, the six of facts/databricks.md section 3.7,
/// plain text, or HTML from a load balancer. Credentials that a target echoes are taken out.
///
/// @param message what the target said, at most 2 kB, never empty
/// @param isFinal true when the target says that asking again does not help
public record ErrorAnswer(
        int status,
        String message,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param,
        @Nullable Duration retryAfter,
        boolean isFinal) {
    /// How much of an error body is read.
    public static final int MAX_BYTES = 64 * 1024;

    /// The provider gave the call up itself (facts/databricks.md section 3.7). No client knows the status: in ours it
    /// means that the caller went away.
    private static final int CANCELLED = 499;

    private static final int MAX_MESSAGE = 2_000;
    private static final int MAX_WORD = 128;
    private static final Governed SHAPES =
            Governed.of(
                    "error",
                    "error_code",
                    "message",
                    "detail",
                    "error_description",
                    "type",
                    "code",
                    "param",
                    "retry_after");
    private static final Pattern CREDENTIAL =
            Pattern.compile(
                    "dapi[a-zA-Z0-9]{16,}(-\\d+)?|\\bsk-[A-Za-z0-9_-]{12,}|(?i:bearer)\\s+[^\\s\"',]+"
                            + "|eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_.-]+");

    /// What ends a line, moves the cursor or turns the direction of the text: a log line must stay one line.
    private static final Pattern NOT_PRINTABLE =
            Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");

    /// @param header a header of the answer as received, null where there is none
    public static ErrorAnswer read(
            int status, Bytes body, Function<String, @Nullable String> header, Instant now) {
        var answer = parse(status, firstObject(body), 2);
        if (answer == null) {
            answer = plain(status, body.utf8());
        }
        var told = retryAfter(header, now);
        return answer.with(
                told == null ? answer.retryAfter : told,
                "false".equalsIgnoreCase(header.apply("x-should-retry")));
    }

    /// A list with one object counts as the object.
    private static Bytes firstObject(Bytes body) {
        var text = body.utf8().strip();
        return text.startsWith("[") && text.endsWith("]")
                ? Bytes.utf8(text.substring(1, text.length() - 1).strip())
                : Bytes.utf8(text);
    }

    /// @param unwraps how many messages that are themselves JSON are still opened
    private static @Nullable ErrorAnswer parse(int status, Bytes text, int unwraps) {
        try {
            var fields = Fields.scan(text, SHAPES, Limits.DEFAULT);
            var error = fields.find("error");
            if (error != null && error.kind() == Kind.OBJECT) {
                fields = error.object(SHAPES, Limits.DEFAULT);
            }
            var message = firstText(fields, "message", "error_description", "detail", "error");
            if (message == null) {
                return null;
            }
            if (unwraps > 0 && message.startsWith("{")) {
                var inner = parse(status, Bytes.utf8(message), unwraps - 1);
                if (inner != null) {
                    message = inner.message();
                }
            }
            return new ErrorAnswer(
                    status,
                    cleaned(message),
                    word(text(fields.find("type"))),
                    word(firstText(fields, "code", "error_code")),
                    word(text(fields.find("param"))),
                    seconds(fields.find("retry_after")),
                    false);
        } catch (NotJson notOne) {
            return null;
        }
    }

    private static @Nullable String word(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var clean = cleaned(text);
        return clean.length() > MAX_WORD ? clean.substring(0, MAX_WORD) : clean;
    }

    private static ErrorAnswer plain(int status, String body) {
        var text = cleaned(body.strip());
        return new ErrorAnswer(
                status,
                text.isEmpty() ? "no further explanation" : text,
                null,
                null,
                null,
                null,
                false);
    }

    private ErrorAnswer with(@Nullable Duration wait, boolean last) {
        return new ErrorAnswer(status, message, type, code, param, wait, last);
    }

    private static @Nullable String firstText(Fields fields, String... names) throws NotJson {
        for (var name : names) {
            var text = text(fields.find(name));
            if (text != null && !text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    /// Numbers are no codes: a client expects a word (facts/llm-protocols.md section 7).
    private static @Nullable String text(@Nullable Field field) throws NotJson {
        return field == null || field.kind() != Kind.STRING ? null : field.string();
    }

    private static @Nullable Duration seconds(@Nullable Field field) {
        try {
            return field == null || field.kind() != Kind.NUMBER
                    ? null
                    : bounded(Duration.ofSeconds(field.asLong()));
        } catch (NotJson fraction) {
            return null;
        }
    }

    /// Milliseconds win over seconds, and those over a date (facts/llm-protocols.md section 8).
    private static @Nullable Duration retryAfter(
            Function<String, @Nullable String> header, Instant now) {
        var exact = millis(header.apply("retry-after-ms"), 1);
        if (exact != null) {
            return exact;
        }
        var usual = header.apply("retry-after");
        var told = millis(usual, 1_000);
        if (told != null || usual == null) {
            return told;
        }
        try {
            var at = ZonedDateTime.parse(usual.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return bounded(Duration.between(now, at.toInstant()));
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    private static @Nullable Duration millis(@Nullable String number, int unit) {
        if (number == null) {
            return null;
        }
        try {
            return bounded(Duration.ofMillis((long) (Double.parseDouble(number.strip()) * unit)));
        } catch (NumberFormatException otherwise) {
            return null;
        }
    }

    private static @Nullable Duration bounded(Duration duration) {
        return duration.isNegative() || duration.compareTo(Duration.ofDays(1)) > 0
                ? null
                : duration;
    }

    /// Credentials go first, so that none is cut in two.
    private static String cleaned(String text) {
        var printable = NOT_PRINTABLE.matcher(text).replaceAll(" ");
        var clean = CREDENTIAL.matcher(printable).replaceAll("(credential)");
        return clean.length() > MAX_MESSAGE ? clean.substring(0, MAX_MESSAGE) + "..." : clean;
    }

    /// The failure that a target's refusal is, when nothing more is known of the provider.
    public Failure.Upstream failure(String target) {
        if (status == 401 || status == 407) {
            return new Failure.CredentialRefused(target, status);
        }
        if (status == 429) {
            return new Failure.RateLimited(
                    target,
                    "The target '" + target + "' is rate limited: " + message,
                    code,
                    retryAfter,
                    isFinal);
        }
        if (status >= 500 || status == CANCELLED) {
            return new Failure.Faulted(target, status, message);
        }
        if (status >= 400) {
            return new Failure.Rejected(target, status, message, type, code, param);
        }
        return new Failure.BrokenAnswer(
                target,
                status >= 300
                        ? "a redirect (status " + status + "), which is never followed"
                        : "status " + status);
    }
}
