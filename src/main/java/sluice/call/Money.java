package sluice.call;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// US dollars, counted in nano-dollars (a billionth): exact, and never a floating point number. What a long can hold is
/// about nine billion dollars either way; beyond it every operation throws.
public record Money(long nanoDollars) implements Comparable<Money> {
    public static final Money ZERO = new Money(0);

    private static final int NANO = 9;

    /// The nearest nano-dollar, halves away from zero.
    ///
    /// @throws ArithmeticException when it is more than a long of nano-dollars holds
    public static Money ofDollars(BigDecimal dollars) {
        try {
            return new Money(
                    dollars.setScale(NANO, RoundingMode.HALF_UP).unscaledValue().longValueExact());
        } catch (ArithmeticException _) {
            throw tooMuch("the amount");
        }
    }

    /// @throws ArithmeticException when the sum is more than a long of nano-dollars holds
    public Money plus(Money other) {
        try {
            return new Money(Math.addExact(nanoDollars, other.nanoDollars));
        } catch (ArithmeticException _) {
            throw tooMuch("the sum");
        }
    }

    /// This much for each of so many tokens.
    ///
    /// @throws ArithmeticException when the product is more than a long of nano-dollars holds
    public Money times(long tokens) {
        try {
            return new Money(Math.multiplyExact(nanoDollars, tokens));
        } catch (ArithmeticException _) {
            throw tooMuch("the product");
        }
    }

    public BigDecimal dollars() {
        return BigDecimal.valueOf(nanoDollars, NANO);
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(nanoDollars, other.nanoDollars);
    }

    /// The dollars as a decimal without an exponent, as short as it is exact: {@code 0.000153}.
    @Override
    public String toString() {
        return dollars().stripTrailingZeros().toPlainString();
    }

    private static ArithmeticException tooMuch(String what) {
        return new ArithmeticException(
                what + " is more money than can be counted, which is 9223372036.854775807 dollars");
    }
}
