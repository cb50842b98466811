package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.call.ModelFamily;
import sluice.call.ModelName;
import sluice.call.ModelTraits;
import sluice.call.ModelTraits.Reasoning;
import sluice.call.Money;
import sluice.call.Price;
import sluice.call.Usage;
import sluice.catalog.ModelBook;
import sluice.meter.PriceBook;

class ModelBookFileTest {
    private static final ModelBookConfig BUILT_IN = ModelBookConfig.builtIn();

    @TempDir private Path directory;

    /// Row by row what facts/databricks.md section 10 holds: input, output, cache write, cache read. Where it has no
    /// cache rates, cached tokens cost what input costs.
    @Test
    void theseAreAllThePricesThatAreBuiltIn() {
        var told =
                BUILT_IN.prices().entrySet().stream()
                        .map(row ->
                                row.getKey()
                                        + row.getValue().stream()
                                                .map(ModelBookFileTest::rates)
                                                .collect(Collectors.joining()))
                        .sorted()
                        .toList();

        assertThat(String.join("\n", told) + "\n")
                .isEqualTo(
                        """
                        databricks-bge-large-en 0.10 0 0.10 0.10
                        databricks-claude-fable-5 10.00 50.00 12.50 1.00
                        databricks-claude-haiku-4-5 1.00 5.00 1.25 0.10
                        databricks-claude-opus-4-1 15.00 75.00 18.75 1.50
                        databricks-claude-opus-4-5 5.00 25.00 6.25 0.50
                        databricks-claude-opus-4-6 5.00 25.00 6.25 0.50
                        databricks-claude-opus-4-7 5.00 25.00 6.25 0.50
                        databricks-claude-opus-4-8 5.00 25.00 6.25 0.50
                        databricks-claude-opus-5 5.00 25.00 6.25 0.50
                        databricks-claude-sonnet-4 3.00 15.00 3.75 0.30
                        databricks-claude-sonnet-4-5 3.00 15.00 3.75 0.30
                        databricks-claude-sonnet-4-6 3.00 15.00 3.75 0.30
                        databricks-claude-sonnet-5 3.00 15.00 3.75 0.30
                        databricks-gemini-2-5-flash 0.375 3.125 0.375 0.0375
                        databricks-gemini-2-5-pro 1.5625 12.50 1.5625 0.156
                        databricks-gemini-3-1-flash-lite 0.3125 1.875 0.3125 0.031
                        databricks-gemini-3-1-pro 2.50 15.00 2.50 0.25
                        databricks-gemini-3-5-flash
                        databricks-gemini-3-flash 0.625 3.75 0.625 0.0625
                        databricks-gemma-3-12b
                        databricks-glm-5-2 1.40 4.40 1.40 1.40
                        databricks-gpt-5 1.25 10.00 1.25 0.125
                        databricks-gpt-5-1 1.25 10.00 1.25 0.125
                        databricks-gpt-5-2 1.75 14.00 1.75 0.175
                        databricks-gpt-5-3-codex 1.75 14.00 1.75 0.175
                        databricks-gpt-5-4 2.50 15.00 2.50 0.25
                        databricks-gpt-5-4-mini 0.75 4.50 0.75 0.075
                        databricks-gpt-5-4-nano 0.20 1.25 0.20 0.02
                        databricks-gpt-5-5
                        databricks-gpt-5-5-pro
                        databricks-gpt-5-mini 0.25 2.00 0.25 0.025
                        databricks-gpt-5-nano 0.05 0.40 0.05 0.005
                        databricks-gpt-oss-120b
                        databricks-gpt-oss-20b
                        databricks-gte-large-en
                        databricks-kimi-k3 3.00 15.00 3.00 3.00
                        databricks-llama-4-maverick
                        databricks-meta-llama-3-1-8b-instruct
                        databricks-meta-llama-3-3-70b-instruct
                        databricks-qwen3-embedding-0-6b
                        databricks-qwen3-next-80b-a3b-instruct
                        databricks-qwen35-122b-a10b
                        """);
    }

    private static String rates(Price price) {
        assertThat(price.cacheWriteHour()).isEqualTo(price.cacheWrite());
        return " %s %s %s %s"
                .formatted(price.input(), price.output(), price.cacheWrite(), price.cacheRead());
    }

    @ParameterizedTest
    @CsvSource({
        "databricks-claude-fable-5, 1000000, 8192, false, ADAPTIVE, true",
        "system.ai.claude-opus-4-8, 1000000, 8192, false, ADAPTIVE, true",
        "claude-opus-4.7, 1000000, 8192, false, ADAPTIVE, true",
        "databricks-claude-opus-4-6, 1000000, 8192, true, BUDGET, true",
        "databricks-claude-opus-4-5, 200000, 8192, true, BUDGET, true",
        "claude-opus-4-1-20250805, 200000, 32000, true, BUDGET, true",
        "claude-opus-4-20250514, 0, 8192, true, BUDGET, true",
        "databricks-claude-sonnet-5, 1000000, 8192, false, ADAPTIVE, true",
        "databricks-claude-sonnet-4-6, 0, 8192, true, BUDGET, true",
        "databricks-claude-haiku-4-5, 0, 8192, true, BUDGET, true",
        "claude-opus-9, 0, 8192, false, ADAPTIVE, true",
        "claude-3-5-sonnet, 0, 8192, true, NONE, true",
        "databricks-gpt-5-5-pro, 400000, 128000, true, EFFORT, false",
        "gpt-5.2, 400000, 128000, true, EFFORT, false",
        "databricks-gpt-5-6-sol, 0, 8192, true, EFFORT, false",
        "databricks-gpt-oss-20b, 128000, 8192, true, EFFORT, false",
        "databricks-gemini-2-5-pro, 1000000, 8192, true, NONE, false",
        "databricks-gemini-3-flash, 0, 8192, true, NONE, false",
        "databricks-kimi-k3, 1000000, 8192, true, NONE, false",
        "databricks-glm-5-2, 200000, 25000, true, EFFORT, false",
        "databricks-qwen35-122b-a10b, 256000, 8000, true, NONE, false",
        "databricks-gemma-3-12b, 128000, 8192, true, NONE, false",
        "databricks-meta-llama-3-3-70b-instruct, 128000, 8192, true, NONE, false",
        "databricks-bge-large-en, 512, 8192, true, NONE, false",
        "databricks-gte-large-en, 8192, 8192, true, NONE, false",
        "databricks-qwen3-embedding-0-6b, 32000, 8192, true, NONE, false",
        "somebodys-own, 0, 8192, true, EFFORT, false"
    })
    void modelsAreKnownByTheirFamilies(
            String model,
            long context,
            long output,
            boolean sampling,
            Reasoning reasoning,
            boolean cacheMarks) {
        var traits = ModelBook.of(BUILT_IN.families()).traits(model);

        assertThat(traits.contextTokens()).isEqualTo(context);
        assertThat(traits.maxOutputTokens()).isEqualTo(output);
        assertThat(traits.sampling()).isEqualTo(sampling);
        assertThat(traits.reasoning()).isEqualTo(reasoning);
        assertThat(traits.cacheMarks()).isEqualTo(cacheMarks);
    }

    @Test
    void anOperatorsBookReplacesRowsAndLeavesTheOthers() {
        var book =
                operator(
                                """
                                {"as_of": "2026-11-01",
                                 "models": [
                                   {"id": "databricks-claude-opus-5", "prices": [
                                     {"since": "2026-06-01", "input_per_million": 4, "output_per_million": 20.50}]},
                                   {"id": "ours", "prices": [
                                     {"input_per_million": 0.1, "output_per_million": 0.2, "cache_write_per_million": 0.3}]}],
                                 "families": [
                                   {"id": "claude-opus-5", "names": ["claude-opus-5*"], "max_output_tokens": 64000},
                                   {"id": "ours", "names": ["claude-sonnet-5*"]}]}
                                """)
                        .loadsWell()
                        .modelBook();

        assertThat(rates(book, "databricks-claude-opus-5")).isEqualTo("4 20.50 4 4 4");
        assertThat(rates(book, "ours")).isEqualTo("0.1 0.2 0.3 0.3 0.1");
        assertThat(rates(book, "databricks-gpt-5")).isEqualTo("1.25 10.00 1.25 1.25 0.125");
        assertThat(book.families())
                .hasSize(BUILT_IN.families().size() + 1)
                .extracting(ModelFamily::id)
                .doesNotHaveDuplicates();
        var traits = ModelBook.of(book.families());
        assertThat(traits.traits("system.ai.claude-opus-5").maxOutputTokens()).isEqualTo(64_000);
        assertThat(traits.traits("claude-sonnet-5")).isEqualTo(ModelTraits.UNKNOWN);
        assertThat(traits.traits("claude-fable-5").contextTokens()).isEqualTo(1_000_000);
    }

    @Test
    void amountsInDbuBecomeDollarsAtTheRateNextToThem() {
        var prices =
                operator(
                                """
                                as_of: 2026-11-01
                                dbu_usd: 0.055
                                models:
                                  - {id: a, prices: [{unit: dbu, input_per_million: 71.429, output_per_million: 357.143}]}
                                  - {id: b, prices: [{unit: dbu, dbu_usd: 0.1, input_per_million: 71.429, output_per_million: 0}]}
                                  - {id: c, prices: [{input_per_million: 71.429, output_per_million: 0}]}
                                """)
                        .loadsWell()
                        .modelBook()
                        .prices();

        assertThat(only(prices, "a").input()).isEqualByComparingTo("3.928595");
        assertThat(only(prices, "a").cacheRead()).isEqualByComparingTo("3.928595");
        assertThat(only(prices, "a").output()).isEqualByComparingTo("19.642865");
        assertThat(only(prices, "b").input()).isEqualByComparingTo("7.1429");
        assertThat(only(prices, "c").input()).isEqualByComparingTo("71.429");
    }

    @Test
    void everyFaultOfABookNamesItsRowAndItsField() {
        var operator =
                operator(
                        """
                        {"as_of": "2026-02-30", "modles": [],
                         "models": [
                           {"id": "a", "prices": [{"input_per_million": -1, "output_per_million": 1e3}]},
                           {"id": "a", "prices": [{"input_per_million": "0.5", "output": 2}]},
                           {"id": "b*", "prices": [
                             {"since": "2026-06-01", "input_per_million": 1, "output_per_million": 1},
                             {"since": "2026-06-01", "input_per_million": 2, "output_per_million": 1}]},
                           {"id": "c", "prices": [
                             {"since": "2026-06-02", "until": "2026-06-01", "dbu_usd": 1, "input_per_million": 1, "output_per_million": 1}]}],
                         "families": [{"id": "x", "names": ["a*b"], "reasoning": "hard"}]}
                        """);

        assertThat(operator.faults())
                .containsExactly(
                        "book.json:1:11: as_of: expected a day of the calendar, got '2026-02-30'",
                        "book.json:1:25: modles: unknown key; did you mean 'models'?",
                        "book.json:3:49: models[0].prices[0].input_per_million: expected a number"
                                + " from 0 to 1000000, written out and with at most 12 decimals, such"
                                + " as 0.54, got the number -1",
                        "book.json:3:75: models[0].prices[0].output_per_million: expected a number"
                                + " from 0 to 1000000, written out and with at most 12 decimals, such"
                                + " as 0.54, got the number 1e3",
                        "book.json:4:11: models[1].id: 'a' is already in line 3; each stands once",
                        "book.json:4:27: models[1].prices[0]: 'output_per_million' is missing: for"
                                + " a million that are written, reasoning included",
                        "book.json:4:49: models[1].prices[0].input_per_million: expected a number"
                                + " from 0 to 1000000, written out and with at most 12 decimals, such"
                                + " as 0.54, got '0.5'",
                        "book.json:4:56: models[1].prices[0].output: unknown key; a price has"
                                + " since, until, tier, above_input_tokens, unit, dbu_usd,"
                                + " input_per_million, output_per_million, cache_write_per_million,"
                                + " cache_write_1h_per_million, cache_read_per_million",
                        "book.json:5:11: models[2].id: expected the name of one model without '*',"
                                + " got 'b*'",
                        "book.json:7:6: models[2].prices[1]: is for the same since, tier and"
                                + " above_input_tokens as the price in line 6; keep one of them",
                        "book.json:9:39: models[3].prices[0].until: expected a day on or after"
                                + " since, which is 2026-06-02, got 2026-06-01",
                        "book.json:9:64: models[3].prices[0].dbu_usd: belongs to unit: dbu only;"
                                + " remove it, or say unit: dbu",
                        "book.json:10:37: families[0].names[0]: expected a model's name, with '*'"
                                + " at its end only, got 'a*b'",
                        "book.json:10:58: families[0].reasoning: expected none or effort or budget"
                                + " or adaptive, got 'hard'");
    }

    @Test
    void aBookThatIsNotThereIsRefusedWhereItIsNamed() {
        var operator =
                new Operator(directory).policy("p.yaml", "model_book: %s/no".formatted(directory));

        assertThat(operator.faults())
                .containsExactly("p.yaml:1:13: model_book: the model book 'no' does not exist");
    }

    @Test
    void aChangedBookIsTakenOverAndABadOneIsNot() {
        var operator = operator(priced("1"));
        var handedOn = new ArrayList<Loaded>();
        var watch =
                ConfigurationWatch.over(
                        operator.files(),
                        operator.environment(),
                        Duration.ofDays(1),
                        handedOn::add);
        assertThat(watch.checkNow()).isFalse();

        operator.writes("book.json", priced("2"));
        assertThat(watch.checkNow()).isTrue();
        assertThat(handedOn.getLast())
                .isInstanceOfSatisfying(
                        Loaded.Good.class,
                        good ->
                                assertThat(rates(good.configuration().modelBook(), "ours"))
                                        .isEqualTo("2 2 2 2 2"));

        operator.writes("book.json", priced("a lot"));
        assertThat(watch.checkNow()).isTrue();
        assertThat(handedOn.getLast()).isInstanceOf(Loaded.Faulty.class);
    }

    @Test
    void aTargetsPricesAreReadAsExactDecimals() {
        var configuration =
                withPricing(
                                """
                                one: {input_per_million: 0.54, output_per_million: 0.123456789012, cache_read_per_million: 0.054}
                                many:
                                  - {since: 2026-06-01, input_per_million: 1, output_per_million: 2}
                                  - {since: 2026-07-01, until: 2026-07-31, tier: batch, above_input_tokens: 200000,
                                     unit: dbu, input_per_million: 10, output_per_million: 20, cache_write_1h_per_million: 30}
                                """)
                        .loadsWell();

        var pricing = configuration.targets().getFirst().pricing();
        assertThat(configuration.pricing()).isEqualTo(Map.of("t", pricing));
        assertThat(pricing.get("one"))
                .containsExactly(
                        new Price(
                                LocalDate.parse("1970-01-01"),
                                null,
                                Price.STANDARD,
                                Price.ANY_SIZE,
                                new BigDecimal("0.54"),
                                new BigDecimal("0.123456789012"),
                                new BigDecimal("0.54"),
                                new BigDecimal("0.54"),
                                new BigDecimal("0.054")));
        assertThat(pricing.getOrDefault("many", List.of()).getLast())
                .isEqualTo(
                        new Price(
                                LocalDate.parse("2026-07-01"),
                                LocalDate.parse("2026-07-31"),
                                "batch",
                                200_000,
                                new BigDecimal("0.700"),
                                new BigDecimal("1.400"),
                                new BigDecimal("0.700"),
                                new BigDecimal("2.100"),
                                new BigDecimal("0.700")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    m: {input_per_million: -0.5, output_per_million: 1} | 6:30: providers.targets[0].pricing.m.input_per_million: expected a number from 0
                    m: {input_per_million: .inf, output_per_million: 1} | 6:30: providers.targets[0].pricing.m.input_per_million: expected a number from 0
                    m: {input_per_million: 0x10, output_per_million: 1} | 6:30: providers.targets[0].pricing.m.input_per_million: expected a number from 0
                    m: {input_per_million: 1000000.1, output_per_million: 1} | 6:30: providers.targets[0].pricing.m.input_per_million: expected a number from 0
                    m: {input_per_million: 1} | 6:10: providers.targets[0].pricing.m: 'output_per_million' is missing
                    m: {input_per_million: 1, output_per_million: 1, inputs: 1} | 6:56: providers.targets[0].pricing.m.inputs: unknown key
                    m: 0.54 | 6:10: providers.targets[0].pricing.m: expected a price, a mapping of
                    "m*": {input_per_million: 1, output_per_million: 1} | 6:7: providers.targets[0].pricing.m*: expected the name of one model
                    """)
    void aWrongPriceIsRefusedWithItsPlace(String line, String fault) {
        assertThat(withPricing(line).faults())
                .singleElement()
                .asString()
                .startsWith("p.yaml:" + fault);
    }

    @Test
    void aCallCostsWhatTheFilesSay() {
        var configuration =
                withPricing("databricks-gpt-5: {input_per_million: 1, output_per_million: 1}")
                        .loadsWell();
        var book = PriceBook.of(configuration.modelBook().prices(), configuration.pricing());
        var usage = new Usage(1_000, 2_000, 100, 10, 50, 20);
        var now = Instant.parse("2026-11-20T12:00:00Z");

        assertThat(book.cost(new ModelName("u", "system.ai.claude-opus-5"), usage, now))
                .contains(new Money(7_937_500));
        assertThat(book.cost(new ModelName("t", "databricks-gpt-5"), usage, now))
                .contains(new Money(3_160_000));
        assertThat(book.cost(new ModelName("u", "databricks-gpt-oss-20b"), usage, now)).isEmpty();
    }

    private Operator withPricing(String pricing) {
        return new Operator(directory)
                .with("TOKEN", "a-token-of-decent-length")
                .policy(
                        "p.yaml",
                        """
                        providers:
                          targets:
                          - provider: openai
                            id: t
                            pricing:
                        %s    secret_key_ref: {env: TOKEN}
                        """
                                .formatted(pricing.strip().indent(6)));
    }

    private Operator operator(String book) {
        return new Operator(directory)
                .writes("book.json", book)
                .policy("p.yaml", "model_book: %s/book.json".formatted(directory));
    }

    private static String priced(String amount) {
        return """
        {"as_of": "2026-11-01", "models": [{"id": "ours", "prices": [
          {"input_per_million": %1$s, "output_per_million": %1$s}]}]}
        """
                .formatted(amount);
    }

    private static String rates(ModelBookConfig book, String model) {
        var price = only(book.prices(), model);
        return "%s %s %s %s %s"
                .formatted(
                        price.input(),
                        price.output(),
                        price.cacheWrite(),
                        price.cacheWriteHour(),
                        price.cacheRead());
    }

    private static Price only(Map<String, List<Price>> prices, String model) {
        var found = prices.getOrDefault(model, List.of());
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
