package sluice.upstream;

import java.util.Iterator;
import java.util.NoSuchElementException;
import sluice.call.Bytes;
import sluice.json.Pieces;

/// The pieces of a body, cut so that none is larger than {@code size}.
final class Parts implements Iterator<Bytes> {
    private final Iterator<Bytes> pieces;
    private final int size;
    private Bytes rest = Bytes.EMPTY;

    Parts(Pieces body, int size) {
        this.pieces = body.inOrder().iterator();
        this.size = size;
    }

    @Override
    public boolean hasNext() {
        while (rest.isEmpty() && pieces.hasNext()) {
            rest = pieces.next();
        }
        return !rest.isEmpty();
    }

    @Override
    public Bytes next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int length = Math.min(size, rest.length());
        var part = rest.slice(0, length);
        rest = rest.slice(length, rest.length());
        return part;
    }
}
