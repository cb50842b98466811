package sluice.line;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.protocol.openai.ModelList;

/// Which part of the list of models a caller wants, in the words of Anthropic's pages (facts/llm-protocols.md section
/// 6). The list is in the order of its ids, so a page also begins where a model stood that is gone by now. Without
/// {@code limit} it is the whole list, which is what OpenAI's clients expect; parameters that are not known are passed
/// over.
///
/// @param limit the most rows
/// @param after only rows behind this id
/// @param before only rows before this id: the last of them
record ListingPage(int limit, @Nullable String after, @Nullable String before) {
    private static final int MAX_QUERY = 2_048;

    /// @param query what stands behind the question mark, empty when nothing does
    static ListingPage parse(String query) {
        if (query.length() > MAX_QUERY) {
            throw refused("query", "must not be longer than " + MAX_QUERY + " characters");
        }
        int limit = Integer.MAX_VALUE;
        String after = null;
        String before = null;
        for (var pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            var value = equals < 0 ? "" : pair.substring(equals + 1);
            switch (equals < 0 ? pair : pair.substring(0, equals)) {
                case "limit" -> limit = number(value);
                case "after_id" -> after = id("after_id", value);
                case "before_id" -> before = id("before_id", value);
                default -> {
                    // Agents and kits add what they like.
                }
            }
        }
        if (after != null && before != null) {
            throw refused("before_id", "cannot be given beside after_id");
        }
        return new ListingPage(limit, after, before);
    }

    /// @param rows all of them, in the order of their ids
    List<ModelList.Row> of(List<ModelList.Row> rows) {
        var within = rows.stream().filter(row -> isWithin(row.id())).toList();
        int count = Math.min(limit, within.size());
        return before == null
                ? within.subList(0, count)
                : within.subList(within.size() - count, within.size());
    }

    /// Whether more rows follow in the direction that was asked for.
    boolean goesOn(List<ModelList.Row> rows, List<ModelList.Row> shown) {
        return rows.stream().filter(row -> isWithin(row.id())).count() > shown.size();
    }

    private boolean isWithin(String id) {
        return (after == null || id.compareTo(after) > 0)
                && (before == null || id.compareTo(before) < 0);
    }

    private static int number(String value) {
        try {
            int limit = Integer.parseInt(value);
            if (limit > 0) {
                return limit;
            }
        } catch (NumberFormatException not) {
            // said below
        }
        throw refused("limit", "must be a whole number of at least 1");
    }

    private static String id(String name, String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException not) {
            throw refused(name, "is not percent-encoded as it must be");
        }
    }

    private static RuntimeException refused(String name, String why) {
        return new Failure.Malformed("The parameter '" + name + "' " + why + ".", name)
                .asException();
    }
}
