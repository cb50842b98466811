package sluice.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;

/// A scanned document with some governed fields set or removed, and every other byte as it came.
///
/// ```java
/// var sent = Splice.of(fields).put("model", "gpt-4.1").remove("user").pieces();
/// ```
///
/// Setting a field that the document has replaces its value in place; setting one that it lacks adds it. When a field
/// is edited twice the last edit holds. Only governed fields can be set: of any other name nobody knows whether the
/// document has it already. Nothing is copied: the untouched parts are views of the document.
public final class Splice {
    private final Fields fields;
    private final Governed governed;

    /// By index, what each edited field becomes; no bytes at all stand for removal.
    private final @Nullable Bytes[] values;

    /// The fields that the document lacks.
    private final List<Integer> added = new ArrayList<>(0);

    private Splice(Fields fields) {
        this.fields = fields;
        this.governed = fields.governed();
        this.values = new Bytes[governed.size()];
    }

    public static Splice of(Fields fields) {
        return new Splice(fields);
    }

    public Splice put(String name, String text) {
        return put(name, JsonText.quoted(text));
    }

    public Splice put(String name, long number) {
        return put(name, Bytes.utf8(Long.toString(number)));
    }

    public Splice put(String name, boolean truth) {
        return put(name, Bytes.utf8(Boolean.toString(truth)));
    }

    /// {@code json} is valid JSON already. A field that the document lacks becomes the last one.
    public Splice put(String name, Bytes json) {
        return put(governed.index(name), json);
    }

    /// Does nothing when the document has no such field.
    public Splice remove(String name) {
        int index = governed.index(name);
        values[index] = fields.has(index) ? Bytes.EMPTY : null;
        added.remove(Integer.valueOf(index));
        return this;
    }

    /// The edited document.
    public Pieces pieces() {
        var pieces = new Walk();
        for (int index : editedInOrder()) {
            pieces.edit(index, Objects.requireNonNull(values[index]));
        }
        pieces.insert(added, fields.lastEnd(), fields.count() > removedFields());
        pieces.copyTo(fields.document().to());
        return new Pieces(pieces.inOrder, pieces.length);
    }

    private Splice put(int index, Bytes json) {
        if (json.isEmpty()) {
            throw new IllegalArgumentException(
                    "no bytes are no value for '" + governed.name(index) + "'; remove it instead");
        }
        values[index] = json;
        if (!fields.has(index) && !added.contains(index)) {
            added.add(index);
        }
        return this;
    }

    private int removedFields() {
        int count = 0;
        for (var value : values) {
            if (value != null && value.isEmpty()) {
                count++;
            }
        }
        return count;
    }

    /// The edited fields that the document has, in the document's order. They are few.
    private int[] editedInOrder() {
        var edited = new int[values.length];
        int count = 0;
        for (int index = 0; index < values.length; index++) {
            if (values[index] != null && fields.has(index)) {
                int at = count++;
                for (; at > 0 && name(edited[at - 1]) > name(index); at--) {
                    edited[at] = edited[at - 1];
                }
                edited[at] = index;
            }
        }
        return Arrays.copyOf(edited, count);
    }

    private int name(int index) {
        return fields.place(index, Fields.NAME);
    }

    /// Goes once over the document, from left to right.
    private final class Walk {
        private final List<Bytes> inOrder = new ArrayList<>();
        private long length;
        private int at = fields.document().from();

        /// The name behind the removed fields that lead the object, if the walk is still among them.
        private int leading;

        void edit(int index, Bytes value) {
            int end = fields.place(index, Fields.VALUE_END);
            if (!value.isEmpty()) {
                copyTo(fields.place(index, Fields.VALUE));
                add(value);
                at = end;
                return;
            }
            int comma = fields.place(index, Fields.COMMA);
            int next = fields.place(index, Fields.NEXT);
            if (comma == 0 || name(index) == leading) {
                copyTo(name(index));
                at = next == 0 ? end : next;
                leading = next;
            } else {
                copyTo(comma);
                at = end;
            }
        }

        void insert(List<Integer> indexes, int where, boolean behindOthers) {
            boolean comma = behindOthers;
            for (int index : indexes) {
                copyTo(where);
                var label = governed.label(index);
                add(comma ? label : label.slice(1, label.length()));
                add(Objects.requireNonNull(values[index]));
                comma = true;
            }
        }

        void add(Bytes piece) {
            inOrder.add(piece);
            length += piece.length();
        }

        void copyTo(int end) {
            if (end > at) {
                add(Bytes.of(fields.document().array(), at, end));
                at = end;
            }
        }
    }
}
