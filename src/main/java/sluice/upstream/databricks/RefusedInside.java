package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Splice;

/// What is refused inside one field: a tree of names, walked beside the document by scans of the values that it leads
/// to. Every byte that is not taken out stays as it came. A value that is of another kind than the path expects is
/// passed over: the workspace may judge it.
final class RefusedInside {
    /// True when the paths lead into the elements of an array here.
    private final boolean array;

    /// By name: null is taken out, else there is something to be taken out inside.
    private final Map<String, @Nullable RefusedInside> names;

    /// The whole paths of what is taken out here, by name, for the caller.
    private final Map<String, String> told;

    private final Governed governed;

    /// The last names of all paths: where none of them is mentioned there is nothing to be done.
    private final Mention mention;

    private RefusedInside(boolean array, Collection<String> paths, String before) {
        this.array = array;
        var deeper = new LinkedHashMap<String, Set<String>>();
        this.names = new LinkedHashMap<>();
        this.told = new LinkedHashMap<>();
        var last = new LinkedHashSet<String>();
        for (var path : paths) {
            int dot = path.indexOf('.');
            last.add(path.substring(path.lastIndexOf('.') + 1));
            if (dot < 0) {
                names.put(path, null);
                told.put(path, before + path);
            } else {
                deeper.computeIfAbsent(path.substring(0, dot), _ -> new LinkedHashSet<>())
                        .add(path.substring(dot + 1));
            }
        }
        deeper.forEach((head, rest) -> {
            boolean list = head.endsWith("[]");
            var name = list ? head.substring(0, head.length() - 2) : head;
            if (!told.containsKey(name)) {
                names.put(name, new RefusedInside(list, rest, before + head + "."));
            }
        });
        this.governed = Governed.of(names.keySet().toArray(String[]::new));
        this.mention = Mention.of(last);
    }

    static boolean isInside(String path) {
        return path.indexOf('.') >= 0;
    }

    /// @param paths that lead inside, each by its top-level name
    static Map<String, RefusedInside> of(Collection<String> paths) {
        var root = new RefusedInside(false, paths, "");
        var byField = new LinkedHashMap<String, RefusedInside>();
        root.names.forEach((name, inside) -> {
            if (inside != null) {
                byField.put(name, inside);
            }
        });
        return byField;
    }

    /// The value without what is refused in it, or null when there was nothing to take out.
    @Nullable Bytes without(Field field, Dropped dropped) throws NotJson {
        if (!mention.isIn(field.value())) {
            return null;
        }
        return array ? elements(field, dropped) : object(field.value(), dropped);
    }

    private @Nullable Bytes elements(Field field, Dropped dropped) throws NotJson {
        if (field.kind() != Kind.ARRAY) {
            return null;
        }
        var elements = field.elements();
        var edited = new ArrayList<Bytes>(elements.size());
        boolean changed = false;
        for (var element : elements) {
            var without = object(element, dropped);
            changed |= without != null;
            edited.add(without == null ? element : without);
        }
        return changed ? joined(edited) : null;
    }

    private @Nullable Bytes object(Bytes value, Dropped dropped) throws NotJson {
        if (value.array()[value.from()] != '{') {
            return null;
        }
        var fields = Fields.scan(value, governed, Limits.DEFAULT);
        Splice splice = null;
        for (var name : names.keySet()) {
            var field = fields.find(name);
            if (field == null) {
                continue;
            }
            var inside = names.get(name);
            if (inside == null) {
                splice = (splice == null ? Splice.of(fields) : splice).remove(name);
                dropped.add(String.valueOf(told.get(name)));
                continue;
            }
            var without = inside.without(field, dropped);
            if (without != null) {
                splice = (splice == null ? Splice.of(fields) : splice).put(name, without);
            }
        }
        return splice == null ? null : splice.pieces().joined();
    }

    /// An array of these.
    static Bytes joined(List<Bytes> elements) {
        long length = 1 + (long) elements.size();
        for (var element : elements) {
            length += element.length();
        }
        var whole = new byte[Math.toIntExact(length)];
        int at = 0;
        whole[at++] = '[';
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                whole[at++] = ',';
            }
            var element = elements.get(i);
            System.arraycopy(element.array(), element.from(), whole, at, element.length());
            at += element.length();
        }
        whole[at] = ']';
        return Bytes.of(whole);
    }
}
