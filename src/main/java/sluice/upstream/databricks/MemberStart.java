package sluice.upstream.databricks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sluice.call.Bytes;

/// A search for a member of that name whose value begins so, anywhere in a document, in one pass without reading it.
/// Text inside a JSON string is never taken for one, since its quotes are escaped.
final class MemberStart {
    private final byte[] name;
    private final byte[] value;

    MemberStart(String name, String value) {
        this.name = ('"' + name + '"').getBytes(StandardCharsets.UTF_8);
        this.value = value.getBytes(StandardCharsets.UTF_8);
    }

    boolean isIn(Bytes document) {
        byte[] array = document.array();
        int last = document.to() - name.length - value.length;
        for (int i = Quotes.next(array, document.from(), last);
                i < last;
                i = Quotes.next(array, i + 1, last)) {
            if (array[i + 1] == name[1] && isHere(array, i, document.to())) {
                return true;
            }
        }
        return false;
    }

    private boolean isHere(byte[] array, int from, int to) {
        if (!Arrays.equals(array, from, from + name.length, name, 0, name.length)) {
            return false;
        }
        int i = space(array, from + name.length, to);
        if (i >= to || array[i] != ':') {
            return false;
        }
        i = space(array, i + 1, to);
        return to - i >= value.length
                && Arrays.equals(array, i, i + value.length, value, 0, value.length);
    }

    private static int space(byte[] array, int from, int to) {
        int i = from;
        while (i < to
                && (array[i] == ' ' || array[i] == '\n' || array[i] == '\r' || array[i] == '\t')) {
            i++;
        }
        return i;
    }
}
