package sluice.meter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.call.ModelName;
import sluice.call.Money;
import sluice.call.Price;
import sluice.call.Usage;

/// What calls cost. A price is found by the model as it was sent to its target, never by the model that a reply names:
/// those are versions and change (facts/llm-protocols.md section 14).
///
/// Of the prices of one model, the latest that has begun and not ended counts: so an old call keeps its old price, and
/// a promotion is a price with an end, after which the one before it counts again. On one day a price that ends goes
/// before one that does not, and one for large inputs before one for all.
public final class PriceBook {
    private static final Comparator<Price> FIRST_THAT_COUNTS =
            Comparator.comparing(Price::since)
                    .thenComparing(price -> price.until() != null)
                    .thenComparingLong(Price::aboveInputTokens)
                    .reversed();

    /// What facts/databricks.md section 10 says of names: the same model on two surfaces.
    private static final String UNITY_CATALOG = "system.ai.";

    private static final String SERVING = "databricks-";

    public static final long UNKNOWN = -1;

    private final Map<String, List<Rated>> prices;
    private final Map<String, Map<String, List<Rated>>> byTarget;

    /// A price with its dearest rates, in whole nano-dollars for a million tokens and rounded up, so that the worst can be
    /// told without decimals.
    private record Rated(Price price, long input, long output) {
        static Rated of(Price price) {
            var input = price.input().max(price.cacheWrite()).max(price.cacheWriteHour());
            return new Rated(price, nano(input), nano(price.output()));
        }

        private static long nano(BigDecimal dollars) {
            return dollars.movePointRight(9).setScale(0, RoundingMode.CEILING).longValueExact();
        }

        long worst(long inputTokens, long outputTokens) {
            try {
                long millionths =
                        Math.addExact(
                                Math.multiplyExact(input, inputTokens),
                                Math.multiplyExact(output, outputTokens));
                return Math.ceilDiv(millionths, 1_000_000);
            } catch (ArithmeticException _) {
                return Long.MAX_VALUE / 4; // more than any budget has
            }
        }
    }

    private PriceBook(
            Map<String, List<Rated>> prices, Map<String, Map<String, List<Rated>>> byTarget) {
        this.prices = prices;
        this.byTarget = byTarget;
    }

    /// @param prices by the model's name at any target
    /// @param byTarget by the target's id, then by the model's name there; these go before {@code prices}
    public static PriceBook of(
            Map<String, List<Price>> prices, Map<String, Map<String, List<Price>>> byTarget) {
        return new PriceBook(
                sorted(prices),
                byTarget.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, target -> sorted(target.getValue()))));
    }

    private static Map<String, List<Rated>> sorted(Map<String, List<Price>> prices) {
        return prices.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey,
                                model ->
                                        model.getValue().stream()
                                                .sorted(FIRST_THAT_COUNTS)
                                                .map(Rated::of)
                                                .toList()));
    }

    /// The cost in the standard tier.
    public Optional<Money> cost(ModelName model, Usage usage, Instant when) {
        return cost(model, usage, when, Price.STANDARD);
    }

    /// What so much usage cost, or nothing when that is not known: no price for this model, this tier and this day, or
    /// a count of tokens so large that it was never charged.
    ///
    /// @param model as it was sent
    /// @param when the call began
    /// @param tier the service tier that answered, by the name that the price has
    public Optional<Money> cost(ModelName model, Usage usage, Instant when, String tier) {
        var rated = rated(model, usage, when, tier);
        return rated == null ? Optional.empty() : cost(rated.price(), usage);
    }

    /// The most that a call can cost in the standard tier, with all of its input written into the dearest cache.
    ///
    /// @return nano-dollars, or {@link #UNKNOWN} when there is no price for this model and this day
    public long worst(ModelName model, long inputTokens, long outputTokens, Instant when) {
        var rated = rated(model, Usage.of(inputTokens, outputTokens), when, Price.STANDARD);
        return rated == null ? UNKNOWN : rated.worst(inputTokens, outputTokens);
    }

    private @Nullable Rated rated(ModelName model, Usage usage, Instant when, String tier) {
        var candidates = prices(model);
        if (candidates.isEmpty()) {
            return null;
        }
        var day = LocalDate.ofInstant(when, ZoneOffset.UTC);
        for (var rated : candidates) {
            var price = rated.price();
            if (price.tier().equals(tier) && price.isValidOn(day) && price.isFor(usage)) {
                return rated;
            }
        }
        return null;
    }

    private List<Rated> prices(ModelName model) {
        var own = byTarget.get(model.target());
        if (own != null) {
            var agreed = find(own, model.model());
            if (!agreed.isEmpty()) {
                return agreed;
            }
        }
        return find(prices, model.model());
    }

    private static List<Rated> find(Map<String, List<Rated>> prices, String model) {
        var found = prices.get(model);
        if (found == null && model.startsWith(UNITY_CATALOG)) {
            found = prices.get(SERVING + model.substring(UNITY_CATALOG.length()));
        }
        return found == null ? List.of() : found;
    }

    /// The counts are the provider's words; nonsense there must not end a call that has been answered.
    private static Optional<Money> cost(Price price, Usage usage) {
        try {
            return Optional.of(price.cost(usage));
        } catch (ArithmeticException _) {
            return Optional.empty();
        }
    }
}
