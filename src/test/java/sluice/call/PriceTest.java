package sluice.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriceTest {
    private static final LocalDate JUNE = LocalDate.parse("2026-06-01");

    @Test
    void everyKindOfTokenHasItsOwnRateAndReasoningIsNotPaidTwice() {
        var price = price("1", "2", "3", "4", "5");

        var cost =
                price.cost(new Usage(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 900));

        assertThat(cost).hasToString("15");
        assertThat(price.cost(new Usage(1_000_000, 0, 0, 0, 0, 0))).hasToString("1");
        assertThat(price.cost(new Usage(0, 0, 0, 0, 1_000_000, 1_000_000))).hasToString("2");
        assertThat(price.cost(new Usage(0, 0, 1_000_000, 0, 0, 0))).hasToString("3");
        assertThat(price.cost(new Usage(0, 0, 0, 1_000_000, 0, 0))).hasToString("4");
        assertThat(price.cost(new Usage(0, 1_000_000, 0, 0, 0, 0))).hasToString("5");
    }

    /// 0.4 of a nano-dollar four times is 1.6: 2 when rounded once, 0 when each part is.
    @Test
    void theSumIsRoundedOnceAndNotItsParts() {
        var price = price("0.0004", "0.0004", "0.0004", "0.0004", "0.0004");

        assertThat(price.cost(new Usage(1, 1, 1, 0, 1, 0)).nanoDollars()).isEqualTo(2);
    }

    @Test
    void theCostIsWhatExactDecimalsSay() {
        for (int round = 0; round < 20_000; round++) {
            var random = new Random(20_261_120 + round);
            var rates = new BigDecimal[5];
            for (int i = 0; i < rates.length; i++) {
                rates[i] = BigDecimal.valueOf(random.nextInt(200_000_000), random.nextInt(9));
            }
            var price =
                    new Price(
                            JUNE,
                            null,
                            Price.STANDARD,
                            Price.ANY_SIZE,
                            rates[0],
                            rates[1],
                            rates[2],
                            rates[3],
                            rates[4]);
            var usage =
                    new Usage(
                            random.nextInt(2_000_000),
                            random.nextInt(2_000_000),
                            random.nextInt(2_000_000),
                            random.nextInt(2_000_000),
                            random.nextInt(2_000_000),
                            0);

            var exact =
                    BigDecimal.ZERO
                            .add(new BigDecimal(usage.freshInput()).multiply(rates[0]))
                            .add(new BigDecimal(usage.output()).multiply(rates[1]))
                            .add(new BigDecimal(usage.cacheWrite()).multiply(rates[2]))
                            .add(new BigDecimal(usage.cacheWriteHour()).multiply(rates[3]))
                            .add(new BigDecimal(usage.cacheRead()).multiply(rates[4]))
                            .divide(new BigDecimal(1_000_000));
            assertThat(price.cost(usage).dollars())
                    .as("round %d", round)
                    .isEqualByComparingTo(exact.setScale(9, RoundingMode.HALF_UP));
        }
    }

    @Test
    void aPriceHoldsFromItsFirstToItsLastDay() {
        var promotion =
                new Price(
                        JUNE,
                        JUNE.plusDays(1),
                        Price.STANDARD,
                        Price.ANY_SIZE,
                        BigDecimal.ONE,
                        BigDecimal.ONE,
                        BigDecimal.ONE,
                        BigDecimal.ONE,
                        BigDecimal.ONE);

        assertThat(promotion.isValidOn(JUNE.minusDays(1))).isFalse();
        assertThat(promotion.isValidOn(JUNE)).isTrue();
        assertThat(promotion.isValidOn(JUNE.plusDays(1))).isTrue();
        assertThat(promotion.isValidOn(JUNE.plusDays(2))).isFalse();
    }

    @Test
    void aPriceThatCannotBeIsNotMade() {
        assertThatThrownBy(() -> price("-1", "1", "1", "1", "1"))
                .hasMessage("a price is not negative, got -1");
    }

    private static Price price(
            String input, String output, String write, String writeHour, String read) {
        return new Price(
                JUNE,
                null,
                Price.STANDARD,
                Price.ANY_SIZE,
                new BigDecimal(input),
                new BigDecimal(output),
                new BigDecimal(write),
                new BigDecimal(writeHour),
                new BigDecimal(read));
    }
}
