package sluice.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;

/// What an operator asks for.
///
/// @param path its parts, decoded
/// @param query its parameters
/// @param body empty when there is none
/// @param ifMatch the version that the operator saw; null when it does not say
record Asked(
        String method,
        List<String> path,
        Map<String, String> query,
        Bytes body,
        @Nullable String ifMatch) {
    private static final int MAX_QUERY = 4_096;

    static List<String> path(String path) {
        return List.of(path.split("/", -1)).stream().map(part -> decoded(part, "path")).toList();
    }

    static Map<String, String> query(String query) {
        if (query.length() > MAX_QUERY) {
            throw malformed("The query is longer than " + MAX_QUERY + " characters.", null);
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                parameters.put(
                        decoded(name, "query"),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1), name));
            }
        }
        return parameters;
    }

    private static String decoded(String text, String where) {
        try {
            var decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.chars().noneMatch(Character::isISOControl)) {
                return decoded;
            }
        } catch (IllegalArgumentException badEscape) {
            // told below
        }
        throw malformed("A broken percent escape or a control character.", where);
    }

    /// @throws sluice.call.CallFailed when there is a parameter that is none of these
    void knows(Set<String> parameters) {
        for (var name : query.keySet()) {
            if (!parameters.contains(name)) {
                throw malformed(
                        "An unknown parameter; known are "
                                + String.join(", ", parameters.stream().sorted().toList())
                                + ".",
                        name);
            }
        }
    }

    boolean isDry() {
        return Boolean.TRUE.equals(truth("dry_run"));
    }

    /// @return null when it is not said
    @Nullable Boolean truth(String name) {
        var text = query.get(name);
        return switch (text) {
            case null -> null;
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed("Expected true or false.", name);
        };
    }

    int number(String name, int otherwise, int most) {
        var text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw malformed("Expected a whole number from 1 to " + most + ".", name);
    }

    static RuntimeException malformed(String message, @Nullable String param) {
        return new Failure.Malformed(message, param).asException();
    }
}
