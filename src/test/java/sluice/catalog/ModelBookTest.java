package sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sluice.call.ModelFamily;
import sluice.call.ModelTraits;

class ModelBookTest {
    @Test
    void aModelIsTheSameWhicheverPlaceNamesIt() {
        var book = book(family("opus", 7, "claude-opus-4-6*"));

        for (var name :
                List.of(
                        "claude-opus-4-6",
                        "claude-opus-4.6",
                        "databricks-claude-opus-4-6",
                        "system.ai.claude-opus-4-6",
                        "Claude-Opus-4-6-20260101")) {
            assertThat(book.traits(name)).as(name).isEqualTo(traits(7));
        }
        assertThat(book.traits("my-claude-opus-4-6")).isEqualTo(ModelTraits.UNKNOWN);
    }

    @Test
    void theLongestNameThatFitsCountsWhateverTheOrder() {
        var families =
                List.of(
                        family("any", 1, "*"),
                        family("gpt", 2, "gpt-*"),
                        family("mini", 3, "gpt-5-4-mini*"),
                        family("five", 4, "gpt-5-4*"));

        for (var book : List.of(ModelBook.of(families), ModelBook.of(families.reversed()))) {
            assertThat(book.traits("gpt-5.4-mini-2026")).isEqualTo(traits(3));
            assertThat(book.traits("gpt-5-4-nano")).isEqualTo(traits(4));
            assertThat(book.traits("databricks-gpt-oss-20b")).isEqualTo(traits(2));
            assertThat(book.traits("dbrx")).isEqualTo(traits(1));
        }
    }

    @Test
    void aWholeNameGoesBeforeABeginning() {
        var book =
                book(family("beginning", 1, "claude-opus-4*"), family("whole", 2, "claude-opus-4"));

        assertThat(book.traits("claude-opus-4")).isEqualTo(traits(2));
        assertThat(book.traits("claude-opus-4-1")).isEqualTo(traits(1));
    }

    @Test
    void ofTwoFamiliesWithOneNameTheFirstCounts() {
        var book = book(family("a", 1, "m*", "n"), family("b", 2, "m*", "n"));

        assertThat(book.traits("m1")).isEqualTo(traits(1));
        assertThat(book.traits("n")).isEqualTo(traits(1));
    }

    /// More than it keeps.
    @Test
    void anyNumberOfNamesIsAnswered() {
        var book = book(family("a", 1, "even-*"));

        IntStream.range(0, 10_000)
                .forEach(i -> {
                    assertThat(book.traits("even-" + i)).isEqualTo(traits(1));
                    assertThat(book.traits("odd-" + i)).isEqualTo(ModelTraits.UNKNOWN);
                });
        assertThat(book.traits("even-9999")).isEqualTo(traits(1));
    }

    private static ModelBook book(ModelFamily... families) {
        return ModelBook.of(List.of(families));
    }

    private static ModelFamily family(String id, long context, String... names) {
        return new ModelFamily(id, List.of(names), traits(context));
    }

    private static ModelTraits traits(long context) {
        return new ModelTraits(context, 1, true, ModelTraits.Reasoning.NONE, false, false, false);
    }
}
