package sluice.line;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.route.Hints;
import sluice.server.Exchange;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the headers of a call say about its way: how long it may take, its metadata, how often to try. Each is read
/// only when somebody asks, and each has a name that people bring from elsewhere (facts/forms.md section 4).
final class CallHints implements Hints {
    private static final Name TIMEOUT = new Name("x-sluice-timeout-ms", "x-tfy-request-timeout");
    private static final Name FIRST_TOKEN =
            new Name("x-sluice-ttft-timeout-ms", "x-tfy-ttft-timeout-ms");
    private static final Name METADATA = new Name("x-sluice-metadata", "x-tfy-metadata");
    private static final Name RETRY = new Name("x-sluice-retry-config", "x-tfy-retry-config");
    private static final int MAX_LENGTH = 8_192;
    private static final int MAX_PAIRS = 64;
    private static final int MAX_MILLIS = 86_400_000;

    private final Exchange exchange;
    private final boolean takesTfy;
    private @Nullable Map<String, String> metadata;

    private record Name(String ours, String tfy) {}

    /// Made when the first header needs it. Without the table of names, which callers could fill.
    private static final class Reader {
        static final JsonMapper JSON =
                JsonMapper.builder(
                                JsonFactory.builder()
                                        .disable(
                                                TokenStreamFactory.Feature
                                                        .CANONICALIZE_PROPERTY_NAMES)
                                        .build())
                        .build();
    }

    private CallHints(Exchange exchange, boolean takesTfy) {
        this.exchange = exchange;
        this.takesTfy = takesTfy;
    }

    static CallHints of(Exchange exchange, Snapshot now) {
        if (now.takesTfy()) {
            exchange.answersTfy();
        }
        return new CallHints(exchange, now.takesTfy());
    }

    /// The time that the call has: as much as its targets would get, or less where the caller wants so.
    ///
    /// @throws sluice.call.CallFailed when a header that limits it is no number of milliseconds
    CallTime time(Duration patience) {
        var wanted = millis(TIMEOUT);
        var whole = wanted != null && wanted.compareTo(patience) < 0 ? wanted : patience;
        return CallTime.of(whole, millis(FIRST_TOKEN));
    }

    @Override
    public @Nullable String header(String name) {
        return exchange.header(name);
    }

    @Override
    public @Nullable String metadata(String key) {
        var known = metadata;
        if (known == null) {
            known = readMetadata();
            metadata = known;
        }
        return known.get(key);
    }

    @Override
    public @Nullable Retry retry() {
        var given = given(RETRY);
        if (given == null) {
            return null;
        }
        var config = object(RETRY, given);
        var delay = config.has("delay_ms") ? config.path("delay_ms") : config.path("delay");
        return new Retry(
                whole(config.path("attempts"), 2, 0, 10),
                Duration.ofMillis(whole(delay, 100, 0, 60_000)),
                statuses(config.path("on_status_codes")));
    }

    private static int whole(JsonNode number, int absent, int least, int most) {
        if (number.isMissingNode()) {
            return absent;
        }
        if (!number.isInt() || number.intValue() < least || number.intValue() > most) {
            throw malformed(
                    RETRY, "numbers within their limits: attempts 0 to 10, delay_ms 0 to 60000");
        }
        return number.intValue();
    }

    private static @Nullable Set<Integer> statuses(JsonNode list) {
        if (list.isMissingNode()) {
            return null;
        }
        var statuses = new HashSet<Integer>();
        for (var each : list) {
            if (!each.isInt() || each.intValue() < 400 || each.intValue() > 599) {
                throw malformed(RETRY, "on_status_codes from 400 to 599");
            }
            statuses.add(each.intValue());
        }
        return statuses;
    }

    private Map<String, String> readMetadata() {
        var given = given(METADATA);
        if (given == null) {
            return Map.of();
        }
        var pairs = object(METADATA, given);
        if (pairs.size() > MAX_PAIRS) {
            throw malformed(METADATA, "at most " + MAX_PAIRS + " keys");
        }
        var read = new HashMap<String, String>();
        for (var pair : pairs.properties()) {
            if (!pair.getValue().isValueNode()) {
                throw malformed(METADATA, "texts, numbers and truths as values");
            }
            read.put(pair.getKey(), pair.getValue().asString(""));
        }
        return read;
    }

    private static JsonNode object(Name name, String given) {
        if (given.length() <= MAX_LENGTH) {
            try {
                var read = Reader.JSON.readTree(given);
                if (read.isObject()) {
                    return read;
                }
            } catch (JacksonException notJson) {
                // said below
            }
        }
        throw malformed(name, "a JSON object of at most " + MAX_LENGTH + " characters");
    }

    private @Nullable Duration millis(Name name) {
        var given = given(name);
        if (given == null) {
            return null;
        }
        var text = given.strip();
        boolean isNumber =
                !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(CallHints::isDigit);
        int millis = isNumber ? Integer.parseInt(text) : 0;
        if (millis < 1 || millis > MAX_MILLIS) {
            throw malformed(name, "a whole number of milliseconds from 1 to " + MAX_MILLIS);
        }
        return Duration.ofMillis(millis);
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private @Nullable String given(Name name) {
        var ours = exchange.header(name.ours());
        return ours != null || !takesTfy ? ours : exchange.header(name.tfy());
    }

    /// The value is not repeated: it may be anything.
    private static RuntimeException malformed(Name name, String expected) {
        return new Failure.Malformed(
                        "The header '" + name.ours() + "' must hold " + expected + ".", null)
                .asException();
    }
}
