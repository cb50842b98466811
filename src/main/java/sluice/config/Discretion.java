package sluice.config;

import java.util.regex.Pattern;

/// What a message may repeat of a value that somebody wrote. A secret in the wrong place is still a secret.
final class Discretion {
    private static final int SHOWN_MAX = 60;

    /// The beginnings that token issuers chose so that their tokens can be found.
    private static final Pattern ISSUED =
            Pattern.compile(
                    "(?i)(^|[^a-z0-9])(sk-[a-z0-9_-]{6,}|dapi[a-z0-9]{8,}|dose[a-z0-9]{16,}|gh[pousr]_[a-z0-9]{8,}"
                            + "|github_pat_|xox[abprs]-|akia[0-9a-z]{12}|aiza[a-z0-9_-]{12,}|eyj[a-z0-9_-]{8,}"
                            + "|hf_[a-z0-9]{8,}|-----begin)");

    private static final Pattern SCHEME = Pattern.compile("(?i)^\\s*(bearer|basic)\\s+\\S{4,}");

    /// A run without separators in which letters and digits mix, longer than any word or version.
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+]{20,}");

    private Discretion() {}

    static boolean looksSecret(String text) {
        if (ISSUED.matcher(text).find() || SCHEME.matcher(text).find()) {
            return true;
        }
        var runs = RUN.matcher(text);
        while (runs.find()) {
            var run = runs.group();
            if (run.chars().anyMatch(Character::isDigit)
                    && run.chars().anyMatch(Character::isLetter)) {
                return true;
            }
        }
        return false;
    }

    /// The value in quotes, without what could be a credential, a password in an address, or anything unprintable.
    static String quote(String text) {
        if (looksSecret(text)) {
            return "a value that looks like a credential (not shown)";
        }
        var shown =
                text.replaceAll("^[^@]*:[^@]*@|(?<=://)[^/]*@", "(not shown)@")
                        .replaceAll("(?<=\\S)([?#])\\S.*", "$1(not shown)");
        return "'" + printable(shown) + "'";
    }

    /// What was received, for the end of a sentence that says what was expected.
    static String received(Yaml value) {
        return switch (value) {
            case Yaml.Mapping mapping -> mapping.kind();
            case Yaml.Sequence list -> list.kind();
            case Yaml.Scalar scalar ->
                    switch (scalar.type()) {
                        case NOTHING -> "nothing; give it a value or remove the key";
                        case TEXT -> quote(scalar.text());
                        case WHOLE, FRACTION -> "the number " + printable(scalar.text());
                        case TRUTH -> "the truth value " + printable(scalar.text());
                    };
        };
    }

    static String printable(String text) {
        var line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "...";
    }
}
