package sluice.ledger;

import java.nio.charset.StandardCharsets;

/// Names as texts, those that came lately as the same texts again: a journal has the same few in every record. A name that
/// shares its place with another is made anew, so it never grows. Threads may race for a place; each of them gets its name.
final class RecentNames {
    private static final int PLACES = 1 << 12;

    private final String[] names = new String[PLACES];

    RecentNames() {
        java.util.Arrays.fill(names, "");
    }

    /// @param bytes UTF-8
    String name(byte[] bytes, int from, int length) {
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ hash >>> 16) & (PLACES - 1);
        var recent = names[place];
        if (isSame(recent, bytes, from, length)) {
            return recent;
        }
        var name = new String(bytes, from, length, StandardCharsets.UTF_8);
        names[place] = name;
        return name;
    }

    /// Names beyond ASCII have more bytes than letters and are made anew.
    private static boolean isSame(String name, byte[] bytes, int from, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
