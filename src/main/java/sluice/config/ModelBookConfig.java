package sluice.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sluice.call.ModelFamily;
import sluice.call.Price;

/// What is known of models before anybody asks one: how they want to be spoken to, and what they cost by the name that
/// a target knows them by.
public record ModelBookConfig(List<ModelFamily> families, Map<String, List<Price>> prices) {
    public ModelBookConfig {
        families = List.copyOf(families);
        prices = Map.copyOf(prices);
    }

    /// The book that comes with the product, dated by its own {@code as_of}.
    public static ModelBookConfig builtIn() {
        return ModelBookFile.BuiltIn.BOOK;
    }

    /// This book's families and prices in place of those of the same id in {@code below}, whose others stay. Its
    /// families come first, so that they also win where both name a model.
    ModelBookConfig over(ModelBookConfig below) {
        var ids = families.stream().map(ModelFamily::id).collect(Collectors.toSet());
        var all = new ArrayList<>(families);
        below.families.stream().filter(family -> !ids.contains(family.id())).forEach(all::add);
        var allPrices = new LinkedHashMap<>(below.prices);
        allPrices.putAll(prices);
        return new ModelBookConfig(all, allPrices);
    }
}
