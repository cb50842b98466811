package sluice.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import sluice.call.ModelFamily;
import sluice.call.ModelTraits;
import sluice.call.ModelTraits.Reasoning;
import sluice.call.Price;

/// A model book: a file of its own, because it is dated and changes at another pace than a policy. JSON, or YAML, which
/// JSON is a part of; read by tables as a policy file is.
final class ModelBookFile {
    private static final String RESOURCE = "/sluice/catalog/models.json";
    private static final int MAX_ROWS = 10_000;

    private static final Shape<String> WORDS =
            new Text("a text of 1 to 1000 characters", Pattern.compile("[ -~]{1,1000}"));
    private static final Shape<String> ENDPOINT =
            Text.MODEL.then((name, place, reading) -> {
                if (name.contains("*")) {
                    reading.fault(
                            place,
                            "expected the name of one model without '*', got "
                                    + Discretion.quote(name));
                    return Optional.empty();
                }
                return Optional.of(name);
            });
    private static final Text NAME =
            new Text(
                    "a model's name, with '*' at its end only",
                    Pattern.compile("[!-)+-~]{1,255}\\*?"));

    private static final Key<String> NOTE =
            Key.optional("note", WORDS, "for whoever reads the file");

    private static final Key<String> MODEL =
            Key.required("id", ENDPOINT, "the model's name as its target knows it");
    private static final Key<List<PriceSection.Quoted>> PRICES =
            Key.defaulting(
                    "prices",
                    PriceSection.LIST,
                    List.of(),
                    "what its tokens cost; not known without it");
    private static final Section<Priced> MODEL_SECTION =
            new Section<>(
                    "a model",
                    List.of(MODEL, PRICES, NOTE),
                    Set.of(),
                    _ -> {},
                    model -> new Priced(model.the(MODEL), model.the(PRICES)));

    private static final Key<String> FAMILY =
            Key.required("id", Text.ID, "the family's name, for a later book that replaces it");
    private static final Key<List<String>> NAMES =
            Key.required(
                    "names",
                    new ListOf<>(NAME, 100, ""),
                    "its models without what a place puts before a name, such as databricks- or"
                            + " system.ai.; * at the end stands for any ending");
    private static final Key<Long> CONTEXT =
            Key.defaulting(
                    "context_tokens",
                    new Whole(0, 1_000_000_000),
                    0L,
                    "input and output together; 0 when not known");
    private static final Key<Long> MAX_OUTPUT =
            Key.defaulting(
                    "max_output_tokens",
                    new Whole(1, 1_000_000_000),
                    ModelTraits.UNKNOWN.maxOutputTokens(),
                    "the most it writes in one answer, sent where a dialect demands a number and"
                            + " the caller gave none");
    private static final Key<Boolean> SAMPLING =
            Key.defaulting(
                    "sampling",
                    new Truth(),
                    true,
                    "whether temperature, top_p and top_k are taken");
    private static final Key<Reasoning> REASONING =
            Key.defaulting(
                    "reasoning",
                    new OneOf<>(reasonings(), Set.of()),
                    "effort",
                    "how it is told to think: not at all, by an effort, by a budget of tokens, or"
                            + " adaptively with an effort");
    private static final Key<Boolean> STRUCTURED =
            Key.defaulting(
                    "structured_output",
                    new Truth(),
                    true,
                    "whether it takes a JSON schema for its answer");
    private static final Key<Boolean> CACHE_MARKS =
            Key.defaulting(
                    "cache_marks",
                    new Truth(),
                    false,
                    "whether its chat surface takes cache_control inside content blocks");
    private static final Key<Boolean> THINKING_BACK =
            Key.defaulting(
                    "thinking_back",
                    new Truth(),
                    false,
                    "whether its chat surface takes the thinking of earlier turns back");
    private static final Section<ModelFamily> FAMILY_SECTION =
            new Section<>(
                    "a family",
                    List.of(
                            FAMILY,
                            NAMES,
                            CONTEXT,
                            MAX_OUTPUT,
                            SAMPLING,
                            REASONING,
                            STRUCTURED,
                            CACHE_MARKS,
                            THINKING_BACK,
                            NOTE),
                    Set.of(),
                    _ -> {},
                    ModelBookFile::family);

    private static final Key<LocalDate> AS_OF =
            Key.required("as_of", Day.SHAPE, "the day on which the book was right");
    private static final Key<List<Priced>> MODELS =
            Key.defaulting(
                    "models",
                    new ListOf<>(MODEL_SECTION, MAX_ROWS, "id"),
                    List.of(),
                    "what models cost");
    private static final Key<List<ModelFamily>> FAMILIES =
            Key.defaulting(
                    "families",
                    new ListOf<>(FAMILY_SECTION, MAX_ROWS, "id"),
                    List.of(),
                    "how models want to be spoken to");
    static final Section<ModelBookConfig> SECTION =
            new Section<>(
                    "a model book",
                    List.of(AS_OF, NOTE, PriceSection.DBU, MODELS, FAMILIES),
                    Set.of(),
                    _ -> {},
                    ModelBookFile::book);

    private ModelBookFile() {}

    /// The operator's book over the one that comes with the product.
    static Optional<ModelBookConfig> read(Path file, Place place, Reading reading) {
        var named = "the model book " + Discretion.quote(file.toString());
        try {
            var bytes = reading.sources().read(file, YamlFile.MAX_BYTES);
            return read(file.toString(), bytes, reading)
                    .map(book -> book.over(ModelBookConfig.builtIn()));
        } catch (IOException why) {
            reading.fault(place, named + " " + why.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<ModelBookConfig> read(String name, byte[] bytes, Reading reading) {
        return YamlFile.read(name, bytes, reading)
                .flatMap(mapping -> SECTION.read(mapping, reading));
    }

    private record Priced(String model, List<PriceSection.Quoted> prices) {}

    private static ModelBookConfig book(Fields book) {
        var prices = new LinkedHashMap<String, List<Price>>();
        for (var model : book.the(MODELS)) {
            prices.put(
                    model.model(),
                    model.prices().stream()
                            .map(quoted -> quoted.inDollars(book.find(PriceSection.DBU)))
                            .toList());
        }
        return new ModelBookConfig(book.the(FAMILIES), prices);
    }

    private static ModelFamily family(Fields family) {
        return new ModelFamily(
                family.the(FAMILY),
                family.the(NAMES),
                new ModelTraits(
                        family.the(CONTEXT),
                        family.the(MAX_OUTPUT),
                        family.the(SAMPLING),
                        family.the(REASONING),
                        family.the(STRUCTURED),
                        family.the(CACHE_MARKS),
                        family.the(THINKING_BACK)));
    }

    private static Map<String, Reasoning> reasonings() {
        var reasonings = new LinkedHashMap<String, Reasoning>();
        reasonings.put("none", Reasoning.NONE);
        reasonings.put("effort", Reasoning.EFFORT);
        reasonings.put("budget", Reasoning.BUDGET);
        reasonings.put("adaptive", Reasoning.ADAPTIVE);
        return reasonings;
    }

    /// Read once, when somebody first asks.
    static final class BuiltIn {
        static final ModelBookConfig BOOK = read();

        private BuiltIn() {}

        private static ModelBookConfig read() {
            var reading = new Reading(Environment.EMPTY, new Sources());
            try (var in = ModelBookFile.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException(RESOURCE + " is not in the jar");
                }
                return ModelBookFile.read(RESOURCE, in.readAllBytes(), reading)
                        .orElseThrow(() -> new IllegalStateException(reading.faults().toString()));
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }
    }
}
