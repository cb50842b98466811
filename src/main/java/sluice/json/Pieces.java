package sluice.json;

import java.util.List;
import sluice.call.Bytes;

/// An edited document as the parts that make it up, in order: most are views of the original. Written one behind the
/// other they are {@code length} bytes.
public record Pieces(List<Bytes> inOrder, long length) {
    public Pieces {
        inOrder = List.copyOf(inOrder);
    }

    /// One copy of everything, for whoever needs the document whole.
    public Bytes joined() {
        var whole = new byte[Math.toIntExact(length)];
        int at = 0;
        for (var piece : inOrder) {
            System.arraycopy(piece.array(), piece.from(), whole, at, piece.length());
            at += piece.length();
        }
        return Bytes.of(whole);
    }
}
