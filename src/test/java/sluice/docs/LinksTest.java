package sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whoever follows a link from one page to another, or to a source, arrives.
class LinksTest {

    @Test
    void everyLinkLeadsSomewhere() {
        var bench = Page.read(Path.of("bench/README.md"));
        var broken = new ArrayList<String>();
        for (var page : Stream.concat(Page.all().stream(), Stream.of(bench)).toList()) {
            for (var link : page.links()) {
                if (!link.matches("\\w+:.*") && !leadsSomewhere(page, link)) {
                    broken.add(page.path() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Page page, String link) {
        int hash = link.indexOf('#');
        var path = hash < 0 ? link : link.substring(0, hash);
        var file = path.isEmpty() ? page.path() : page.path().resolveSibling(path).normalize();
        return Files.exists(file)
                && (hash < 0 || Page.read(file).anchors().contains(link.substring(hash + 1)));
    }
}
