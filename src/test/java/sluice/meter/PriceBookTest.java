package sluice.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.ModelName;
import sluice.call.Money;
import sluice.call.Price;
import sluice.call.Usage;

class PriceBookTest {
    private static final ModelName MODEL = new ModelName("main", "databricks-claude-opus-5");
    private static final Usage MILLION = Usage.of(1_000_000, 0);
    private static final Instant JULY = Instant.parse("2026-07-10T12:00:00Z");

    @Test
    void anUnknownPriceIsNothingAndNotZero() {
        var book = book(from("2026-06-01", 5));

        assertThat(book.cost(new ModelName("main", "somebody-elses"), MILLION, JULY)).isEmpty();
        assertThat(book.cost(MODEL, MILLION, Instant.parse("2026-05-31T23:59:59Z"))).isEmpty();
        assertThat(book.cost(MODEL, MILLION, JULY, "batch")).isEmpty();
        assertThat(book.cost(MODEL, Usage.NONE, JULY)).contains(Money.ZERO);
    }

    @Test
    void anOldCallKeepsItsOldPrice() {
        var book = book(from("2026-08-01", 4), from("2026-06-01", 5), from("2026-07-01", 6));

        assertThat(cost(book, "2026-06-30T23:59:59Z")).isEqualTo("5");
        assertThat(cost(book, "2026-07-01T00:00:00Z")).isEqualTo("6");
        assertThat(cost(book, "2026-07-31T23:59:59Z")).isEqualTo("6");
        assertThat(cost(book, "2029-01-01T00:00:00Z")).isEqualTo("4");
    }

    @Test
    void aPromotionEndsAndThePriceBeforeItCountsAgain() {
        var book =
                book(
                        from("2026-06-01", 5),
                        price("2026-07-01", "2026-07-31", Price.STANDARD, Price.ANY_SIZE, 1));

        assertThat(cost(book, "2026-06-30T12:00:00Z")).isEqualTo("5");
        assertThat(cost(book, "2026-07-31T23:59:59Z")).isEqualTo("1");
        assertThat(cost(book, "2026-08-01T00:00:00Z")).isEqualTo("5");
    }

    @Test
    void aPromotionGoesBeforeTheListPriceOfTheSameDay() {
        var promotion = price("2026-06-01", "2026-07-31", Price.STANDARD, Price.ANY_SIZE, 1);

        assertThat(cost(book(from("2026-06-01", 5), promotion), JULY.toString())).isEqualTo("1");
        assertThat(cost(book(promotion, from("2026-06-01", 5)), JULY.toString())).isEqualTo("1");
    }

    @Test
    void eachServiceTierHasItsPrice() {
        var book =
                book(from("2026-06-01", 5), price("2026-06-01", null, "batch", Price.ANY_SIZE, 2));

        assertThat(book.cost(MODEL, MILLION, JULY, "batch")).contains(dollars(2));
        assertThat(book.cost(MODEL, MILLION, JULY)).contains(dollars(5));
    }

    @Test
    void aLongInputCostsTheLongPriceForAllOfItsTokensWhicheverWayItCame() {
        var book =
                book(
                        from("2026-06-01", 5),
                        price("2026-06-01", null, Price.STANDARD, 200_000, 10),
                        price("2026-06-01", null, Price.STANDARD, 500_000, 20));

        assertThat(book.cost(MODEL, Usage.of(200_000, 0), JULY)).contains(dollars(1));
        assertThat(book.cost(MODEL, Usage.of(300_000, 0), JULY)).contains(dollars(3));
        assertThat(book.cost(MODEL, MILLION, JULY)).contains(dollars(20));
        assertThat(book.cost(MODEL, Usage.of(0, 1_000_000), JULY)).contains(Money.ZERO);
        assertThat(book.cost(MODEL, new Usage(50_000, 50_000, 50_000, 50_000, 0, 0), JULY))
                .contains(dollars(1));
        assertThat(book.cost(MODEL, new Usage(50_000, 50_000, 50_000, 150_000, 0, 0), JULY))
                .contains(dollars(3));
    }

    @Test
    void aTargetsOwnPricesGoBeforeTheBook() {
        var book =
                PriceBook.of(
                        Map.of(MODEL.model(), List.of(from("2026-06-01", 5))),
                        Map.of("main", Map.of(MODEL.model(), List.of(from("2026-07-01", 3)))));

        assertThat(cost(book, JULY.toString())).isEqualTo("3");
        assertThat(book.cost(new ModelName("other", MODEL.model()), MILLION, JULY))
                .contains(dollars(5));
        assertThat(book.cost(MODEL, MILLION, Instant.parse("2026-06-15T00:00:00Z"))).isEmpty();
    }

    @Test
    void theSameModelCostsTheSameUnderItsNameInUnityCatalog() {
        var unity = new ModelName("main", "system.ai.claude-opus-5");

        assertThat(book(from("2026-06-01", 5)).cost(unity, MILLION, JULY)).contains(dollars(5));
        assertThat(
                        book(from("2026-06-01", 5))
                                .cost(new ModelName("main", "claude-opus-5"), MILLION, JULY))
                .isEmpty();
    }

    @Test
    void aCountThatCannotBeTrueHasNoCost() {
        var nonsense = new Usage(Long.MAX_VALUE, Long.MAX_VALUE, 1, 1, Long.MAX_VALUE, 0);
        var book =
                book(from("2026-06-01", 5), price("2026-06-01", null, Price.STANDARD, 200_000, 10));

        assertThat(book.cost(MODEL, nonsense, JULY)).isEmpty();
    }

    private static String cost(PriceBook book, String when) {
        return book.cost(MODEL, MILLION, Instant.parse(when)).orElseThrow().toString();
    }

    private static Money dollars(long amount) {
        return Money.ofDollars(BigDecimal.valueOf(amount));
    }

    private static PriceBook book(Price... prices) {
        return PriceBook.of(Map.of(MODEL.model(), List.of(prices)), Map.of());
    }

    private static Price from(String since, long input) {
        return price(since, null, Price.STANDARD, Price.ANY_SIZE, input);
    }

    /// Every kind of input at one rate, output for nothing.
    private static Price price(
            String since, @Nullable String until, String tier, long above, long input) {
        var rate = BigDecimal.valueOf(input);
        return new Price(
                LocalDate.parse(since),
                until == null ? null : LocalDate.parse(until),
                tier,
                above,
                rate,
                BigDecimal.ZERO,
                rate,
                rate,
                rate);
    }
}
