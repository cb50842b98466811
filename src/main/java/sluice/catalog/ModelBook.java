package sluice.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sluice.call.ModelFamily;
import sluice.call.ModelTraits;

/// What is known of models by their names: their windows, and how they want to be spoken to.
///
/// The same model is called {@code databricks-claude-opus-4-6}, {@code system.ai.claude-opus-4-6} and {@code
/// claude-opus-4.6}, so a name is compared without what a place puts before it, in lower case, and with {@code -} for
/// {@code .}. Of several names that fit, the longest counts; of equally long ones a whole name before a beginning, then
/// the family that was given first.
public final class ModelBook {
    /// How many resolved names are kept; beyond it a new name is resolved each time it is asked for.
    private static final int KEPT_MAX = 4096;

    private static final List<String> PLACES = List.of("system.ai.", "databricks-");

    private final Map<String, ModelTraits> whole = new HashMap<>();
    private final List<Beginning> beginnings;
    private final Map<String, ModelTraits> kept = new ConcurrentHashMap<>();

    private record Beginning(String text, ModelTraits traits) {}

    private ModelBook(List<ModelFamily> families) {
        var unordered = new ArrayList<Beginning>();
        for (var family : families) {
            for (var name : family.names()) {
                var plain = plain(name);
                if (plain.endsWith("*")) {
                    unordered.add(
                            new Beginning(plain.substring(0, plain.length() - 1), family.traits()));
                } else {
                    whole.putIfAbsent(plain, family.traits());
                }
            }
        }
        unordered.sort( // stable
                Comparator.comparingInt((Beginning name) -> name.text().length()).reversed());
        beginnings = List.copyOf(unordered);
    }

    public static ModelBook of(List<ModelFamily> families) {
        return new ModelBook(families);
    }

    /// {@link ModelTraits#UNKNOWN} for a model that no family names.
    ///
    /// @param model as the target knows it
    public ModelTraits traits(String model) {
        var known = kept.get(model);
        if (known != null) {
            return known;
        }
        var resolved = resolve(plain(model));
        if (kept.size() < KEPT_MAX) {
            kept.put(model, resolved);
        }
        return resolved;
    }

    private ModelTraits resolve(String plain) {
        var named = whole.get(plain);
        if (named != null) {
            return named;
        }
        for (var beginning : beginnings) {
            if (plain.startsWith(beginning.text())) {
                return beginning.traits();
            }
        }
        return ModelTraits.UNKNOWN;
    }

    private static String plain(String model) {
        var name = model.toLowerCase(Locale.ROOT);
        for (var place : PLACES) {
            if (name.startsWith(place)) {
                name = name.substring(place.length());
                break;
            }
        }
        return name.replace('.', '-');
    }
}
