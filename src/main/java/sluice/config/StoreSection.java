package sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.call.Secret;

/// {@code store}: where objects, keys and what was spent are kept.
final class StoreSection {
    private static final String POSTGRESQL = "postgresql";

    private static final Key<String> TYPE =
            Key.defaulting(
                    "type",
                    new OneOf<>(types(), Set.of()),
                    "embedded",
                    "embedded for one gateway on one machine, postgresql for several");
    private static final Key<Path> PATH =
            Key.defaulting(
                    "path",
                    FilePath.SHAPE,
                    "./data",
                    "the directory of the embedded store, and of the journal of what calls cost");
    private static final Key<Secret> URL =
            Key.optional(
                    "url",
                    new SecretReference(),
                    "of the database, postgresql://user:password@host/name, as {env: NAME} or {file: path}");
    private static final Key<Secret> KEY_HASH_SECRET =
            Key.optional(
                    "key_hash_secret",
                    new SecretReference(),
                    "what the hashes of keys are made with; without it one is made and kept in the store");
    private static final Key<Duration> JOURNAL_SYNC =
            Key.defaulting(
                    "journal_sync_ms",
                    new Whole(1, 60_000)
                            .then((millis, _, _) -> Optional.of(Duration.ofMillis(millis))),
                    50L,
                    "within which time what was held and settled is on the disk");
    private static final Key<Long> JOURNAL_MAX =
            Key.defaulting(
                    "journal_max_mib",
                    new Whole(16, 1 << 20),
                    1024L,
                    "how large the journal grows while the store is away, in mebibytes");
    private static final Key<Boolean> UNAVAILABLE =
            Key.defaulting(
                    "unavailable",
                    new OneOf<>(choices(), Set.of()),
                    "serve",
                    "what calls do while the store is away: go on for a while, or be refused at once");
    private static final Key<Duration> UNAVAILABLE_SECONDS =
            Key.defaulting(
                    "unavailable_seconds",
                    Whole.seconds(1, 86_400),
                    600L,
                    "how long calls go on while the store is away");
    private static final Key<Long> KEEP_DAYS =
            Key.defaulting(
                    "keep_days",
                    new Whole(100, 36_500),
                    800L,
                    "how long it is remembered what was spent on each day");

    static final Section<StoreConfig> SECTION =
            new Section<>(
                    "store",
                    List.of(
                            TYPE,
                            PATH,
                            URL,
                            KEY_HASH_SECRET,
                            JOURNAL_SYNC,
                            JOURNAL_MAX,
                            UNAVAILABLE,
                            UNAVAILABLE_SECONDS,
                            KEEP_DAYS),
                    Set.of(),
                    StoreSection::check,
                    store ->
                            new StoreConfig(
                                    store.find(URL)
                                            .<StoreConfig.Kind>map(StoreConfig.Kind.PostgreSql::new)
                                            .orElseGet(StoreConfig.Kind.Embedded::new),
                                    store.the(PATH),
                                    store.find(KEY_HASH_SECRET),
                                    store.the(JOURNAL_SYNC),
                                    store.the(JOURNAL_MAX) * 1024 * 1024,
                                    store.the(UNAVAILABLE),
                                    store.the(UNAVAILABLE_SECONDS),
                                    Duration.ofDays(store.the(KEEP_DAYS))));

    private StoreSection() {}

    private static void check(Fields store) {
        boolean remote = store.find(TYPE).map(POSTGRESQL::equals).orElse(store.given(URL));
        if (remote && !store.given(URL)) {
            store.fault(store.place(), "'url' is missing: where the PostgreSQL database is");
        } else if (!remote && store.given(URL)) {
            store.fault(URL, "belongs to type: postgresql; the embedded store has a path");
        }
    }

    private static Map<String, String> types() {
        var types = new LinkedHashMap<String, String>();
        types.put("embedded", "embedded");
        types.put(POSTGRESQL, POSTGRESQL);
        return types;
    }

    private static Map<String, Boolean> choices() {
        var choices = new LinkedHashMap<String, Boolean>();
        choices.put("serve", true);
        choices.put("refuse", false);
        return choices;
    }
}
