package sluice.upstream.databricks;

import java.nio.charset.StandardCharsets;

/// A text as one segment of a path, or one value of a query: everything but letters, digits, {@code
/// - _ . ~} is percent-encoded, the slash too, so that no name can lead to another interface of the
/// workspace under our credential (facts/databricks.md section 1.2).
final class PathSegment {
    private PathSegment() {}

    static String encoded(String text) {
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return encoded.toString();
    }

    /// Whether a path means what it says with this segment in it: dots alone would lead upwards.
    static boolean isSafe(String text) {
        return !text.isEmpty() && !text.equals(".") && !text.equals("..");
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~';
    }
}
