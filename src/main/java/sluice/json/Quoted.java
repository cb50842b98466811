package sluice.json;

import java.nio.charset.StandardCharsets;

/// What stands between the quotes of a JSON string that has been scanned, read as Java text.
final class Quoted {
    private Quoted() {}

    static boolean hasEscapes(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /// Escaped surrogates stay as they are written, even without their other half: the grammar allows them.
    static String read(byte[] array, int from, int to) {
        var written = new String(array, from, to - from, StandardCharsets.UTF_8);
        int escape = written.indexOf('\\');
        if (escape < 0) {
            return written;
        }
        var text = new StringBuilder(written.length());
        int done = 0;
        while (escape >= 0) {
            text.append(written, done, escape);
            char letter = written.charAt(escape + 1);
            if (letter == 'u') {
                done = escape + 6;
                text.append((char) Integer.parseInt(written, escape + 2, done, 16));
            } else {
                done = escape + 2;
                text.append(meaning(letter));
            }
            escape = written.indexOf('\\', done);
        }
        return text.append(written, done, written.length()).toString();
    }

    private static char meaning(char letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
