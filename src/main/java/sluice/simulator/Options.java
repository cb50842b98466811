package sluice.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The {@code key=value} pairs of a behaviour while they are read; what nobody read at the end is unknown. Values may
/// be percent-encoded.
final class Options {
    private final Map<String, String> given;
    private final Map<String, String> unread;

    private Options(Map<String, String> given) {
        this.given = given;
        this.unread = new HashMap<>(given);
    }

    /// Reads {@code name;key=value;key=value}: the options of the named behaviour, overruled by those given.
    static Options read(String spec) {
        var parts = spec.split(";", -1);
        var options = new LinkedHashMap<String, String>();
        add(options, Behaviour.named(parts[0].strip()).preset().split(";", -1));
        add(options, Arrays.copyOfRange(parts, 1, parts.length));
        return new Options(options);
    }

    int number(String key, int otherwise) {
        var value = text(key, "");
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "the option '" + key + "' must be a number from 0, got '" + value + "'");
    }

    Duration millis(String key) {
        return Duration.ofMillis(number(key, 0));
    }

    /// One word of an enum, in lower case and with hyphens.
    <E extends Enum<E>> E choice(String key, E otherwise) {
        var value = text(key, "");
        if (value.isEmpty()) {
            return otherwise;
        }
        var words = otherwise.getDeclaringClass().getEnumConstants();
        for (var word : words) {
            if (wire(word).equals(value)) {
                return word;
            }
        }
        throw new IllegalArgumentException(
                "the option '"
                        + key
                        + "' must be one of "
                        + Arrays.stream(words).map(Options::wire).toList()
                        + ", got '"
                        + value
                        + "'");
    }

    boolean yes(String key, boolean otherwise) {
        return choice(key, otherwise ? YesNo.YES : YesNo.NO) == YesNo.YES;
    }

    String text(String key, String otherwise) {
        unread.remove(key);
        return given.getOrDefault(key, otherwise);
    }

    void nothingLeft() {
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + unread.keySet());
        }
    }

    private static void add(Map<String, String> options, String[] pairs) {
        for (var pair : pairs) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("expected key=value, got '" + pair + "'");
            }
            options.put(
                    pair.substring(0, equals).strip(),
                    URLDecoder.decode(
                            pair.substring(equals + 1).strip().replace("+", "%2B"),
                            StandardCharsets.UTF_8));
        }
    }

    static String wire(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private enum YesNo {
        YES,
        NO
    }
}
