package sluice.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Allowance;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.identity.KeyTable;
import sluice.store.Store;
import sluice.store.StoredKey;
import sluice.store.Stores;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `bench/keys [KEYS]`, a million when not given: reads every key of a store into the table where calls find them.
///
/// What many keys have in common is kept once: each distinct document is read once, and its allowance and its metadata are
/// shared, as are the names of teams and users.
public final class KeysBench {
    private static final int ROUNDS = 3;
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Said> documents = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    /// What a document says.
    private record Said(Allowance own, Map<String, String> metadata) {}

    public static void main(String[] arguments) throws Exception {
        var count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        var folder = Files.createTempDirectory("sluice-bench-keys-");
        var file = folder.resolve("keys.db");
        try (var store = Stores.sqlite(file)) {
            ManyKeys.fill(file, count);
            System.out.println("| keys | load, ms | heap, bytes per key |");
            System.out.println("|---:|---:|---:|");
            for (var round = 0; round < ROUNDS; round++) {
                var before = heap();
                var begin = System.nanoTime();
                var table = new KeysBench().load(store);
                var millis = (System.nanoTime() - begin) / 1e6;
                var held = heap() - before;
                System.out.printf(
                        "| %,d | %,.0f | %.0f |%n",
                        table.size(), millis, (double) held / table.size());
                if (table.size() != count) {
                    throw new IllegalStateException(table.size() + " keys came of " + count);
                }
            }
        } finally {
            delete(folder);
        }
    }

    private KeyTable load(Store store) {
        var entries = new ArrayList<KeyTable.Entry>();
        store.keys(key -> entries.add(entry(key)));
        return KeyTable.of(entries);
    }

    private KeyTable.Entry entry(StoredKey key) {
        var said = documents.computeIfAbsent(key.document(), KeysBench::read);
        var principal =
                new Principal(
                        Principal.Kind.VIRTUAL_KEY,
                        key.id(),
                        once(key.user()),
                        once(key.team()),
                        once(key.customer()),
                        List.of(),
                        said.metadata(),
                        said.own());
        return new KeyTable.Entry(
                key.hash(),
                principal,
                key.disabled(),
                key.expiresAt() == null ? KeyTable.Entry.FOR_EVER : key.expiresAt().toEpochMilli());
    }

    private @Nullable String once(@Nullable String name) {
        return name == null ? null : names.computeIfAbsent(name, same -> same);
    }

    private static Said read(String document) {
        var tree = JSON.readTree(document);
        var models = tree.path("models").valueStream().map(JsonNode::asString).toList();
        var metadata = new HashMap<String, String>();
        tree.path("metadata")
                .propertyStream()
                .forEach(each -> metadata.put(each.getKey(), each.getValue().asString()));
        return new Said(Allowance.models(new ModelPatterns(models)), Map.copyOf(metadata));
    }

    /// What is reachable.
    private static long heap() {
        for (var round = 0; round < 3; round++) {
            System.gc();
        }
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
