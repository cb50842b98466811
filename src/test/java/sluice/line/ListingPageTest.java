package sluice.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.call.CallFailed;
import sluice.protocol.openai.ModelList;

/// Pages of the list of models.
class ListingPageTest {
    private static final List<ModelList.Row> ROWS =
            List.of(row("t/a"), row("t/b"), row("t/c"), row("t/d"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | t/a t/b t/c t/d | false",
                "beta=true&x | t/a t/b t/c t/d | false",
                "limit=1000 | t/a t/b t/c t/d | false",
                "limit=3 | t/a t/b t/c | true",
                "limit=2&after_id=t%2Fb | t/c t/d | false",
                "limit=1&after_id=t/b | t/c | true",
                "limit=2&before_id=t/d | t/b t/c | true",
                "before_id=t/c | t/a t/b | false",
                "limit=2&after_id=t/bb | t/c t/d | false",
                "after_id=t/d | '' | false",
            })
    void aPageIsThePartThatWasAskedFor(String query, String ids, boolean more) {
        var page = ListingPage.parse(query);
        var shown = page.of(ROWS);

        assertThat(String.join(" ", shown.stream().map(ModelList.Row::id).toList())).isEqualTo(ids);
        assertThat(page.goesOn(ROWS, shown)).isEqualTo(more);
    }

    @ParameterizedTest
    @CsvSource({"limit=0", "limit=", "limit=many", "after_id=%zz", "after_id=a&before_id=b"})
    void whatCannotBeAPageIsRefused(String query) {
        assertThatThrownBy(() -> ListingPage.parse(query)).isInstanceOf(CallFailed.class);
    }

    private static ModelList.Row row(String id) {
        return new ModelList.Row(id, "t");
    }
}
