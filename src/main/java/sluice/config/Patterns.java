package sluice.config;

import java.util.List;
import java.util.regex.Pattern;

/// Patterns of models, where {@code *} stands for anything.
final class Patterns {
    static final Shape<List<String>> SHAPE =
            new ListOf<>(
                    new Text(
                            "a pattern of models, such as * or <target>/* (1 to 256 printable"
                                    + " characters without spaces)",
                            Pattern.compile("[!-~]{1,256}")),
                    1000,
                    "");

    private Patterns() {}
}
