package sluice.json;

/// What a JSON value is, told by its first byte.
public enum Kind {
    STRING("a string"),
    NUMBER("a number"),
    OBJECT("an object"),
    ARRAY("an array"),
    TRUE("true"),
    FALSE("false"),
    NULL("null");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    /// As it stands in a sentence: "a string", "null".
    String words() {
        return words;
    }

    /// The byte must begin a value that has been scanned.
    static Kind startingWith(byte first) {
        return switch (first) {
            case '"' -> STRING;
            case '{' -> OBJECT;
            case '[' -> ARRAY;
            case 't' -> TRUE;
            case 'f' -> FALSE;
            case 'n' -> NULL;
            default -> NUMBER;
        };
    }
}
