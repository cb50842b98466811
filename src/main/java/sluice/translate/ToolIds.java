package sluice.translate;

/// Ids of tool calls in Messages hold letters, digits, dashes and underscores only; other dialects take any text.
final class ToolIds {
    private ToolIds() {}

    /// The same text always becomes the same id, so that a call and its result still match.
    static String legal(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!isLegal(id.charAt(i))) {
                return replaced(id);
            }
        }
        return id;
    }

    private static String replaced(String id) {
        var legal = new StringBuilder(id);
        for (int i = 0; i < id.length(); i++) {
            if (!isLegal(id.charAt(i))) {
                legal.setCharAt(i, '_');
            }
        }
        return legal.toString();
    }

    private static boolean isLegal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-';
    }
}
