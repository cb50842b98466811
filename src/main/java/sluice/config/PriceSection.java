package sluice.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.call.Price;

/// A price as it stands in a model book and in a target's {@code pricing}.
final class PriceSection {
    /// A dollar a token.
    private static final Amount RATE = new Amount(1_000_000);

    /// The US list price of a DBU of model serving (facts/databricks.md section 10).
    private static final BigDecimal DBU_USD = new BigDecimal("0.070");

    private static final Key<LocalDate> SINCE =
            Key.defaulting("since", Day.SHAPE, "1970-01-01", "the first day it holds, in UTC");
    private static final Key<LocalDate> UNTIL =
            Key.optional("until", Day.SHAPE, "the last day it holds, in UTC, for a promotion");
    private static final Key<String> TIER =
            Key.defaulting(
                    "tier",
                    new Text(
                            "the name of a service tier, such as standard, batch or priority",
                            Pattern.compile("[a-z][a-z0-9_-]{0,31}")),
                    Price.STANDARD,
                    "the service tier it is for");
    private static final Key<Long> ABOVE =
            Key.optional(
                    "above_input_tokens",
                    new Whole(0, 1_000_000_000),
                    "it holds for calls with more input than this, and then for all their tokens;"
                            + " for every call without it");
    private static final Key<Unit> UNIT =
            Key.defaulting(
                    "unit", new OneOf<>(units(), Set.of()), "usd", "what the amounts are in");
    static final Key<BigDecimal> DBU =
            Key.optional(
                    "dbu_usd",
                    new Amount(1_000),
                    "what one DBU costs in US dollars; 0.070 without it");
    private static final Key<BigDecimal> INPUT =
            Key.required("input_per_million", RATE, "for a million tokens that are read");
    private static final Key<BigDecimal> OUTPUT =
            Key.required(
                    "output_per_million",
                    RATE,
                    "for a million that are written, reasoning included");
    private static final Key<BigDecimal> CACHE_WRITE =
            Key.optional(
                    "cache_write_per_million",
                    RATE,
                    "for a million that are put into the cache; input_per_million without it");
    private static final Key<BigDecimal> CACHE_WRITE_HOUR =
            Key.optional(
                    "cache_write_1h_per_million",
                    RATE,
                    "for a million that are put into the cache for an hour; cache_write_per_million"
                            + " without it");
    private static final Key<BigDecimal> CACHE_READ =
            Key.optional(
                    "cache_read_per_million",
                    RATE,
                    "for a million that come from the cache; input_per_million without it");

    private static final Section<Quoted> SECTION =
            new Section<>(
                    "a price",
                    List.of(
                            SINCE,
                            UNTIL,
                            TIER,
                            ABOVE,
                            UNIT,
                            DBU,
                            INPUT,
                            OUTPUT,
                            CACHE_WRITE,
                            CACHE_WRITE_HOUR,
                            CACHE_READ),
                    Set.of(),
                    PriceSection::check,
                    PriceSection::build);

    /// All prices of one model.
    static final Shape<List<Quoted>> LIST =
            new ListOf<>(SECTION, 100, "").then(PriceSection::distinct);

    private PriceSection() {}

    private enum Unit {
        USD,
        DBU
    }

    /// A price before it is known what a DBU costs.
    record Quoted(Price price, Unit unit, @Nullable BigDecimal dbuUsd, Place place) {

        /// @param known what a DBU costs where the price does not say so itself
        Price inDollars(Optional<BigDecimal> known) {
            return switch (unit) {
                case USD -> price;
                case DBU -> price.times(dbuUsd != null ? dbuUsd : known.orElse(DBU_USD));
            };
        }

        private String occasion() {
            return price.since()
                    + (price.until() == null ? "" : " until a day")
                    + ", tier "
                    + price.tier()
                    + (price.aboveInputTokens() == Price.ANY_SIZE
                            ? ""
                            : ", above " + price.aboveInputTokens());
        }
    }

    /// One price, or a list of them.
    static Shape<List<Quoted>> oneOrMore() {
        return new Shape<>() {
            @Override
            public Optional<List<Quoted>> read(Yaml value, Reading reading) {
                return value instanceof Yaml.Sequence
                        ? LIST.read(value, reading)
                        : SECTION.read(value, reading).map(List::of);
            }

            @Override
            public Map<String, Object> schema() {
                return JsonSchema.of("oneOf", List.of(SECTION.schema(), LIST.schema()));
            }
        };
    }

    private static void check(Fields price) {
        var since = price.find(SINCE);
        var until = price.find(UNTIL);
        if (since.isPresent() && until.isPresent() && until.get().isBefore(since.get())) {
            price.fault(
                    UNTIL,
                    "expected a day on or after since, which is "
                            + since.get()
                            + ", got "
                            + until.get());
        }
        if (price.given(DBU) && price.find(UNIT).filter(unit -> unit == Unit.USD).isPresent()) {
            price.fault(DBU, "belongs to unit: dbu only; remove it, or say unit: dbu");
        }
    }

    private static Quoted build(Fields price) {
        var input = price.the(INPUT);
        var cacheWrite = price.find(CACHE_WRITE).orElse(input);
        return new Quoted(
                new Price(
                        price.the(SINCE),
                        price.find(UNTIL).orElse(null),
                        price.the(TIER),
                        price.find(ABOVE).orElse(Price.ANY_SIZE),
                        input,
                        price.the(OUTPUT),
                        cacheWrite,
                        price.find(CACHE_WRITE_HOUR).orElse(cacheWrite),
                        price.find(CACHE_READ).orElse(input)),
                price.the(UNIT),
                price.find(DBU).orElse(null),
                price.place());
    }

    /// Of two prices for the same occasion nobody could say which is meant.
    private static Optional<List<Quoted>> distinct(
            List<Quoted> prices, Place list, Reading reading) {
        var first = new HashMap<String, Place>();
        boolean different = true;
        for (var price : prices) {
            var before = first.putIfAbsent(price.occasion(), price.place());
            if (before != null) {
                different = false;
                reading.fault(
                        price.place(),
                        "is for the same since, tier and above_input_tokens as the price in line "
                                + before.line()
                                + "; keep one of them");
            }
        }
        return different ? Optional.of(prices) : Optional.empty();
    }

    private static Map<String, Unit> units() {
        var units = new LinkedHashMap<String, Unit>();
        units.put("usd", Unit.USD);
        units.put("dbu", Unit.DBU);
        return units;
    }
}
