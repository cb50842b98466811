package sluice.upstream.databricks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.json.NotJson;
import sluice.json.Pieces;

/// Which fields of a request a workspace takes: it refuses unknown ones instead of ignoring them, so what would be
/// refused is taken out and told (facts/databricks.md sections 3.1 and 3.4, facts/llm-protocols.md section 14).
///
/// The table is data with a date, because every new model changes it; an operator's file may take its place. A rule
/// holds for a dialect, some surfaces and some models:
///
/// - {@code only} closes the top level: what is neither named there nor allowed by another rule is taken out;
/// - {@code allow} names top-level fields that are taken too, where a rule has closed the top level;
/// - {@code refuse} takes a field out, wherever its path leads: {@code tools[].function.strict};
/// - {@code rename} moves a top-level value to the name that is taken.
///
/// A later rule holds against an earlier one.
public final class RequestFields {
    private static final String FILE = "/sluice/upstream/databricks/request-fields.json";
    private static final int MAX_KEPT = 1_024;
    private static final RequestFields BUILT_IN = load();

    private final String dated;
    private final List<FieldRule> rules;
    private final Map<Question, AllowedFields> kept = new ConcurrentHashMap<>();

    private record Question(Surface surface, Dialect dialect, List<String> names) {}

    private RequestFields(String dated, List<FieldRule> rules) {
        this.dated = dated;
        this.rules = rules;
    }

    /// The table that is shipped with the product.
    public static RequestFields builtIn() {
        return BUILT_IN;
    }

    /// An operator's table, which stands alone: it is laid over nothing.
    ///
    /// @param file at most 1 MB of JSON in the form of the built-in file
    /// @throws NotJson when it is not such a table; the message names the rule, counted from 0
    public static RequestFields read(Bytes file) throws NotJson {
        var table = FieldRule.read(file);
        return new RequestFields(table.dated(), table.rules());
    }

    private static RequestFields load() {
        try (var file = RequestFields.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the product lacks its file " + FILE);
            }
            return read(Bytes.of(file.readAllBytes()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NotJson not) {
            throw new IllegalStateException(FILE + ": " + not.getMessage(), not);
        }
    }

    /// The day of the table, as it is written there.
    public String dated() {
        return dated;
    }

    /// The body as it may be sent. When nothing has to be taken out the only piece is the body itself.
    ///
    /// @param body a JSON object that has been read before
    /// @param names of the model: as sent, and, when known, of the model behind it ({@link DeclaredModel#names})
    /// @param dropped is told every field that is taken out
    /// @throws NotJson when a field in question is given twice, or there are hundreds of unknown ones
    public Pieces apply(
            Bytes body, Surface surface, Dialect dialect, List<String> names, Dropped dropped)
            throws NotJson {
        return allowed(surface, dialect, names).apply(body, dropped);
    }

    private AllowedFields allowed(Surface surface, Dialect dialect, List<String> names) {
        var question = new Question(surface, dialect, List.copyOf(names));
        var known = kept.get(question);
        if (known != null) {
            return known;
        }
        var holding = new ArrayList<FieldRule>();
        for (var rule : rules) {
            if (rule.holdsFor(surface, dialect, lowerCase(names))) {
                holding.add(rule);
            }
        }
        var made = AllowedFields.of(holding);
        if (kept.size() >= MAX_KEPT) {
            kept.clear(); // names may be a caller's invention: those that are used come back
        }
        kept.put(question, made);
        return made;
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }
}
