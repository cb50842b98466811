package sluice.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {
    private static final int ROUNDS = 20_000;
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0.000000001",
        "153000, 0.000153",
        "1000000000, 1",
        "100000000000, 100",
        "-1500000000, -1.5",
        "9223372036854775807, 9223372036.854775807",
        "-9223372036854775808, -9223372036.854775808"
    })
    void itIsPrintedAsADecimalWithoutAnExponent(long nanoDollars, String printed) {
        assertThat(new Money(nanoDollars)).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0000000004, 0",
        "0.0000000005, 0.000000001",
        "-0.0000000005, -0.000000001",
        "1e-30, 0",
        "1E3, 1000"
    })
    void dollarsAreRoundedToTheNearestNanoDollar(BigDecimal dollars, String kept) {
        assertThat(Money.ofDollars(dollars)).hasToString(kept);
    }

    @Test
    void sumsAndProductsAgreeWithArithmeticWithoutLimits() {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(20_261_120 + round);
            long a = anyLong(random);
            long b = anyLong(random);
            var sum = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
            var product = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));

            if (isMoney(sum)) {
                assertThat(new Money(a).plus(new Money(b)).nanoDollars())
                        .isEqualTo(sum.longValue());
            } else {
                refused++;
                assertThatThrownBy(() -> new Money(a).plus(new Money(b)))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("the sum is more money than can be counted");
            }
            if (isMoney(product)) {
                assertThat(new Money(a).times(b).nanoDollars()).isEqualTo(product.longValue());
            } else {
                refused++;
                assertThatThrownBy(() -> new Money(a).times(b))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("the product is more money than can be counted");
            }
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 19 / 10);
    }

    @Test
    void whatIsPrintedIsReadBackAsTheSameMoney() {
        for (int round = 0; round < ROUNDS; round++) {
            var money = new Money(anyLong(new Random(20_261_120 + round)));

            assertThat(Money.ofDollars(new BigDecimal(money.toString()))).isEqualTo(money);
            assertThat(money.toString()).matches("-?[0-9]+(\\.[0-9]*[1-9])?");
        }
    }

    @Test
    void anyAmountIsRoundedAsBigDecimalsAreOrRefused() {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(20_261_120 + round);
            var dollars = new BigDecimal(new BigInteger(90, random), random.nextInt(30));
            var nano = dollars.movePointRight(9).setScale(0, RoundingMode.HALF_UP).toBigInteger();

            if (isMoney(nano)) {
                assertThat(Money.ofDollars(dollars).nanoDollars()).isEqualTo(nano.longValue());
            } else {
                refused++;
                assertThatThrownBy(() -> Money.ofDollars(dollars))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("the amount is more money than can be counted");
            }
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    void moreMoneyIsGreater() {
        assertThat(new Money(2)).isGreaterThan(new Money(1)).isGreaterThan(Money.ZERO);
    }

    private static boolean isMoney(BigInteger nanoDollars) {
        return nanoDollars.compareTo(MOST) <= 0 && nanoDollars.compareTo(LEAST) >= 0;
    }

    /// Of any size, not only of the largest.
    private static long anyLong(Random random) {
        return random.nextLong() >> random.nextInt(64);
    }
}
