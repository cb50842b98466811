package sluice.translate;

import java.util.List;
import sluice.call.Bytes;

/// Events as they go to the caller.
final class Sse {
    private static final Bytes DATA = Bytes.utf8("data: ");
    private static final Bytes END = Bytes.utf8("\n\n");

    private Sse() {}

    /// What stands before the data of an event with this name.
    static Bytes head(String name) {
        return Bytes.utf8("event: " + name + "\ndata: ");
    }

    static Bytes data(Bytes json) {
        return event(DATA, json);
    }

    /// @param json one line; copied
    static Bytes event(Bytes head, Bytes json) {
        return joined(List.of(head, json, END));
    }

    static Bytes joined(List<Bytes> pieces) {
        int length = 0;
        for (var piece : pieces) {
            length += piece.length();
        }
        var whole = new byte[length];
        int at = 0;
        for (var piece : pieces) {
            System.arraycopy(piece.array(), piece.from(), whole, at, piece.length());
            at += piece.length();
        }
        return Bytes.of(whole);
    }
}
