package sluice.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The claims of a token, read strictly: one that is there and of the wrong type spoils the whole token.
final class Claims {
    /// How many groups, or roles, a caller may have.
    static final int MAX_NAMES = 1000;

    static final int MAX_NAME_CHARS = 256;

    private final Map<String, Object> claims;

    Claims(Map<String, Object> claims) {
        this.claims = claims;
    }

    /// A claim is not what it should be. The message names the claim and nothing of its value.
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String claim, String what) {
            super("its claim '" + claim + "' " + what);
        }
    }

    /// The seconds since 1970 that a claim names; empty without it.
    Optional<Double> time(String claim) throws Unfit {
        return switch (claims.get(claim)) {
            case null -> Optional.empty();
            case Number number when Double.isFinite(number.doubleValue()) ->
                    Optional.of(number.doubleValue());
            default -> throw new Unfit(claim, "is no time");
        };
    }

    boolean isFor(String audience) throws Unfit {
        return switch (claims.get("aud")) {
            case null -> false;
            case String one -> one.equals(audience);
            case List<?> several -> several.contains(audience);
            default -> throw new Unfit("aud", "is no text and no list");
        };
    }

    Optional<String> text(@Nullable String claim) throws Unfit {
        if (claim == null) {
            return Optional.empty();
        }
        return switch (find(claim)) {
            case null -> Optional.empty();
            case String text -> Optional.of(fit(claim, text));
            default -> throw new Unfit(claim, "is no text");
        };
    }

    /// The names of a claim: a list, or one text with commas or spaces between them.
    List<String> names(String claim) throws Unfit {
        return switch (find(claim)) {
            case null -> List.of();
            case String text -> names(claim, split(text));
            case List<?> list -> names(claim, list);
            default -> throw new Unfit(claim, "is no list of texts and no text");
        };
    }

    /// Names between commas may hold spaces.
    static List<String> split(String text) {
        return Stream.of(text.split(text.indexOf(',') >= 0 ? "," : "\\s+", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static List<String> names(String claim, List<?> list) throws Unfit {
        if (list.size() > MAX_NAMES) {
            throw new Unfit(claim, "has more than " + MAX_NAMES + " names");
        }
        var names = new ArrayList<String>(list.size());
        for (var each : list) {
            if (!(each instanceof String name)) {
                throw new Unfit(claim, "holds what is no text");
            }
            names.add(fit(claim, name));
        }
        return names;
    }

    private static String fit(String claim, String text) throws Unfit {
        if (!isName(text)) {
            throw new Unfit(
                    claim,
                    "is empty, longer than " + MAX_NAME_CHARS + " characters or unprintable");
        }
        return text;
    }

    /// Names go into log lines and the ledger.
    static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= MAX_NAME_CHARS
                && text.chars().noneMatch(Character::isISOControl);
    }

    /// A claim of that very name counts before a path.
    private @Nullable Object find(String claim) {
        if (claims.containsKey(claim)) {
            return claims.get(claim);
        }
        Object found = claims;
        for (var step : claim.split("\\.", -1)) {
            found = found instanceof Map<?, ?> object ? object.get(step) : null;
            if (found == null) {
                return null;
            }
        }
        return found;
    }
}
