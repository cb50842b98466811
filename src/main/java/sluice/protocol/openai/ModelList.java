package sluice.protocol.openai;

import java.util.ArrayList;
import java.util.List;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.JsonText;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// The list of models, read from a provider and printed for a caller. Printed in the union shape that both SDK
/// families read (facts/llm-protocols.md section 6).
public final class ModelList {
    private static final Governed LIST = Governed.of("data");
    private static final Governed ROW = Governed.of("id");

    /// Names longer than this are nobody's.
    private static final int MAX_NAME = 512;

    private static final int MAX_MODELS = 10_000;

    private ModelList() {}

    /// The ids of a list as a provider gives it; rows without one are passed over.
    public static List<String> ids(Bytes document) throws NotJson {
        var data = Fields.scan(document, LIST, Limits.DEFAULT).find("data");
        var ids = new ArrayList<String>();
        if (data == null || data.kind() != Kind.ARRAY) {
            return ids;
        }
        for (var row : data.elements()) {
            if (row.array()[row.from()] != '{' || ids.size() == MAX_MODELS) {
                continue;
            }
            var id = Fields.scan(row, ROW, Limits.DEFAULT).find("id");
            if (id != null && id.kind() == Kind.STRING && isName(id.string())) {
                ids.add(id.string());
            }
        }
        return ids;
    }

    /// Whether a text can be a model's name: neither empty nor huge, and without control characters.
    public static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_NAME
                && text.chars().noneMatch(Character::isISOControl);
    }

    /// One model as a caller sees it.
    public record Row(String id, String ownedBy) {}

    /// @param hasMore whether the list goes on behind these rows
    public static Bytes print(List<Row> rows, boolean hasMore) {
        var text = new JsonText().object().field("object", "list").array("data");
        for (var row : rows) {
            print(text, row);
        }
        return text.end()
                .field("has_more", hasMore)
                .field("first_id", rows.isEmpty() ? null : rows.getFirst().id())
                .field("last_id", rows.isEmpty() ? null : rows.getLast().id())
                .end()
                .toBytes();
    }

    public static Bytes print(Row row) {
        var text = new JsonText();
        print(text, row);
        return text.toBytes();
    }

    /// When a model was made is not known here, and the formats want a date: the beginning of time says so.
    private static void print(JsonText text, Row row) {
        text.object()
                .field("id", row.id())
                .field("object", "model")
                .field("type", "model")
                .field("created", 0)
                .field("created_at", "1970-01-01T00:00:00Z")
                .field("owned_by", row.ownedBy())
                .field("display_name", row.id())
                .end();
    }
}
