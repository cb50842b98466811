package sluice;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sluice.access.Accounts;
import sluice.config.StoreConfig;
import sluice.identity.KeyHasher;
import sluice.ledger.Bookkeeper;
import sluice.ledger.SpendJournal;
import sluice.store.Store;
import sluice.store.Stores;

/// What outlives a start: the store, the journal of what calls cost, and who books the one in the other.
final class Books implements AutoCloseable {
    /// As long as the longest budget lasts, and a little.
    private static final Duration LONGEST_SPAN = Duration.ofDays(95);

    private static final int MOST_GATEWAYS = 64;
    private static final String KEY_HASH_SECRET = "key-hash-secret";

    private final Store store;
    private final SpendJournal journal;
    private final Bookkeeper bookkeeper;
    private final KeyHasher hasher;
    private final Place place;

    private Books(
            Store store,
            SpendJournal journal,
            Bookkeeper bookkeeper,
            KeyHasher hasher,
            Place place) {
        this.store = store;
        this.journal = journal;
        this.bookkeeper = bookkeeper;
        this.hasher = hasher;
        this.place = place;
    }

    /// Opens everything and books what an earlier process left.
    ///
    /// @throws IllegalStateException when the store or the journal cannot be used; worded for the operator
    static Books open(StoreConfig config, Clock clock) {
        List<Place> free = List.of();
        Store store = null;
        SpendJournal journal = null;
        try {
            Files.createDirectories(config.directory());
            free = freePlaces(config.directory());
            var own = free.getFirst();
            store = store(config);
            var settings =
                    new Bookkeeper.Settings(
                            config.journalSync(),
                            config.journalMaxBytes(),
                            config.serveWhileAway(),
                            config.away(),
                            config.kept());
            for (var left : free.subList(1, free.size())) {
                recover(left, store, settings, clock);
            }
            var hasher = KeyHasher.with(secret(config, store));
            var node = own.node();
            journal = SpendJournal.open(own.journal(), store.booked(node));
            var bookkeeper = Bookkeeper.start(journal, store, node, settings, clock);
            return new Books(store, journal, bookkeeper, hasher, own);
        } catch (IOException | RuntimeException failed) {
            if (journal != null) {
                journal.close();
            }
            if (store != null) {
                store.close();
            }
            free.forEach(Place::close);
            throw new IllegalStateException("store: " + failed.getMessage(), failed);
        }
    }

    /// What another process of this machine left when it ended badly, and nobody has taken up since.
    private static void recover(Place left, Store store, Bookkeeper.Settings settings, Clock clock)
            throws IOException {
        var node = left.node();
        try (left;
                var journal = SpendJournal.open(left.journal(), store.booked(node))) {
            Bookkeeper.recover(journal, store, node, settings, clock);
        }
    }

    /// Where one gateway keeps its journal. Several gateways of a machine may share a store, and no two a journal.
    private record Place(Path directory, FileChannel lock) implements AutoCloseable {
        Path journal() {
            return directory.resolve("journal");
        }

        /// Names the journal in the store, over restarts.
        String node() throws IOException {
            var file = directory.resolve("node");
            if (!Files.exists(file) || Files.readString(file).isBlank()) {
                var making = directory.resolve("node.new"); // half a name would be another's
                Files.writeString(making, UUID.randomUUID() + "\n");
                Files.move(making, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.readString(file).strip();
        }

        @Override
        public void close() {
            try {
                lock.close();
            } catch (IOException gone) {
                // it is given up with the process at the latest
            }
        }
    }

    /// The places that nobody uses at this moment, the first one to be used.
    private static List<Place> freePlaces(Path directory) throws IOException {
        var free = new ArrayList<Place>();
        for (int i = 1; i <= MOST_GATEWAYS; i++) {
            var place = directory.resolve("gateway-" + i);
            if (!Files.isDirectory(place) && !free.isEmpty()) {
                return free;
            }
            Files.createDirectories(place);
            var lock = lock(place);
            if (lock != null) {
                free.add(new Place(place, lock));
            }
        }
        if (free.isEmpty()) {
            throw new IOException(
                    MOST_GATEWAYS
                            + " gateways use the directory '"
                            + directory
                            + "' (store.path) already; give this one its own");
        }
        return free;
    }

    private static Store store(StoreConfig config) {
        return switch (config.kind()) {
            case StoreConfig.Kind.Embedded _ ->
                    Stores.sqlite(config.directory().resolve("sluice.db"));
            case StoreConfig.Kind.PostgreSql(var url) -> url.use(Stores::postgresql);
        };
    }

    private static @Nullable FileChannel lock(Path place) throws IOException {
        var channel =
                FileChannel.open(
                        place.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException here) {
            // another gateway of this very process
        }
        channel.close();
        return null;
    }

    /// An operator's secret may be of any length.
    private static byte[] secret(StoreConfig config, Store store) {
        return config.keyHashSecret()
                .map(secret -> secret.use(Books::stretched))
                .or(() -> store.kept(KEY_HASH_SECRET))
                .orElseGet(() -> store.keep(KEY_HASH_SECRET, KeyHasher.freshSecret()));
    }

    private static byte[] stretched(String secret) {
        try {
            return MessageDigest.getInstance("SHA-512")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-512", impossible);
        }
    }

    Store store() {
        return store;
    }

    SpendJournal journal() {
        return journal;
    }

    KeyHasher hasher() {
        return hasher;
    }

    /// Tells the accounts what was spent on them before.
    void seed(Accounts accounts, Instant now) {
        store.accounts(
                now.minus(LONGEST_SPAN),
                spend ->
                        accounts.seed(
                                spend.account(), spend.period().toEpochMilli(), spend.amount()));
    }

    /// Since when the store does not answer; nothing while it does.
    Optional<Instant> awaySince() {
        return bookkeeper.awaySince();
    }

    /// Why no call may begin; nothing while calls may.
    Optional<String> refusal() {
        return journal.refusal();
    }

    @Override
    public void close() {
        bookkeeper.close();
        store.close();
        place.close();
    }
}
