package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.json.Splice;

/// Model serving gives the items of Responses ids that are longer than it takes back on the next turn, so they are cut
/// where a caller sends them back (facts/databricks.md section 3.2). Nothing refers to an item by this id: calls have
/// theirs in {@code call_id}.
final class LongIds {
    private static final int LONGEST = 64;
    private static final Governed INPUT = Governed.of("input");
    private static final Governed ID = Governed.of("id");

    private LongIds() {}

    /// The body, of which the only piece is the body itself when there is nothing to cut.
    static Pieces cut(Bytes body) throws NotJson {
        var fields = Fields.scan(body, INPUT, Limits.DEFAULT);
        var input = fields.find("input");
        if (input != null && input.kind() == Kind.ARRAY) {
            var items = new ArrayList<Bytes>();
            boolean changed = false;
            for (var item : input.elements()) {
                var shorter = item.array()[item.from()] == '{' ? cutInside(item) : null;
                changed |= shorter != null;
                items.add(shorter == null ? item : shorter);
            }
            if (changed) {
                return Splice.of(fields).put("input", RefusedInside.joined(items)).pieces();
            }
        }
        return new Pieces(List.of(body), body.length());
    }

    private static @Nullable Bytes cutInside(Bytes item) throws NotJson {
        var fields = Fields.scan(item, ID, Limits.DEFAULT);
        var id = fields.find("id");
        return id == null || !isLong(id)
                ? null
                : Splice.of(fields).put("id", id.string().substring(0, LONGEST)).pieces().joined();
    }

    private static boolean isLong(Field id) throws NotJson {
        return id.kind() == Kind.STRING && id.string().length() > LONGEST;
    }
}
