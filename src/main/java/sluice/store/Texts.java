package sluice.store;

import org.jspecify.annotations.Nullable;

/// What texts can be kept. Both databases keep the same ones, so that a store can be moved: PostgreSQL has no NUL, half a
/// surrogate pair is not UTF-8, and an index takes about 2,700 bytes.
final class Texts {
    static final int LONGEST_NAME = 512;
    static final int LONGEST_KIND = 64;
    static final int LONGEST_DOCUMENT = 262_144;

    private Texts() {}

    static void checkKind(String kind) {
        check("the kind of an object", kind, 1, LONGEST_KIND);
    }

    static void checkName(String what, String name) {
        check(what, name, 1, LONGEST_NAME);
    }

    /// A name that may be missing or empty.
    static void checkOptional(String what, @Nullable String name) {
        if (name != null) {
            check(what, name, 0, LONGEST_NAME);
        }
    }

    static void checkDocument(String what, String document) {
        check("the document of " + what, document, 0, LONGEST_DOCUMENT);
    }

    /// Whether a name could be there at all.
    static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && isText(name);
    }

    /// A name as it is kept in a roll-up. Calls that were made must be booked whatever they were called, so a name that
    /// cannot be kept is cut and mended.
    static String booked(String name) {
        if (isName(name)) {
            return name;
        }
        int length = Math.min(name.length(), LONGEST_NAME);
        var mended = new StringBuilder(length);
        for (int at = 0; at < length; at++) {
            char next = name.charAt(at);
            boolean pair =
                    Character.isHighSurrogate(next)
                            && at + 1 < length
                            && Character.isLowSurrogate(name.charAt(at + 1));
            if (pair) {
                mended.append(next).append(name.charAt(++at));
            } else {
                mended.append(next == 0 || Character.isSurrogate(next) ? '\uFFFD' : next);
            }
        }
        return mended.toString();
    }

    private static void check(String what, String text, int shortest, int longest) {
        if (text.length() < shortest) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        if (text.length() > longest) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters, at most " + longest + " fit");
        }
        if (!isText(text)) {
            throw new IllegalArgumentException(
                    what + " must not hold NUL or half a surrogate pair");
        }
    }

    private static boolean isText(String text) {
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == 0 || Character.isLowSurrogate(next)) {
                return false;
            }
            if (Character.isHighSurrogate(next)) {
                at++;
                if (at == text.length() || !Character.isLowSurrogate(text.charAt(at))) {
                    return false;
                }
            }
        }
        return true;
    }
}
