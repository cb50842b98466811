package sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The architecture page draws the arrows that {@link ShapeTest} holds the code to.
class ArchitecturePageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| .+ \\| (.+) \\|$");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void itsTableOfPackagesIsTheOneThatIsTested() throws IOException {
        var drawn = new TreeMap<String, Set<String>>();
        ROW.matcher(Files.readString(Path.of("ARCHITECTURE.md")))
                .results()
                .forEach(row -> drawn.put(row.group(1), names(row.group(2))));

        var tested = new TreeMap<String, Set<String>>();
        ShapeTest.MAY_KNOW.forEach((name, known) -> tested.put(name, words(known)));
        assertThat(drawn).isEqualTo(tested);
    }

    private static Set<String> names(String cell) {
        return cell.equals("nobody")
                ? Set.of()
                : NAME.matcher(cell)
                        .results()
                        .map(name -> name.group(1))
                        .collect(Collectors.toSet());
    }

    private static Set<String> words(String known) {
        return known.isEmpty() ? Set.of() : Set.of(known.split(" ", -1));
    }
}
