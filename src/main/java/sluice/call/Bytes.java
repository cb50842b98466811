package sluice.call;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A view of some bytes of an array, from {@code from} (inclusive) to {@code to} (exclusive). Nobody writes into the
/// array while the call lasts that the view belongs to, so views are shared and never copied. Only what outlives its
/// call must be a {@link #copy}: the array of a large request body serves another one afterwards.
public final class Bytes {
    public static final Bytes EMPTY = of(new byte[0]);

    private final byte[] array;
    private final int from;
    private final int to;

    private Bytes(byte[] array, int from, int to) {
        if (from < 0 || to < from || to > array.length) {
            throw new IndexOutOfBoundsException(
                    "bytes " + from + " to " + to + " of an array of " + array.length);
        }
        this.array = array;
        this.from = from;
        this.to = to;
    }

    public static Bytes of(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    public static Bytes of(byte[] array, int from, int to) {
        return new Bytes(array, from, to);
    }

    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The backing array itself, for code that reads by offset; valid between {@link #from} and {@link #to} only.
    public byte[] array() {
        return array;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public int length() {
        return to - from;
    }

    public boolean isEmpty() {
        return from == to;
    }

    /// The part from {@code start} to {@code end}, both counted from the beginning of this view.
    public Bytes slice(int start, int end) {
        return new Bytes(array, from + start, from + end);
    }

    public String utf8() {
        return new String(array, from, to - from, StandardCharsets.UTF_8);
    }

    /// To be read in order, without a copy.
    public InputStream stream() {
        return new ByteArrayInputStream(array, from, to - from);
    }

    public byte[] copy() {
        return Arrays.copyOfRange(array, from, to);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(array, from, to, that.array, that.from, that.to);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /// The size only: these bytes may be a prompt.
    @Override
    public String toString() {
        return "(" + length() + " bytes)";
    }
}
