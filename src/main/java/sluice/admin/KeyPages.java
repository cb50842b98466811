package sluice.admin;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.store.KeyFilter;
import sluice.store.KeyHash;
import sluice.store.Store;
import sluice.store.StoredKey;
import tools.jackson.databind.node.ObjectNode;

/// Lists, shows, makes, changes, rotates and removes virtual keys. The text of a key is told once, when it is made.
final class KeyPages {
    private static final String KIND = "keys";
    private static final String PREFIX = "sk-slc-";
    private static final int KEY_BYTES = 32;
    private static final Duration USUAL_OVERLAP = Duration.ofHours(24);
    private static final long LONGEST_OVERLAP_SECONDS = Duration.ofDays(90).toSeconds();

    private final Store store;
    private final Declared declared;
    private final Function<String, KeyHash> hasher;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    KeyPages(Store store, Declared declared, Function<String, KeyHash> hasher, Clock clock) {
        this.store = store;
        this.declared = declared;
        this.hasher = hasher;
        this.clock = clock;
    }

    Answer list(Asked asked, Operator operator) {
        asked.knows(Set.of("limit", "after", "team", "customer", "user", "disabled"));
        int limit = asked.number("limit", ObjectPages.PAGE, ObjectPages.LARGEST_PAGE);
        var after = asked.query().getOrDefault("after", "");
        var filter =
                new KeyFilter(
                        operator.team() == null ? asked.query().get("team") : operator.team(),
                        asked.query().get("customer"),
                        asked.query().get("user"),
                        asked.truth("disabled"));
        var rows = new ArrayList<ObjectNode>();
        for (var written : declared.written(KIND)) {
            var row = ObjectPages.row(written);
            if (written.id().compareTo(after) > 0 && fits(row, filter)) {
                rows.add(row);
            }
        }
        store.keys(filter, after, limit + 1).forEach(key -> rows.add(row(key)));
        rows.sort(Comparator.comparing(ObjectPages::id));
        return ObjectPages.page(rows, limit);
    }

    /// The keys that belong to a team.
    Set<String> idsOf(String team) {
        var filter = new KeyFilter(team, null, null, null);
        var ids = new HashSet<String>();
        for (var written : declared.written(KIND)) {
            if (fits(ObjectPages.row(written), filter)) {
                ids.add(written.id());
            }
        }
        var page = store.keys(filter, "", ObjectPages.LARGEST_PAGE);
        while (!page.isEmpty()) {
            page.forEach(key -> ids.add(key.id()));
            page = store.keys(filter, page.getLast().id(), ObjectPages.LARGEST_PAGE);
        }
        return ids;
    }

    private static boolean fits(ObjectNode row, KeyFilter filter) {
        return fits(row, "team", filter.team())
                && fits(row, "customer", filter.customer())
                && fits(row, "user", filter.user())
                && (filter.disabled() == null
                        || filter.disabled() == row.path("disabled").asBoolean(false));
    }

    private static boolean fits(ObjectNode row, String name, @Nullable String wanted) {
        return wanted == null || wanted.equals(row.path(name).asString(""));
    }

    Answer get(String id, Operator operator) {
        var written = written(id);
        if (written.isPresent()) {
            var row = ObjectPages.row(written.get());
            demandOwn(id, row.path("team").asString(""), operator);
            return Answer.json(200, ObjectPages.bytes(row), null);
        }
        var key = there(id, operator);
        return Answer.json(200, ObjectPages.bytes(row(key)), ObjectPages.tag(key.version()));
    }

    Answer create(Asked asked, Operator operator) {
        asked.knows(Set.of("dry_run"));
        var document = ObjectPages.document(asked);
        var id = ObjectPages.newId(document);
        refuseWritten(id, operator);
        if (document.has("key")) {
            throw Asked.malformed(
                    "A key's text is made here and told once; it cannot be given.", "key");
        }
        if (store.key(id).isPresent()) {
            throw ObjectPages.exists(KIND, id);
        }
        var text = fresh();
        var now = clock.instant();
        var key = key(id, document, null, hasher.apply(text), null, null, now, operator);
        if (asked.isDry()) {
            return Answer.json(200, ObjectPages.bytes(row(key)), null);
        }
        var written = write(key, 0);
        declared.keyChanged(null, written);
        return withText(201, written, text);
    }

    private Answer withText(int status, StoredKey key, String text) {
        var row = row(key);
        row.put("key", text);
        return Answer.json(status, ObjectPages.bytes(row), ObjectPages.tag(key.version()));
    }

    Answer update(String id, Asked asked, Operator operator) {
        asked.knows(Set.of("dry_run"));
        refuseWritten(id, operator);
        var there = there(id, operator);
        ObjectPages.demandSeen(asked, there.version());
        var document = ObjectPages.document(asked);
        ObjectPages.demandSameId(id, document);
        var key =
                key(
                        id,
                        document,
                        there.customer(),
                        there.hash(),
                        there.replacedHash(),
                        there.replacedUntil(),
                        there.createdAt(),
                        operator);
        if (asked.isDry()) {
            return Answer.json(200, ObjectPages.bytes(row(key)), null);
        }
        return changed(there, key);
    }

    private Answer changed(StoredKey before, StoredKey after) {
        var written = write(after, before.version());
        declared.keyChanged(before, written);
        return Answer.json(
                200, ObjectPages.bytes(row(written)), ObjectPages.tag(written.version()));
    }

    /// Makes a new text for a key. The one before it stays good for a while, so that callers can change over.
    Answer rotate(String id, Asked asked, Operator operator) {
        asked.knows(Set.of("overlap_seconds"));
        refuseWritten(id, operator);
        var there = there(id, operator);
        var overlap = overlap(asked);
        var now = clock.instant();
        var text = fresh();
        var key =
                new StoredKey(
                        id,
                        hasher.apply(text),
                        overlap.isZero() ? null : there.hash(),
                        overlap.isZero() ? null : now.plus(overlap),
                        there.disabled(),
                        there.expiresAt(),
                        there.team(),
                        there.customer(),
                        there.user(),
                        there.document(),
                        there.version(),
                        there.createdAt(),
                        now,
                        operator.id());
        var written = write(key, there.version());
        declared.keyChanged(there, written);
        return withText(200, written, text);
    }

    private static Duration overlap(Asked asked) {
        var text = asked.query().get("overlap_seconds");
        if (text == null) {
            return USUAL_OVERLAP;
        }
        if (text.matches("[0-9]{1,9}") && Long.parseLong(text) <= LONGEST_OVERLAP_SECONDS) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        throw Asked.malformed(
                "Expected a whole number from 0 to " + LONGEST_OVERLAP_SECONDS + ".",
                "overlap_seconds");
    }

    Answer able(String id, boolean able, Asked asked, Operator operator) {
        asked.knows(Set.of());
        refuseWritten(id, operator);
        var there = there(id, operator);
        return changed(
                there,
                new StoredKey(
                        id,
                        there.hash(),
                        there.replacedHash(),
                        there.replacedUntil(),
                        !able,
                        there.expiresAt(),
                        there.team(),
                        there.customer(),
                        there.user(),
                        there.document(),
                        there.version(),
                        there.createdAt(),
                        clock.instant(),
                        operator.id()));
    }

    Answer delete(String id, Asked asked, Operator operator) {
        asked.knows(Set.of("dry_run"));
        refuseWritten(id, operator);
        var there = there(id, operator);
        ObjectPages.demandSeen(asked, there.version());
        if (!asked.isDry()) {
            if (!store.removeKey(id, there.version(), operator.id(), clock.instant())) {
                throw ObjectPages.stale(KIND, id);
            }
            declared.keyChanged(there, null);
        }
        var told = ObjectPages.JSON.createObjectNode().put("id", id).put("deleted", true);
        return Answer.json(200, ObjectPages.bytes(told), null);
    }

    private StoredKey write(StoredKey key, long expected) {
        return store.put(key, expected).orElseThrow(() -> ObjectPages.stale(KIND, key.id()));
    }

    /// What the document says of whom it belongs to stands beside it, so that keys can be found by it.
    private StoredKey key(
            String id,
            ObjectNode given,
            @Nullable String customerBefore,
            KeyHash hash,
            @Nullable KeyHash replaced,
            @Nullable Instant replacedUntil,
            Instant createdAt,
            Operator operator) {
        var document = given.deepCopy();
        document.remove(
                List.of("id", "source", "place", "etag", "created_at", "updated_at", "updated_by"));
        document.remove(List.of("replaced_until"));
        if (operator.team() != null && !document.has("team")) {
            document.put("team", operator.team());
        }
        ObjectPages.demandFaultless(
                declared.faults(KIND, id, ObjectPages.JSON.writeValueAsString(document)));
        var team = text(document, "team");
        if (operator.team() != null && !operator.team().equals(team)) {
            throw Rights.forbidden(operator, "make keys of another team");
        }
        var customer = text(document, "customer");
        if (operator.team() != null && customer != null && !customer.equals(customerBefore)) {
            throw Rights.forbidden(operator, "say for which customer a key works");
        }
        var user = text(document, "user");
        var expires = text(document, "expires_at");
        boolean disabled = document.path("disabled").asBoolean(false);
        document.remove(List.of("team", "customer", "user", "expires_at", "disabled"));
        return new StoredKey(
                id,
                hash,
                replaced,
                replacedUntil,
                disabled,
                expires == null ? null : OffsetDateTime.parse(expires).toInstant(),
                team,
                customer,
                user,
                ObjectPages.JSON.writeValueAsString(document),
                0,
                createdAt,
                clock.instant(),
                operator.id());
    }

    private static @Nullable String text(ObjectNode document, String name) {
        return document.has(name) ? document.path(name).asString() : null;
    }

    private StoredKey there(String id, Operator operator) {
        var key = store.key(id).orElseThrow(() -> ObjectPages.unknown(KIND, id));
        demandOwn(id, key.team() == null ? "" : key.team(), operator);
        return key;
    }

    private static void demandOwn(String id, String team, Operator operator) {
        if (operator.team() != null && !operator.team().equals(team)) {
            throw ObjectPages.unknown(KIND, id); // whether it is there is none of its business
        }
    }

    /// Where a key of another team is declared is none of a team-manager's business.
    private void refuseWritten(String id, Operator operator) {
        written(id)
                .ifPresent(there -> {
                    demandOwn(id, ObjectPages.row(there).path("team").asString(""), operator);
                    throw ObjectPages.readOnly(KIND, there);
                });
    }

    private Optional<Declared.Written> written(String id) {
        return declared.written(KIND).stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private String fresh() {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ObjectNode row(StoredKey key) {
        var row = ObjectPages.parsed(key.id(), key.document());
        if (key.team() != null) {
            row.put("team", key.team());
        }
        if (key.customer() != null) {
            row.put("customer", key.customer());
        }
        if (key.user() != null) {
            row.put("user", key.user());
        }
        if (key.expiresAt() != null) {
            row.put("expires_at", key.expiresAt().toString());
        }
        row.put("disabled", key.disabled());
        if (key.replacedUntil() != null) {
            row.put("replaced_until", key.replacedUntil().toString());
        }
        row.put("source", "store");
        if (key.version() > 0) {
            row.put("etag", ObjectPages.tag(key.version()));
        }
        row.put("created_at", key.createdAt().toString());
        row.put("updated_at", key.updatedAt().toString());
        row.put("updated_by", key.updatedBy());
        return row;
    }
}
