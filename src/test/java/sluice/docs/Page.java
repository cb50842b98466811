package sluice.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of the documentation: its fenced blocks, its headings and its links.
record Page(Path path, List<Block> blocks, List<String> anchors, List<String> links) {
    private static final String FENCE = "```";
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");

    Page {
        blocks = List.copyOf(blocks);
        anchors = List.copyOf(anchors);
        links = List.copyOf(links);
    }

    /// The pages at the root and in {@code docs}.
    static List<Page> all() {
        try (var root = Files.list(Path.of(""));
                var docs = Files.list(Path.of("docs"))) {
            return Stream.concat(root, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .map(Page::read)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Page read(Path path) {
        var blocks = new ArrayList<Block>();
        var anchors = new ArrayList<String>();
        var links = new ArrayList<String>();
        var lines = lines(path);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.startsWith(FENCE)) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf(FENCE);
                if (end == i) {
                    throw new AssertionError(path + ":" + (i + 1) + ": this block never ends");
                }
                blocks.add(block(path, i, line, lines.subList(i + 1, end)));
                i = end;
                continue;
            }
            var heading = HEADING.matcher(line);
            if (heading.matches()) {
                anchors.add(anchor(heading.group(1)));
            }
            var prose = CODE.matcher(line).replaceAll("code");
            LINK.matcher(prose).results().forEach(link -> links.add(link.group(1)));
        }
        return new Page(path, blocks, anchors, links);
    }

    private static Block block(Path path, int index, String fence, List<String> lines) {
        var words = List.of(fence.substring(FENCE.length()).strip().split(" +"));
        return new Block(
                path.toString(),
                index + 1,
                words.getFirst(),
                words.subList(1, words.size()),
                String.join("\n", lines) + "\n");
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// As GitHub makes them.
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{Alnum} _-]", "")
                .replace(' ', '-');
    }
}
