package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.call.Bytes;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.openai.ModelList;

/// Unity Catalog's list of registered models, which some operators name as a target's list of models
/// (facts/databricks.md section 5.1). It lists what is registered, not what is served.
public final class UnityCatalogModels {
    private static final Governed LIST = Governed.of("registered_models", "next_page_token");
    private static final Governed ROW = Governed.of("full_name", "name");
    private static final int MAX_MODELS = 10_000;

    private UnityCatalogModels() {}

    /// True when a document has this shape, not OpenAI's.
    public static boolean isOne(Bytes document) {
        try {
            return Fields.scan(document, LIST, Limits.DEFAULT).has("registered_models");
        } catch (NotJson not) {
            return false;
        }
    }

    /// The full names, or the plain ones where there is no other; rows without any are passed over.
    ///
    /// @throws NotJson when the document is no JSON object
    public static List<String> ids(Bytes document) throws NotJson {
        var models = Fields.scan(document, LIST, Limits.DEFAULT).find("registered_models");
        var ids = new ArrayList<String>();
        if (models == null || models.kind() != Kind.ARRAY) {
            return ids;
        }
        for (var row : models.elements()) {
            if (row.array()[row.from()] != '{' || ids.size() == MAX_MODELS) {
                continue;
            }
            var fields = Fields.scan(row, ROW, Limits.DEFAULT);
            text(fields, "full_name").or(() -> text(fields, "name")).ifPresent(ids::add);
        }
        return ids;
    }

    /// What to ask the next page with, to be sent percent-encoded as {@code page_token}; nothing on the last page.
    ///
    /// @throws NotJson when the document is no JSON object
    public static Optional<String> nextPageToken(Bytes document) throws NotJson {
        return text(Fields.scan(document, LIST, Limits.DEFAULT), "next_page_token");
    }

    private static Optional<String> text(Fields fields, String name) {
        return Optional.ofNullable(fields.find(name)).flatMap(UnityCatalogModels::text);
    }

    private static Optional<String> text(Field field) {
        try {
            return field.kind() == Kind.STRING
                    ? Optional.of(field.string()).filter(ModelList::isName)
                    : Optional.empty();
        } catch (NotJson not) {
            return Optional.empty();
        }
    }
}
