package sluice.upstream.databricks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import sluice.call.Bytes;

/// A search for quoted names in a document, in one pass without reading it. It may find one where none is meant, inside
/// a string that was cut from JSON; it misses none but those that are spelt with escapes.
final class Mention {
    private final byte[][] names;

    /// By the first byte of a name, whether there is one.
    private final boolean[] first = new boolean[256];

    private Mention(byte[][] names) {
        this.names = names;
        for (var name : names) {
            first[name[0] & 0xff] = true;
        }
    }

    static Mention of(String... names) {
        return of(Arrays.asList(names));
    }

    static Mention of(Collection<String> names) {
        return new Mention(
                names.stream()
                        .map(name -> (name + '"').getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new));
    }

    boolean isIn(Bytes document) {
        return count(document, 1) == 1;
    }

    boolean isTwiceIn(Bytes document) {
        return count(document, 2) == 2;
    }

    private int count(Bytes document, int most) {
        int count = 0;
        byte[] array = document.array();
        int last = document.to() - 1;
        for (int i = Quotes.next(array, document.from(), last);
                i < last;
                i = Quotes.next(array, i + 1, last)) {
            if (first[array[i + 1] & 0xff]
                    && isName(array, i + 1, document.to())
                    && ++count == most) {
                return count;
            }
        }
        return count;
    }

    private boolean isName(byte[] array, int from, int to) {
        for (var name : names) {
            if (to - from >= name.length
                    && Arrays.equals(array, from, from + name.length, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }
}
