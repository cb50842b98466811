package sluice.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import sluice.call.Bytes;

/// One governed field of a scanned document. Its value is still bytes; the readers below say no in the caller's words
/// when it is of another kind.
public final class Field {
    private static final int LONGEST_NUMBER = 64;

    /// An array of more is refused where its elements are wanted one by one: they may be two bytes each and take fifty.
    static final int MOST_ELEMENTS = 100_000;

    private final Fields fields;
    private final int index;

    Field(Fields fields, int index) {
        this.fields = fields;
        this.index = index;
    }

    public String name() {
        return fields.governed().name(index);
    }

    public Kind kind() {
        return Kind.startingWith(array()[from()]);
    }

    /// The value as it is written, quotes included.
    public Bytes value() {
        return Bytes.of(array(), from(), to());
    }

    /// The name and the value as they are written, without a comma.
    public Bytes member() {
        return Bytes.of(array(), fields.place(index, Fields.NAME), to());
    }

    /// The text of a string, its escapes resolved.
    public String string() throws NotJson {
        expect(Kind.STRING);
        return Quoted.read(array(), from() + 1, to() - 1);
    }

    /// A number without a fraction that fits a long, however it is written: 4, 4.0 and 4e0 are the same.
    public long asLong() throws NotJson {
        expect(Kind.NUMBER);
        int length = to() - from();
        if (length <= 18 && isDigits()) {
            return digits();
        }
        if (length <= LONGEST_NUMBER) {
            try {
                return new BigDecimal(value().utf8()).longValueExact();
            } catch (ArithmeticException | NumberFormatException fractionOrTooLarge) {
                // said below
            }
        }
        throw NotJson.field(fields.path(index), "must be a whole number of at most 64 bits");
    }

    public boolean asBoolean() throws NotJson {
        return switch (kind()) {
            case TRUE -> true;
            case FALSE -> false;
            case STRING, NUMBER, OBJECT, ARRAY, NULL -> throw wrongKind("true or false");
        };
    }

    /// The fields of an object. They are found by a scan of their own, over this value only.
    public Fields object(Governed governed, Limits limits) throws NotJson {
        expect(Kind.OBJECT);
        return Fields.scan(value(), governed, limits, fields.path(index));
    }

    /// The fields of the first element of an array, which is not empty and whose first element is an object.
    public Fields first(Governed governed, Limits limits) throws NotJson {
        expect(Kind.ARRAY);
        int start = firstInside();
        var scanner = new Scanner(array(), start, to(), limits.maxDepth());
        if (array()[start] != '{') {
            throw NotJson.field(fields.path(index) + "[0]", "must be an object");
        }
        var element = Bytes.of(array(), start, scanner.value(start));
        return Fields.scan(element, governed, limits, fields.path(index) + "[0]");
    }

    /// The elements of an array, each as it is written; at most a hundred thousand.
    public List<Bytes> elements() throws NotJson {
        return elements(MOST_ELEMENTS);
    }

    /// The elements of an array, each as it is written.
    ///
    /// @throws NotJson when there are more than {@code most}; those behind are not looked at
    public List<Bytes> elements(int most) throws NotJson {
        expect(Kind.ARRAY);
        var elements = new ArrayList<Bytes>();
        var scanner = new Scanner(array(), from() + 1, to(), Limits.DEFAULT.maxDepth());
        int end = to() - 1;
        for (int i = firstInside(); i < end; ) {
            if (elements.size() == most) {
                throw NotJson.field(fields.path(index), "may have at most " + most + " elements");
            }
            int behind = scanner.value(i);
            elements.add(Bytes.of(array(), i, behind));
            i = scanner.space(behind);
            i = i < end ? scanner.space(i + 1) : i;
        }
        return elements;
    }

    /// An array, object or string with nothing in it.
    public boolean isEmpty() {
        int end = to() - 1;
        return switch (kind()) {
            case STRING -> end == from() + 1;
            case ARRAY, OBJECT -> firstInside() == end;
            case NUMBER, TRUE, FALSE, NULL -> false;
        };
    }

    private int firstInside() {
        int i = from() + 1;
        while (array()[i] <= ' ' && array()[i] >= 0) {
            i++;
        }
        return i;
    }

    private void expect(Kind expected) throws NotJson {
        if (kind() != expected) {
            throw wrongKind(expected.words());
        }
    }

    private NotJson wrongKind(String expected) {
        return NotJson.field(fields.path(index), "must be " + expected + ", got " + kind().words());
    }

    private boolean isDigits() {
        for (int i = from(); i < to(); i++) {
            if (array()[i] < '0' || array()[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private long digits() {
        long number = 0;
        for (int i = from(); i < to(); i++) {
            number = number * 10 + array()[i] - '0';
        }
        return number;
    }

    private byte[] array() {
        return fields.document().array();
    }

    private int from() {
        return fields.place(index, Fields.VALUE);
    }

    private int to() {
        return fields.place(index, Fields.VALUE_END);
    }
}
