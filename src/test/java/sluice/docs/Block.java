package sluice.docs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A fenced block of a page.
///
/// @param line where it opens, counted from 1
/// @param marks what stands behind the language
record Block(String page, int line, String language, List<String> marks, String text) {
    private static final Pattern FILE_NAME = Pattern.compile("(?:#|//) ([\\w-]+\\.\\w+)\n");

    Block {
        marks = List.copyOf(marks);
    }

    /// The name under which to save it, when its first line is a comment with a file's name.
    Optional<String> fileName() {
        var name = FILE_NAME.matcher(text);
        return name.lookingAt() ? Optional.of(name.group(1)) : Optional.empty();
    }

    @Override
    public String toString() {
        return page + ":" + line + " " + language;
    }
}
