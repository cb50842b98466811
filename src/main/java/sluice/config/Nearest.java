package sluice.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The known name that somebody probably meant.
final class Nearest {
    private static final int MAX_LENGTH = 64;

    private Nearest() {}

    static Optional<String> to(String received, Collection<String> known) {
        if (received.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> distance(received, name) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt(name -> distance(received, name)));
    }

    /// Edits between two names: insert, remove, replace, or swap two neighbours.
    private static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            rows[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            rows[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                rows[i][j] = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[a.length()][b.length()];
    }
}
