package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.List;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.openai.ModelList;

/// What {@code GET /api/2.0/serving-endpoints} says (facts/databricks.md section 2.2). Every level of a row may be
/// missing.
final class ServingEndpoints {
    private static final Governed LIST = Governed.of("endpoints");
    private static final Governed ROW = Governed.of("name", "task");
    private static final String CHAT = "llm/v1/chat";
    private static final int MAX_ENDPOINTS = 10_000;

    private ServingEndpoints() {}

    /// The names of the endpoints that declare the chat task, ready or not: a cold one is still asked for by name.
    static List<String> chatModels(Bytes document) throws NotJson {
        var endpoints = Fields.scan(document, LIST, Limits.DEFAULT).find("endpoints");
        var names = new ArrayList<String>();
        if (endpoints == null || endpoints.kind() != Kind.ARRAY) {
            return names;
        }
        for (var row : endpoints.elements()) {
            if (row.array()[row.from()] != '{' || names.size() == MAX_ENDPOINTS) {
                continue;
            }
            var fields = Fields.scan(row, ROW, Limits.DEFAULT);
            var name = fields.find("name");
            var task = fields.find("task");
            if (name != null
                    && name.kind() == Kind.STRING
                    && ModelList.isName(name.string())
                    && task != null
                    && task.kind() == Kind.STRING
                    && task.string().equals(CHAT)) {
                names.add(name.string());
            }
        }
        return names;
    }
}
