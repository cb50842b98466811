package sluice.admin;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Failure;
import sluice.call.Failure.NotDone.Why;
import sluice.store.Store;
import sluice.store.StoredObject;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Lists, shows, makes, changes and removes objects of every kind but keys. Those of files are shown and stay as they are.
final class ObjectPages {
    static final JsonMapper JSON = JsonMapper.shared();

    /// Of two values of one name nobody knows which was meant.
    private static final ObjectReader ONCE =
            JSON.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    static final int PAGE = 100;
    static final int LARGEST_PAGE = 1_000;
    private static final String LEFT_OUT = "left_out";
    private static final int LONGEST_ID = 256;

    private final Store store;
    private final Declared declared;
    private final Clock clock;

    ObjectPages(Store store, Declared declared, Clock clock) {
        this.store = store;
        this.declared = declared;
        this.clock = clock;
    }

    Answer list(String kind, Asked asked, Operator operator) {
        asked.knows(Set.of("limit", "after", "team", "customer", "user", "key"));
        int limit = asked.number("limit", PAGE, LARGEST_PAGE);
        var after = asked.query().getOrDefault("after", "");
        var shown =
                rows(kind).stream()
                        .filter(row -> id(row).compareTo(after) > 0)
                        .filter(row -> fits(row, asked))
                        .filter(row -> isOf(kind, row, operator))
                        .sorted(Comparator.comparing(ObjectPages::id))
                        .limit(limit + 1L)
                        .toList();
        return page(shown, limit);
    }

    private List<ObjectNode> rows(String kind) {
        var rows = new ArrayList<ObjectNode>();
        declared.written(kind).forEach(each -> rows.add(row(each)));
        var files = rows.stream().map(ObjectPages::id).collect(Collectors.toSet());
        for (var object : store.objects()) {
            if (object.kind().equals(kind) && !files.contains(object.id())) {
                rows.add(row(object));
            }
        }
        return rows;
    }

    /// The people who are declared to be of a team.
    List<String> usersOf(String team) {
        return rows("users").stream()
                .filter(row -> team.equals(row.path("team").asString("")))
                .map(ObjectPages::id)
                .toList();
    }

    static Answer page(List<ObjectNode> shown, int limit) {
        var page = JSON.createObjectNode();
        var data = page.putArray("data");
        shown.stream().limit(limit).forEach(data::add);
        page.put("next", shown.size() > limit ? id(shown.get(limit - 1)) : null);
        return Answer.json(200, bytes(page), null);
    }

    private static boolean fits(ObjectNode row, Asked asked) {
        for (var name : List.of("team", "customer", "user", "key")) {
            var wanted = asked.query().get(name);
            if (wanted != null && !wanted.equals(row.path(name).asString(""))) {
                return false;
            }
        }
        return true;
    }

    /// A team-manager sees its own team and what belongs to it.
    private static boolean isOf(String kind, ObjectNode row, Operator operator) {
        var team = operator.team();
        return team == null
                || team.equals(kind.equals("teams") ? id(row) : row.path("team").asString(""));
    }

    Answer get(String kind, String id, Operator operator) {
        var written = written(kind, id);
        if (written.isPresent()) {
            var row = row(written.get());
            demandOwn(kind, row, operator);
            return Answer.json(200, bytes(row), null);
        }
        var object = store.object(kind, id).orElseThrow(() -> unknown(kind, id));
        var row = row(object);
        demandOwn(kind, row, operator);
        return Answer.json(200, bytes(row), tag(object.version()));
    }

    private void demandOwn(String kind, ObjectNode row, Operator operator) {
        if (!isOf(kind, row, operator)) {
            throw unknown(kind, id(row)); // whether it is there is none of its business
        }
    }

    Answer create(String kind, Asked asked, Operator operator) {
        asked.knows(Set.of("dry_run"));
        var document = document(asked);
        var id = newId(document);
        document.remove("id");
        refuseWritten(kind, id);
        if (store.object(kind, id).isPresent()) {
            throw exists(kind, id);
        }
        return write(kind, id, document, 0, 201, asked, operator);
    }

    Answer update(String kind, String id, Asked asked, Operator operator) {
        asked.knows(Set.of("dry_run"));
        refuseWritten(kind, id);
        var document = document(asked);
        demandSameId(id, document);
        document.remove("id");
        var there = store.object(kind, id).orElseThrow(() -> unknown(kind, id));
        demandSeen(asked, there.version());
        return write(kind, id, document, there.version(), 200, asked, operator);
    }

    private Answer write(
            String kind,
            String id,
            ObjectNode document,
            long expected,
            int status,
            Asked asked,
            Operator operator) {
        document.remove(
                List.of(
                        "source",
                        "place",
                        "etag",
                        "created_at",
                        "updated_at",
                        "updated_by",
                        LEFT_OUT));
        var json = JSON.writeValueAsString(document);
        demandFaultless(declared.faults(kind, id, json));
        var change = new StoredObject.Change(kind, id, json, operator.id(), clock.instant());
        if (asked.isDry()) {
            document.put("id", id);
            return Answer.json(200, bytes(document), null);
        }
        var written = store.put(change, expected).orElseThrow(() -> stale(kind, id));
        declared.objectsChanged();
        return Answer.json(status, bytes(row(written)), tag(written.version()));
    }

    Answer delete(String kind, String id, Asked asked, Operator operator) {
        asked.knows(Set.of("dry_run"));
        refuseWritten(kind, id);
        var there = store.object(kind, id).orElseThrow(() -> unknown(kind, id));
        demandSeen(asked, there.version());
        demandFaultless(declared.faults(kind, id, null));
        if (!asked.isDry()) {
            if (!store.remove(kind, id, there.version(), operator.id(), clock.instant())) {
                throw stale(kind, id);
            }
            declared.objectsChanged();
        }
        return Answer.json(
                200, bytes(JSON.createObjectNode().put("id", id).put("deleted", true)), null);
    }

    private void refuseWritten(String kind, String id) {
        written(kind, id)
                .ifPresent(there -> {
                    throw readOnly(kind, there);
                });
    }

    static RuntimeException readOnly(String kind, Declared.Written there) {
        return notDone(
                Why.READ_ONLY,
                "'"
                        + there.id()
                        + "' of "
                        + kind
                        + " is declared in "
                        + there.place()
                        + "; change it there.");
    }

    private Optional<Declared.Written> written(String kind, String id) {
        return declared.written(kind).stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /// The id of an object that is to be made.
    static String newId(ObjectNode document) {
        var id = document.path("id").isString() ? document.path("id").asString() : "";
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw Asked.malformed(
                    "is missing, no text, or longer than "
                            + LONGEST_ID
                            + " characters: the object's id",
                    "id");
        }
        return id;
    }

    static void demandSameId(String id, ObjectNode document) {
        if (document.has("id") && !id.equals(document.path("id").asString(""))) {
            throw Asked.malformed(
                    "An object keeps its id; make another one and remove this.", "id");
        }
    }

    static void demandFaultless(List<String> faults) {
        if (!faults.isEmpty()) {
            throw notDone(Why.FAULTY, String.join("\n", faults));
        }
    }

    /// Nobody overwrites what it has not seen.
    static void demandSeen(Asked asked, long version) {
        var seen = asked.ifMatch();
        if (seen == null) {
            throw notDone(
                    Why.ETAG_MISSING,
                    "Send the object's etag, as you saw it, in the header If-Match.");
        }
        if (!seen.equals("*") && !seen.equals(tag(version))) {
            throw notDone(
                    Why.STALE,
                    "Somebody changed it since: its etag is "
                            + tag(version)
                            + ". Look at it again.");
        }
    }

    /// The body as a JSON object.
    static ObjectNode document(Asked asked) {
        try {
            if (ONCE.readTree(asked.body().utf8()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException none) {
            // told below
        }
        throw Asked.malformed("The body must be one JSON object, with each name once.", null);
    }

    static ObjectNode row(Declared.Written written) {
        var row = parsed(written.id(), written.json());
        row.put("source", "file");
        row.put("place", written.place());
        return row;
    }

    private ObjectNode row(StoredObject object) {
        var row = parsed(object.id(), object.document());
        row.put("source", "store");
        row.put("etag", tag(object.version()));
        row.put("created_at", object.createdAt().toString());
        row.put("updated_at", object.updatedAt().toString());
        row.put("updated_by", object.updatedBy());
        var faults = declared.leftOut(object.kind(), object.id());
        if (!faults.isEmpty()) {
            faults.forEach(row.putArray(LEFT_OUT)::add);
        }
        return row;
    }

    static ObjectNode parsed(String id, String json) {
        var row = JSON.createObjectNode();
        row.put("id", id);
        JsonNode document = JSON.readTree(json);
        document.properties().forEach(entry -> row.set(entry.getKey(), entry.getValue()));
        return row;
    }

    static String id(ObjectNode row) {
        return row.path("id").asString("");
    }

    static String tag(long version) {
        return "\"" + version + "\"";
    }

    static Bytes bytes(JsonNode node) {
        return Bytes.utf8(JSON.writeValueAsString(node));
    }

    static RuntimeException unknown(String kind, String id) {
        return notDone(Why.UNKNOWN, "There is no '" + shown(id) + "' among the " + kind + ".");
    }

    static RuntimeException exists(String kind, String id) {
        return notDone(
                Why.EXISTS, "There is a '" + shown(id) + "' among the " + kind + " already.");
    }

    static RuntimeException stale(String kind, String id) {
        return notDone(
                Why.STALE, "Somebody else changed '" + shown(id) + "' of " + kind + " meanwhile.");
    }

    static RuntimeException notDone(Why why, @Nullable String message) {
        return new Failure.NotDone(why, String.valueOf(message)).asException();
    }

    private static String shown(String id) {
        var cut = id.length() > 100 ? id.substring(0, 100) + "..." : id;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
