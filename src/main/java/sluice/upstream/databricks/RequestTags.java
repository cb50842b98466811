package sluice.upstream.databricks;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The tags under which a workspace books a call, so that its own tables agree with our ledger (facts/databricks.md
/// sections 1.4 and 12.5): one header with a JSON object of strings.
public final class RequestTags {
    /// In lower case, as all headers that are sent along.
    public static final String HEADER = "databricks-ai-gateway-request-tags";

    private static final int MAX_TAGS = 16;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 256;

    private RequestTags() {}

    /// The header's value, printable ASCII only. Longer names and values are cut (64 and 256 characters), and of more
    /// than 16 tags the first by name are taken; an empty name or value is no tag.
    ///
    /// @return nothing when there is no tag
    public static Optional<String> of(Map<String, String> tags) {
        var text = new StringBuilder("{");
        int count = 0;
        for (var tag : new TreeMap<>(tags).entrySet()) {
            if (count == MAX_TAGS || tag.getKey().isEmpty() || tag.getValue().isEmpty()) {
                continue;
            }
            text.append(count++ == 0 ? "" : ",");
            quote(cut(tag.getKey(), MAX_NAME), text);
            text.append(':');
            quote(cut(tag.getValue(), MAX_VALUE), text);
        }
        return count == 0 ? Optional.empty() : Optional.of(text.append('}').toString());
    }

    /// No character is cut in two.
    private static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        boolean half = Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, half ? length - 1 : length);
    }

    private static void quote(String text, StringBuilder into) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                into.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                into.append(c);
            } else {
                into.append("\\u%04x".formatted((int) c));
            }
        }
        into.append('"');
    }
}
