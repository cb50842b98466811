package sluice.json;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;

/// Where the governed top-level fields of a JSON object lie. Having one proves that the whole document is valid JSON,
/// valid UTF-8 and within its limits, and that no governed field stands in it twice.
///
/// ```java
/// static final Governed CHAT = Governed.of("model", "stream");
///
/// var fields = Fields.scan(body, CHAT, Limits.DEFAULT);
/// var model = fields.find("model"); // null when the document has none
/// ```
public final class Fields {
    /// What is kept of each governed field, all as offsets into the array; zero stands for "none", since a document's
    /// first byte is its brace.
    static final int COMMA = 0; // the one before it; none before the first field

    static final int NAME = 1; // the opening quote
    static final int VALUE = 2; // its first byte; none when the document lacks the field
    static final int VALUE_END = 3;
    static final int NEXT = 4; // the name of the field that follows; none behind the last
    private static final int PLACES = 5;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Bytes document;
    private final Governed governed;
    private final @Nullable String path;
    private final int[] places;
    private int open;
    private int count;
    private int lastEnd;

    private Fields(Bytes document, Governed governed, @Nullable String path) {
        this.document = document;
        this.governed = governed;
        this.path = path;
        this.places = new int[governed.size() * PLACES];
    }

    public static Fields scan(Bytes document, Governed governed, Limits limits) throws NotJson {
        return scan(document, governed, limits, null);
    }

    /// {@code path} names the document when it is itself the value of a field.
    static Fields scan(Bytes document, Governed governed, Limits limits, @Nullable String path)
            throws NotJson {
        if (document.length() > limits.maxBytes()) {
            throw NotJson.because(
                    "The body has "
                            + document.length()
                            + " bytes; the limit is "
                            + limits.maxBytes()
                            + ".");
        }
        var fields = new Fields(document, governed, path);
        fields.read(
                new Scanner(document.array(), document.from(), document.to(), limits.maxDepth()),
                limits.maxFields());
        return fields;
    }

    /// The field, or null when the document has none of that name.
    public @Nullable Field find(String name) {
        return find(governed.index(name));
    }

    /// The same by the index of its name in {@link Governed}.
    public @Nullable Field find(int index) {
        return has(index) ? new Field(this, index) : null;
    }

    public boolean has(String name) {
        return has(governed.index(name));
    }

    public boolean has(int index) {
        return place(index, VALUE) != 0;
    }

    /// How many fields the object has, governed or not.
    public int count() {
        return count;
    }

    public Bytes document() {
        return document;
    }

    Governed governed() {
        return governed;
    }

    int place(int index, int what) {
        return places[index * PLACES + what];
    }

    /// The offset of the opening brace in the array.
    int open() {
        return open;
    }

    /// The offset behind the last value in the array, or behind the opening brace when there is none.
    int lastEnd() {
        return lastEnd;
    }

    /// The name as a caller would look for it: from the top of the whole document.
    String path(int index) {
        return path == null ? governed.name(index) : path + "." + governed.name(index);
    }

    private void read(Scanner scanner, int maxFields) throws NotJson {
        open = scanner.space(document.from());
        if (scanner.at(open) != '{') {
            throw notAnObject(scanner);
        }
        lastEnd = open + 1;
        int first = scanner.space(open + 1);
        int close = scanner.at(first) == '}' ? first : members(scanner, first, maxFields);
        int rest = scanner.space(close + 1);
        if (rest < document.to()) {
            throw scanner.expected(rest, "nothing after the object");
        }
    }

    /// From the first name to the closing brace.
    private int members(Scanner scanner, int first, int maxFields) throws NotJson {
        byte[] array = document.array();
        int comma = 0;
        int before = -1; // the index of the field before, when governed
        int i = first;
        while (true) {
            if (++count > maxFields) {
                throw NotJson.because("The body has more than " + maxFields + " fields.");
            }
            int name = i;
            int nameEnd = scanner.name(name);
            int value = scanner.colon(nameEnd);
            int valueEnd = scanner.value(value);
            if (before >= 0) {
                places[before * PLACES + NEXT] = name;
            }
            before = governed.find(array, name + 1, nameEnd - 1);
            if (before >= 0) {
                keep(before, comma, name, value, valueEnd);
            } else {
                refuseLookalike(name + 1, nameEnd - 1);
            }
            lastEnd = valueEnd;
            comma = scanner.space(valueEnd);
            if (scanner.at(comma) == '}') {
                return comma;
            }
            if (scanner.at(comma) != ',') {
                throw scanner.expected(comma, "',' or '}'");
            }
            i = scanner.space(comma + 1);
        }
    }

    private void keep(int index, int comma, int name, int value, int valueEnd) throws NotJson {
        int base = index * PLACES;
        if (places[base + VALUE] != 0) {
            throw NotJson.field(path(index), "is given twice");
        }
        places[base + COMMA] = comma;
        places[base + NAME] = name;
        places[base + VALUE] = value;
        places[base + VALUE_END] = valueEnd;
    }

    private void refuseLookalike(int from, int to) throws NotJson {
        int other = governed.lookalike(document.array(), from, to);
        if (other >= 0) {
            throw NotJson.field(
                    path(other), "is given in another spelling; names are in lower case");
        }
    }

    private NotJson notAnObject(Scanner scanner) {
        int first = scanner.at(open);
        if (open == document.to()) {
            return NotJson.because("The body is empty; a JSON object was expected.");
        }
        if (startsWithByteOrderMark()) {
            return NotJson.because(
                    "The body begins with a byte order mark; send UTF-8 without one.");
        }
        return switch (first) {
            case '[' -> NotJson.because("The body is a JSON array; an object was expected.");
            case '"' -> NotJson.because("The body is a JSON string; an object was expected.");
            default -> scanner.expected(open, "'{'");
        };
    }

    private boolean startsWithByteOrderMark() {
        return document.length() >= 3 && document.slice(0, 3).equals(Bytes.of(BYTE_ORDER_MARK));
    }
}
