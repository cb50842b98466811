package sluice.upstream.databricks;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Patterns of model names as the data files write them: {@code *} is any text, {@code ?} one character, {@code #} one
/// digit; a pattern that begins with {@code !} takes names out again. Case does not matter.
final class Globs {
    private final List<Pattern> in;
    private final List<Pattern> out;

    private Globs(List<Pattern> in, List<Pattern> out) {
        this.in = in;
        this.out = out;
    }

    static Globs of(List<String> patterns) {
        return new Globs(
                patterns.stream()
                        .filter(text -> !text.startsWith("!"))
                        .map(Globs::pattern)
                        .toList(),
                patterns.stream()
                        .filter(text -> text.startsWith("!"))
                        .map(text -> pattern(text.substring(1)))
                        .toList());
    }

    boolean match(List<String> names) {
        return names.stream().anyMatch(name -> any(in, name))
                && names.stream().noneMatch(name -> any(out, name));
    }

    private static boolean any(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                glob.toLowerCase(Locale.ROOT)
                        .chars()
                        .mapToObj(c ->
                                switch (c) {
                                    case '*' -> ".*";
                                    case '?' -> ".";
                                    case '#' -> "\\d";
                                    default -> Pattern.quote(Character.toString(c));
                                })
                        .collect(Collectors.joining()),
                Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }
}
