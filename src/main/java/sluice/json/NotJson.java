package sluice.json;

import org.jspecify.annotations.Nullable;

/// These bytes are not the JSON that was expected, and {@link #getMessage} says why in words for whoever sent them.
///
/// Checked, because only the reader knows whose fault it is: a caller's body is malformed, an upstream's is a broken
/// answer. It quotes at most one character of the document and names only fields that we govern, so it can be logged.
/// It has no stack trace: a refusal is an answer, not a surprise.
public final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String param;

    private NotJson(String message, @Nullable String param) {
        super(message, null, false, false);
        this.param = param;
    }

    /// The message, which is never missing here.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /// The governed field at fault, as a path from the top of the document, when there is one.
    public @Nullable String param() {
        return param;
    }

    /// A refusal of the whole document.
    public static NotJson because(String sentence) {
        return new NotJson(sentence, null);
    }

    /// {@code where} counts bytes from the start of the document.
    static NotJson syntax(int where, String problem) {
        return new NotJson(
                "The body is not valid JSON: at byte " + where + ", " + problem + ".", null);
    }

    public static NotJson field(String path, String problem) {
        return new NotJson("The field '" + path + "' " + problem + ".", path);
    }
}
