package sluice.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.call.Bytes;

/// The top-level names that a scan looks for, prepared once and kept as a constant. Any other field of a document
/// passes unseen.
///
/// A field is asked for by its name, or faster by its index: the place of its name in {@link #of}.
public final class Governed {
    private final List<String> names;
    private final byte[][] spelt;
    private final Map<String, Integer> places = new HashMap<>();

    /// Which names have a given length in bytes.
    private final int[][] byLength;

    private final Bytes[] labels;

    private final boolean anyCase;

    private Governed(List<String> names, boolean anyCase) {
        this.names = names;
        this.anyCase = anyCase;
        this.spelt = new byte[names.size()][];
        this.labels = new Bytes[names.size()];
        int longest = 0;
        for (int index = 0; index < spelt.length; index++) {
            var name = names.get(index);
            places.put(name, index);
            spelt[index] = name.getBytes(StandardCharsets.UTF_8);
            labels[index] = Bytes.utf8("," + JsonText.quoted(name).utf8() + ":");
            longest = Math.max(longest, spelt[index].length);
        }
        this.byLength = new int[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            byLength[length] = ofLength(length);
        }
    }

    public static Governed of(String... names) {
        var distinct = List.of(names).stream().distinct().toList();
        if (distinct.size() != names.length) {
            throw new IllegalArgumentException(
                    "each governed name is given once, got " + Arrays.toString(names));
        }
        return new Governed(distinct, false);
    }

    /// The same names, but a document that spells one in another case is refused: some readers take {@code "Model"} for
    /// {@code "model"}, and what a target would follow must not pass here unseen.
    public Governed refusingOtherCase() {
        return new Governed(names, true);
    }

    /// Fails when the name is not governed: asking for it is a mistake in the code, not in the document.
    public int index(String name) {
        var index = places.get(name);
        if (index == null) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is not a governed field; these are: "
                            + String.join(", ", names));
        }
        return index;
    }

    public String name(int index) {
        return names.get(index);
    }

    public int size() {
        return spelt.length;
    }

    /// The index of the name written between two quotes, or -1. The bytes have been scanned; a name spelt with escapes
    /// is the same name.
    int find(byte[] array, int from, int to) {
        int length = to - from;
        if (length < byLength.length) {
            for (int index : byLength[length]) {
                if (Arrays.equals(array, from, to, spelt[index], 0, length)) {
                    return index;
                }
            }
        }
        if (length <= 6 * byLength.length && Quoted.hasEscapes(array, from, to)) {
            return names.indexOf(Quoted.read(array, from, to));
        }
        return -1;
    }

    /// The index of the name that this one is in another case, when that is refused; else -1.
    int lookalike(byte[] array, int from, int to) {
        int length = to - from;
        if (!anyCase || length > 6 * byLength.length) {
            return -1;
        }
        boolean escaped = Quoted.hasEscapes(array, from, to);
        if (!escaped && (length >= byLength.length || byLength[length].length == 0)) {
            return -1;
        }
        var name = Quoted.read(array, from, to);
        for (int index = 0; index < spelt.length; index++) {
            if (names.get(index).equalsIgnoreCase(name)) {
                return index;
            }
        }
        return -1;
    }

    /// What stands before the value when a field is added to a document that has others: {@code ,"name":}.
    Bytes label(int index) {
        return labels[index];
    }

    private int[] ofLength(int length) {
        var found = new int[spelt.length];
        int count = 0;
        for (int index = 0; index < spelt.length; index++) {
            if (spelt[index].length == length) {
                found[count++] = index;
            }
        }
        return Arrays.copyOf(found, count);
    }
}
