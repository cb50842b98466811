package sluice.simulator;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A part of a list, and the token that leads to the next one; empty at the end.
record Page<T>(List<T> rows, String next) {

    /// The rows from where {@code token} says; a token that was never given out starts over.
    static <T> Page<T> of(List<T> all, int size, String token) {
        int from = Math.min(offset(token), all.size());
        int to = Math.min(all.size(), from + size);
        return new Page<>(all.subList(from, to), to < all.size() ? "page-" + to : "");
    }

    Map<String, @Nullable Object> json(String name) {
        var json = Json.object(name, rows);
        if (!next.isEmpty()) {
            json.put("next_page_token", next);
        }
        return json;
    }

    private static int offset(String token) {
        return token.matches("page-[0-9]{1,6}") ? Integer.parseInt(token.substring(5)) : 0;
    }
}
