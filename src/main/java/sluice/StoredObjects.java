package sluice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.admin.Declared;
import sluice.call.Principal;
import sluice.config.Configuration;
import sluice.config.ConfigurationReader;
import sluice.config.Declaration;
import sluice.config.Fault;
import sluice.config.KeyDocument;
import sluice.config.Loaded;
import sluice.config.ObjectKind;
import sluice.config.PolicySchema;
import sluice.config.StoredDocument;
import sluice.identity.KeyTable;
import sluice.store.KeyFilter;
import sluice.store.KeyHash;
import sluice.store.Store;
import sluice.store.StoredKey;

/// The objects and keys of the store as a part of the running configuration: they are laid under the files, and what an
/// operator changes is read together with everything else before it counts.
final class StoredObjects implements Declared, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredObjects.class);

    /// How soon a gateway knows what was changed at another one.
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(2);

    private final Store store;
    private final ConfigurationReader reader;
    private final Supplier<Configuration> running;
    private final Consumer<Loaded> takeOver;
    private final KeyTable keys;
    private volatile List<StoredDocument> documents = List.of();
    private volatile Map<StoredDocument, List<String>> leftOut = Map.of();
    private boolean everLaid;
    private long revision;
    private @Nullable Thread watch;
    private volatile Written written = new Written(List.of(), Map.of());

    /// The objects of the files of one configuration.
    private record Written(List<Declaration> of, Map<String, List<Declared.Written>> byKind) {}

    /// @param takeOver takes a configuration that was read anew
    StoredObjects(
            Store store,
            ConfigurationReader reader,
            Supplier<Configuration> running,
            Consumer<Loaded> takeOver,
            KeyTable keys) {
        this.store = store;
        this.reader = reader;
        this.running = running;
        this.takeOver = takeOver;
        this.keys = keys;
    }

    /// What of the stored objects goes with the files.
    ///
    /// @param leftOut the others, and why
    private record Fit(Loaded loaded, Map<StoredDocument, List<String>> leftOut) {}

    /// Reads everything that is stored. An object that does not go with the files is left out, so that operators can come in
    /// and repair it.
    ///
    /// @return the configuration with it, or what is wrong with the files; nothing when no object is stored
    synchronized Optional<Loaded> load() {
        readAll();
        if (documents.isEmpty()) {
            return Optional.empty();
        }
        var fit = fit(documents);
        leaveOut(fit.leftOut());
        return Optional.of(fit.loaded());
    }

    private void readAll() {
        revision = store.revision();
        documents = read();
        loadKeys();
    }

    private void leaveOut(Map<StoredDocument, List<String>> others) {
        leftOut = others;
        leftOut()
                .forEach(fault ->
                        LOG.error(
                                "An object of the store is left out until it is repaired: {}",
                                fault));
    }

    private Fit fit(List<StoredDocument> all) {
        var whole = reader.read(all);
        if (whole instanceof Loaded.Good || !isGood(List.of())) {
            return new Fit(whole, Map.of());
        }
        var kept = new ArrayList<StoredDocument>();
        var rest = all;
        int before;
        do { // what somebody belongs to may come later than it
            before = rest.size();
            rest = keepWhatFits(rest, kept);
        } while (!rest.isEmpty() && rest.size() < before);
        var others = new LinkedHashMap<StoredDocument, List<String>>();
        for (var each : rest) {
            others.put(each, faults(reader.read(with(kept, List.of(each)))));
        }
        return new Fit(reader.read(kept), others);
    }

    /// @return those that do not fit
    private List<StoredDocument> keepWhatFits(
            List<StoredDocument> candidates, List<StoredDocument> kept) {
        if (isGood(with(kept, candidates))) {
            kept.addAll(candidates);
            return List.of();
        }
        if (candidates.size() == 1) {
            return candidates;
        }
        int half = candidates.size() / 2;
        return with(
                keepWhatFits(candidates.subList(0, half), kept),
                keepWhatFits(candidates.subList(half, candidates.size()), kept));
    }

    private boolean isGood(List<StoredDocument> some) {
        return reader.read(some) instanceof Loaded.Good;
    }

    private static List<StoredDocument> with(List<StoredDocument> some, List<StoredDocument> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static List<String> faults(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good _ -> List.of();
            case Loaded.Faulty(var faults, var _) -> words(faults);
            case Loaded.Unreadable(var faults) -> words(faults);
        };
    }

    /// While the gateway runs nothing is left out that was not before: the change is refused instead.
    private void takeOver() {
        everLaid = everLaid || !documents.isEmpty();
        var fit = fit(documents);
        if (names(leftOut).containsAll(names(fit.leftOut()))) {
            leaveOut(fit.leftOut());
            takeOver.accept(fit.loaded());
        } else {
            takeOver.accept(reader.read(documents));
        }
    }

    private static List<String> names(Map<StoredDocument, List<String>> documents) {
        return documents.keySet().stream().map(StoredObjects::name).toList();
    }

    private static String name(StoredDocument document) {
        return document.kind().token() + "/" + document.id();
    }

    /// @param files what they say; they are read again when something is to be laid under them, since it may have changed
    ///     meanwhile
    synchronized void filesChanged(Loaded files) {
        everLaid = everLaid || !documents.isEmpty();
        if (everLaid) {
            takeOver();
        } else {
            takeOver.accept(files);
        }
    }

    /// Why objects are left out, one line for each reason.
    List<String> leftOut() {
        return leftOut.values().stream().flatMap(List::stream).distinct().toList();
    }

    /// Whether something is left out that would have limited callers. What only grants is missed by nobody else.
    boolean lacksLimits() {
        return leftOut.keySet().stream()
                .map(StoredDocument::kind)
                .anyMatch(
                        kind -> kind != ObjectKind.PROVIDERS && kind != ObjectKind.VIRTUAL_MODELS);
    }

    @Override
    public List<String> leftOut(String kind, String id) {
        return leftOut.entrySet().stream()
                .filter(entry -> name(entry.getKey()).equals(kind + "/" + id))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private List<StoredDocument> read() {
        var read = new ArrayList<StoredDocument>();
        for (var object : store.objects()) {
            ObjectKind.of(object.kind())
                    .ifPresent(kind ->
                            read.add(new StoredDocument(kind, object.id(), object.document())));
        }
        return List.copyOf(read);
    }

    /// Most keys say the same of themselves, so each thing that is said is read once.
    private void loadKeys() {
        var known = new HashMap<String, KeyDocument.Result>();
        var entries = new ArrayList<KeyTable.Entry>();
        store.keys(key -> entries.addAll(entries(key, known)));
        keys.fill(entries);
    }

    List<StoredDocument> documents() {
        return documents;
    }

    /// Looks from time to time whether another gateway has changed something in the store that they share.
    void watch() {
        watch =
                Thread.ofVirtual()
                        .name("store-watch")
                        .start(() -> {
                            while (pause()) {
                                lookForChanges();
                            }
                        });
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOKS_EVERY);
            return true;
        } catch (InterruptedException closed) {
            return false;
        }
    }

    /// What cannot be read now is read the next time; the running configuration stays meanwhile.
    synchronized void lookForChanges() {
        try {
            if (store.revision() > revision) {
                readAll();
                takeOver();
            }
        } catch (RuntimeException away) {
            LOG.warn("The store cannot be asked for changes: {}", away.getMessage());
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.interrupt();
        }
    }

    @Override
    public List<String> kinds() {
        return Stream.of(ObjectKind.values()).map(ObjectKind::token).toList();
    }

    @Override
    public List<Declared.Written> written(String kind) {
        var declarations = running.get().declarations();
        var now = written;
        if (!now.of().equals(declarations)) {
            now = new Written(declarations, byKind(declarations));
            written = now;
        }
        return now.byKind().getOrDefault(kind, List.of());
    }

    private static Map<String, List<Declared.Written>> byKind(List<Declaration> declarations) {
        var byKind = new HashMap<String, List<Declared.Written>>();
        for (var each : declarations) {
            if (!each.isStored()) {
                byKind.computeIfAbsent(each.kind().token(), _ -> new ArrayList<>())
                        .add(new Declared.Written(each.id(), each.json(), each.place().toString()));
            }
        }
        return byKind;
    }

    @Override
    public List<String> faults(String kind, String id, @Nullable String json) {
        var known = ObjectKind.of(kind).orElseThrow();
        if (known == ObjectKind.KEYS) {
            return json == null ? List.of() : keyFaults(id, json);
        }
        if (json == null && !isFree(known, id)) {
            return List.of(
                    "keys belong to the "
                            + kind.substring(0, kind.length() - 1)
                            + " '"
                            + id
                            + "'; remove them first");
        }
        var changed = new ArrayList<StoredDocument>();
        for (var document : documents) {
            if (document.kind() != known || !document.id().equals(id)) {
                changed.add(document);
            }
        }
        if (json != null) {
            changed.add(new StoredDocument(known, id, json));
        }
        var faults = faults(reader.read(changed));
        return faults.isEmpty() || isRepair(known, id, changed) ? List.of() : faults;
    }

    /// Of several faulty objects one may be repaired before the others: whether what is still faulty was so before, and is
    /// something else.
    private boolean isRepair(ObjectKind kind, String id, List<StoredDocument> changed) {
        var still = names(fit(changed).leftOut());
        return !still.isEmpty()
                && !still.contains(kind.token() + "/" + id)
                && names(fit(documents).leftOut()).containsAll(still);
    }

    private boolean isFree(ObjectKind kind, String id) {
        return switch (kind) {
            case TEAMS -> store.keys(new KeyFilter(id, null, null, null), "", 1).isEmpty();
            case CUSTOMERS -> store.keys(new KeyFilter(null, id, null, null), "", 1).isEmpty();
            default -> true;
        };
    }

    private List<String> keyFaults(String id, String json) {
        if (!KeyDocument.isId(id)) {
            return List.of(
                    "id: expected 1 to 64 of a-z, 0-9, '.', '_', '-', the first a letter or digit");
        }
        return switch (read(id, json)) {
            case KeyDocument.Result.Good _ -> List.of();
            case KeyDocument.Result.Faulty(var faults) -> faults;
        };
    }

    private KeyDocument.Result read(String id, String json) {
        var governance = running.get().governance();
        return KeyDocument.read(
                id,
                json,
                team -> governance.teams().stream().anyMatch(each -> each.id().equals(team)),
                customer ->
                        governance.customers().stream()
                                .anyMatch(each -> each.id().equals(customer)));
    }

    private static List<String> words(List<Fault> faults) {
        return faults.stream().map(Fault::toString).toList();
    }

    @Override
    public synchronized void objectsChanged() {
        followed();
        documents = read();
        takeOver();
    }

    /// A change of this gateway was taken over. When there was another one meanwhile, everything is read again soon.
    private void followed() {
        long now = store.revision();
        revision = now == revision + 1 ? now : revision;
    }

    @Override
    public synchronized void keyChanged(@Nullable StoredKey before, @Nullable StoredKey after) {
        keys.replace(
                before == null ? List.of() : hashes(before),
                after == null ? List.of() : entries(after, new HashMap<>()));
        followed();
    }

    private static List<KeyHash> hashes(StoredKey key) {
        var replaced = key.replacedHash();
        return replaced == null ? List.of(key.hash()) : List.of(key.hash(), replaced);
    }

    /// What a key opens: nothing at all while what is said of it cannot be read.
    private List<KeyTable.Entry> entries(StoredKey key, Map<String, KeyDocument.Result> known) {
        var result =
                known.computeIfAbsent(
                        key.document(),
                        json -> KeyDocument.read(key.id(), json, _ -> true, _ -> true));
        if (!(result instanceof KeyDocument.Result.Good(var document))) {
            LOG.error("The stored key '{}' cannot be read and opens nothing: {}", key.id(), result);
            return List.of();
        }
        var principal = principal(key, document);
        var expires = key.expiresAt();
        long until = expires == null ? KeyTable.Entry.FOR_EVER : expires.toEpochMilli();
        var entry = new KeyTable.Entry(key.hash(), principal, key.disabled(), until);
        var replaced = key.replacedHash();
        var replacedUntil = key.replacedUntil();
        if (replaced == null || replacedUntil == null) {
            return List.of(entry);
        }
        return List.of(
                entry,
                new KeyTable.Entry(
                        replaced,
                        principal,
                        key.disabled(),
                        Math.min(until, replacedUntil.toEpochMilli())));
    }

    private static Principal principal(StoredKey key, KeyDocument document) {
        return new Principal(
                Principal.Kind.VIRTUAL_KEY,
                key.id(),
                key.user(),
                key.team(),
                key.customer(),
                document.roles(),
                document.metadata(),
                document.own());
    }

    /// The principal of a stored key; null when there is none of this id.
    @Nullable Principal principal(String id) {
        return store.key(id)
                .flatMap(key -> entries(key, new HashMap<>()).stream().findFirst())
                .map(KeyTable.Entry::principal)
                .orElse(null);
    }

    @Override
    public Map<String, Object> schema(String kind) {
        return PolicySchema.of(ObjectKind.of(kind).orElseThrow());
    }
}
