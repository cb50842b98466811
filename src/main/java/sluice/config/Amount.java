package sluice.config;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// An amount of money, exactly as it was written: it never passes through a floating point number.
record Amount(long max) implements Shape<BigDecimal> {
    private static final Pattern WRITTEN_OUT = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,12})?");

    @Override
    public Optional<BigDecimal> read(Yaml value, Reading reading) {
        if (value instanceof Yaml.Scalar scalar
                && (scalar.type() == Yaml.Scalar.Type.WHOLE
                        || scalar.type() == Yaml.Scalar.Type.FRACTION)
                && WRITTEN_OUT.matcher(scalar.text()).matches()) {
            var amount = new BigDecimal(scalar.text());
            if (amount.compareTo(BigDecimal.valueOf(max)) <= 0) {
                return Optional.of(amount);
            }
        }
        reading.fault(
                value.place(),
                "expected a number from 0 to "
                        + max
                        + ", written out and with at most 12 decimals, such as 0.54, got "
                        + Discretion.received(value));
        return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "number", "minimum", 0L, "maximum", max);
    }
}
