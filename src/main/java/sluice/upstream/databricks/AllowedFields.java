package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.json.Splice;

/// What the rules come to for one model on one surface, prepared once.
final class AllowedFields {
    /// A caller that sends more unknown fields than these is told so.
    private static final int MAX_UNKNOWN = 256;

    private static final int LONGEST_SHOWN = 64;

    /// Whether fields that are not named here are taken out.
    private final boolean closed;

    /// Top-level names that are taken out.
    private final List<String> refused;

    private final Map<String, String> renamed;

    /// The top-level fields with something refused inside.
    private final Map<String, RefusedInside> inside;

    private final Governed governed;

    private AllowedFields(
            Set<String> allowed,
            boolean closed,
            Set<String> refused,
            Map<String, String> renamed,
            Map<String, RefusedInside> inside) {
        this.closed = closed;
        this.refused = List.copyOf(refused);
        this.renamed = Map.copyOf(renamed);
        this.inside = Map.copyOf(inside);
        var names = new LinkedHashSet<>(allowed);
        names.addAll(refused);
        names.addAll(renamed.keySet());
        names.addAll(renamed.values());
        names.addAll(inside.keySet());
        this.governed = Governed.of(names.toArray(String[]::new));
    }

    /// @param rules those that hold, in their order
    static AllowedFields of(List<FieldRule> rules) {
        var allowed = new LinkedHashSet<String>();
        var refused = new LinkedHashSet<String>();
        var renamed = new LinkedHashMap<String, String>();
        var deep = new LinkedHashSet<String>();
        boolean closed = false;
        for (var rule : rules) {
            closed |= !rule.only().isEmpty();
            allowed.addAll(rule.only());
            allowed.addAll(rule.allow());
            rule.allow().forEach(refused::remove);
            for (var path : rule.refuse()) {
                if (RefusedInside.isInside(path)) {
                    deep.add(path);
                } else {
                    allowed.remove(path);
                    refused.add(path);
                }
            }
            renamed.putAll(rule.rename());
        }
        return new AllowedFields(allowed, closed, refused, renamed, RefusedInside.of(deep));
    }

    Pieces apply(Bytes body, Dropped dropped) throws NotJson {
        if (governed.size() == 0) {
            return untouched(body);
        }
        var fields = Fields.scan(body, governed, Limits.DEFAULT);
        if (closed && fields.count() > known(fields)) {
            return apply(withoutUnknown(body, dropped), dropped);
        }
        return edited(fields, dropped);
    }

    private int known(Fields fields) {
        int known = 0;
        for (int index = 0; index < governed.size(); index++) {
            known += fields.has(index) ? 1 : 0;
        }
        return known;
    }

    private Pieces edited(Fields fields, Dropped dropped) throws NotJson {
        Splice splice = null;
        for (var name : refused) {
            if (fields.has(name) && !renamed.containsKey(name)) {
                splice = splice(splice, fields).remove(name);
                dropped.add(name);
            }
        }
        for (var rename : renamed.entrySet()) {
            splice = renamed(fields, rename.getKey(), rename.getValue(), splice, dropped);
        }
        for (var nested : inside.entrySet()) {
            var field = fields.find(nested.getKey());
            if (field != null && !refused.contains(nested.getKey())) {
                var edited = nested.getValue().without(field, dropped);
                if (edited != null) {
                    splice = splice(splice, fields).put(nested.getKey(), edited);
                }
            }
        }
        return splice == null ? untouched(fields.document()) : splice.pieces();
    }

    /// A value that would land on a name which is taken already is left out instead.
    private @Nullable Splice renamed(
            Fields fields, String from, String to, @Nullable Splice splice, Dropped dropped) {
        var value = fields.find(from);
        if (value == null) {
            return splice;
        }
        if (fields.has(to) || refused.contains(to)) {
            dropped.add(from);
            return splice(splice, fields).remove(from);
        }
        return splice(splice, fields).remove(from).put(to, value.value());
    }

    private static Splice splice(@Nullable Splice splice, Fields fields) {
        return splice == null ? Splice.of(fields) : splice;
    }

    /// Finds out what the unknown fields are called, which the scan does not tell, and takes them out. Rare.
    private Bytes withoutUnknown(Bytes body, Dropped dropped) throws NotJson {
        var unknown = new ArrayList<String>();
        for (var name : TopLevel.names(body)) {
            if (isUnknown(name)) {
                if (unknown.size() == MAX_UNKNOWN) {
                    throw NotJson.field(
                            shown(name),
                            "is one of more than "
                                    + MAX_UNKNOWN
                                    + " fields that the model does not take");
                }
                unknown.add(name);
                if (!name.equals("fallbacks")) { // the gateway's own, and it was heeded
                    dropped.add(name);
                }
            }
        }
        var fields = Fields.scan(body, Governed.of(unknown.toArray(String[]::new)), Limits.DEFAULT);
        var splice = Splice.of(fields);
        unknown.forEach(splice::remove);
        return splice.pieces().joined();
    }

    private static String shown(String name) {
        var cut = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "..." : name;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private boolean isUnknown(String name) {
        for (int index = 0; index < governed.size(); index++) {
            if (governed.name(index).equals(name)) {
                return false;
            }
        }
        return true;
    }

    private static Pieces untouched(Bytes body) {
        return new Pieces(List.of(body), body.length());
    }
}
