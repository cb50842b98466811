package sluice.call;

import java.util.List;

/// Which models a key may use: patterns over {@code target/model} and over the names of virtual models, where {@code *}
/// stands for any run of characters. No pattern allows nothing; {@code *} alone allows all.
public record ModelPatterns(List<String> patterns) {
    public static final ModelPatterns NOTHING = new ModelPatterns(List.of());

    public ModelPatterns {
        patterns = List.copyOf(patterns);
    }

    /// A pattern without a slash is compared with the model's own name alone, or with a virtual model's. What a virtual
    /// model leads to is granted with its name.
    public boolean permit(Meaning meaning) {
        return switch (meaning) {
            case ModelName name -> permit(name.model(), name.text());
            case VirtualName name -> permit(name.text(), name.text());
        };
    }

    private boolean permit(String bare, String whole) {
        for (var pattern : patterns) {
            if (pattern.equals("*") || matches(pattern, pattern.indexOf('/') < 0 ? bare : whole)) {
                return true;
            }
        }
        return false;
    }

    /// Greedy with one remembered star: linear in practice and never exponential.
    private static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
