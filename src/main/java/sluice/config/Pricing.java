package sluice.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.call.Price;

/// Models with the prices that an operator agreed on for them at one target.
record Pricing() implements Shape<Map<String, List<Price>>> {
    private static final int MAX = 1000;
    private static final Shape<List<PriceSection.Quoted>> PRICES = PriceSection.oneOrMore();

    @Override
    public Optional<Map<String, List<Price>>> read(Yaml value, Reading reading) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            reading.fault(
                    value.place(),
                    "expected a mapping of models' names to prices, got " + value.kind());
            return Optional.empty();
        }
        if (mapping.entries().size() > MAX) {
            reading.fault(
                    value.place(),
                    "expected at most " + MAX + " models, got " + mapping.entries().size());
            return Optional.empty();
        }
        var pricing = new LinkedHashMap<String, List<Price>>();
        for (var entry : mapping.entries()) {
            var prices = PRICES.read(entry.value(), reading);
            if (isModel(entry, reading) && prices.isPresent()) {
                pricing.put(
                        entry.key(),
                        prices.get().stream()
                                .map(quoted -> quoted.inDollars(Optional.empty()))
                                .toList());
            }
        }
        return pricing.size() == mapping.entries().size() ? Optional.of(pricing) : Optional.empty();
    }

    private static boolean isModel(Yaml.Entry entry, Reading reading) {
        boolean named =
                Text.MODEL.pattern().matcher(entry.key()).matches() && !entry.key().contains("*");
        if (!named) {
            reading.fault(
                    entry.place(),
                    "expected the name of one model without '*', got "
                            + Discretion.quote(entry.key()));
        }
        return named;
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                "object",
                "maxProperties",
                (long) MAX,
                "additionalProperties",
                PRICES.schema());
    }
}
