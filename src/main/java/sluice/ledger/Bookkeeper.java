package sluice.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.store.SpendBatch;
import sluice.store.Store;
import sluice.store.StoreUnavailable;

/// Reads the journal and books in the store what calls used, off the path. While the store does not answer, the journal
/// keeps what was spent; for how long calls go on meanwhile is the operator's choice.
public final class Bookkeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bookkeeper.class);
    private static final Duration BOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration FORGET_EVERY = Duration.ofHours(6);
    private static final int MAX_RECORDS = 20_000;

    /// So many are read without a pause: a call on the same core waits for a few only.
    private static final int AT_ONCE = 256;

    /// How many rounds a record may be on its way into the journal, before what is behind it is read.
    private static final int PATIENCE_ROUNDS = 50;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final SpendJournal journal;
    private final Store store;
    private final String node;
    private final Settings settings;
    private final Clock clock;
    private final LongSupplier nanos;
    private final AtomicLong setAside = new AtomicLong();
    private final Map<Long, JournalRecord.Held> open = new LinkedHashMap<>();
    private final Thread syncer;
    private final Thread booker;
    private long position;
    private long booked;

    /// Whether the store failed in a booking: it may have kept it before it fell silent.
    private boolean unsure;

    private int rounds;
    private long looked;
    private long forgot;
    private long awaySinceNanos;
    private boolean failsToSync;
    private volatile @Nullable Instant awaySince;
    private volatile boolean closed;

    /// @param sync within which time what is written is on the disk
    /// @param maxBytes how large the journal may grow
    /// @param serveWhileAway whether calls go on while the store is away
    /// @param away how long they do
    /// @param kept how long the store remembers
    public record Settings(
            Duration sync, long maxBytes, boolean serveWhileAway, Duration away, Duration kept) {}

    private Bookkeeper(
            SpendJournal journal,
            Store store,
            String node,
            Settings settings,
            Clock clock,
            LongSupplier nanos) {
        this.journal = journal;
        this.store = store;
        this.node = node;
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        this.looked = nanos.getAsLong();
        this.forgot = looked - FORGET_EVERY.toNanos();
        this.syncer = Thread.ofPlatform().name("journal").daemon().unstarted(this::sync);
        this.booker =
                Thread.ofPlatform().name("bookkeeper").daemon().unstarted(this::bookUntilClosed);
    }

    /// Books everything that an earlier process left. What it held and did not settle, nobody knows any more: all of it is
    /// booked as used, and marked as estimated.
    ///
    /// @param node whose journal it is
    /// @throws StoreUnavailable when the store does not answer
    public static Bookkeeper start(
            SpendJournal journal, Store store, String node, Settings settings, Clock clock) {
        var keeper = recovered(journal, store, node, settings, clock, System::nanoTime);
        keeper.syncer.start();
        keeper.booker.start();
        return keeper;
    }

    /// Books what a process left that nobody follows, and ends.
    public static void recover(
            SpendJournal journal, Store store, String node, Settings settings, Clock clock) {
        recovered(journal, store, node, settings, clock, System::nanoTime);
    }

    /// One that books when it is told to, by {@link #round}.
    ///
    /// @param nanos by which the store is away
    static Bookkeeper recovered(
            SpendJournal journal,
            Store store,
            String node,
            Settings settings,
            Clock clock,
            LongSupplier nanos) {
        var keeper = new Bookkeeper(journal, store, node, settings, clock, nanos);
        keeper.recover();
        return keeper;
    }

    private void recover() {
        booked = store.booked(node);
        var segments = journal.segments();
        position = segments.getFirst().position(segments.getFirst().begin());
        while (bookSome(true)) {
            // as much as there is
        }
        for (var held : Map.copyOf(open).entrySet()) {
            settleAsEstimated(held.getKey(), held.getValue());
        }
        while (bookSome(true)) {
            // what was just settled
        }
        journal.forgetBefore(position);
    }

    private void settleAsEstimated(long place, JournalRecord.Held held) {
        var worst = held.commitment();
        journal.settled(
                place,
                List.of(
                        new Outlay(
                                worst.model(),
                                worst.inputTokens(),
                                0,
                                worst.outputTokens(),
                                worst.nanoDollars(),
                                true,
                                worst.unpriced())),
                new Kept(held.shares()));
    }

    /// What is held is what is used.
    private record Kept(List<JournalRecord.Share> shares) implements Shares {
        @Override
        public int count() {
            return shares.size();
        }

        @Override
        public String account(int share) {
            return shares.get(share).account();
        }

        @Override
        public long period(int share) {
            return shares.get(share).period();
        }

        @Override
        public long held(int share) {
            return shares.get(share).amount();
        }

        @Override
        public long used(int share) {
            return shares.get(share).amount();
        }
    }

    private void sync() {
        while (!closed) {
            try {
                journal.tend(settings.maxBytes());
                failsToSync = false;
            } catch (RuntimeException failed) {
                if (!failsToSync) {
                    failsToSync = true;
                    LOG.error("The spend journal cannot be brought to the disk", failed);
                }
            }
            LockSupport.parkNanos(settings.sync().toNanos());
        }
    }

    private void bookUntilClosed() {
        while (true) {
            boolean last = closed;
            round();
            if (last) {
                return;
            }
            LockSupport.parkNanos(BOOK_EVERY.toNanos());
        }
    }

    /// Books what there is, or notices that nobody takes it.
    void round() {
        try {
            boolean had = bookAll();
            long now = nanos.getAsLong();
            if (had) {
                looked = now;
            } else if (awaySince != null || now - looked > LOOK_EVERY.toNanos()) {
                store.ping();
                looked = now;
            }
            if (now - forgot > FORGET_EVERY.toNanos()) {
                store.forget(clock.instant().minus(settings.kept()));
                forgot = now;
            }
            isThere();
        } catch (StoreUnavailable away) {
            isAway(away);
        } catch (RuntimeException bug) {
            LOG.error("What calls cost could not be booked", bug);
            isAway(bug);
        }
    }

    /// @return whether there was anything
    private boolean bookAll() {
        boolean had = false;
        while (bookSome(false)) {
            had = true;
        }
        journal.forgetBefore(open.keySet().stream().findFirst().orElse(position));
        return had;
    }

    /// Reads some records and books them as one. When the store says that they can never be booked, fewer are tried, down
    /// to the one that cannot: it is set aside, so that nothing waits for it.
    ///
    /// @param old whether nobody writes any more, so that a hole is stepped over at once
    /// @return whether there may be more
    private boolean bookSome(boolean old) {
        if (unsure) {
            booked = store.booked(node);
            unsure = false;
        }
        int most = MAX_RECORDS;
        while (true) {
            var reading = new Reading(old, most);
            boolean more = reading.read();
            try {
                book(reading);
            } catch (IllegalArgumentException | ArithmeticException never) {
                if (reading.records > 1) {
                    most = reading.records / 2;
                    continue;
                }
                setAside(reading, never);
            }
            reading.accept();
            return more;
        }
    }

    private void book(Reading reading) {
        var batch = reading.batch();
        if (!batch.spent().isEmpty() || !batch.accounts().isEmpty()) {
            unsure = true;
            store.book(batch, node, reading.until);
            unsure = false;
            booked = reading.until;
        }
    }

    private void setAside(Reading reading, RuntimeException why) {
        var settlement = reading.last;
        if (settlement != null) {
            setAside.incrementAndGet();
            LOG.error(
                    "What a call cost cannot be booked and is set aside: {} used {} and on its accounts {} of {}: {}",
                    settlement.hold().commitment(),
                    settlement.record().outlays(),
                    settlement.record().amounts(),
                    settlement.hold().shares(),
                    why.getMessage());
        }
    }

    /// How many settlements could not be booked; the log tells all of each.
    public long setAside() {
        return setAside.get();
    }

    private record Settlement(JournalRecord.Held hold, JournalRecord.Settled record) {}

    /// One pass over some records; nothing of it counts before the store has taken it.
    ///
    /// It keeps sums, and holds that are not settled yet. Most are settled soon after: kept until the end, thousands of
    /// records would be copied by every collection meanwhile, while all calls stand still.
    private final class Reading {
        private final boolean old;
        private final int most;
        private final BookedSums sums = new BookedSums();
        private final Map<Long, JournalRecord.Held> held = new LinkedHashMap<>();

        /// Those of earlier passes.
        private final Set<Long> settled = new HashSet<>();

        private @Nullable Settlement last;
        private @Nullable ArithmeticException tooMuch;
        private long until = position;
        private int records;

        Reading(boolean old, int most) {
            this.old = old;
            this.most = most;
        }

        boolean read() {
            for (var segment : journal.segments()) {
                long end = segment.position(JournalSegment.BYTES);
                if (until >= end) {
                    continue;
                }
                if (until < segment.position(segment.begin())) {
                    until = segment.position(segment.begin());
                }
                if (!read(segment)) {
                    return records >= most;
                }
                until = end;
            }
            return false;
        }

        /// @return whether all of the segment was read
        private boolean read(JournalSegment segment) {
            int at = (int) (until - segment.position(0));
            while (at < JournalSegment.BYTES) {
                if (records >= most) {
                    return false;
                }
                var record = segment.read(at);
                if (record.length == 0) {
                    at = behindHole(segment, at);
                    if (at < 0) {
                        return false;
                    }
                } else {
                    take(segment.position(at), record);
                    at = segment.after(at, record);
                    records++;
                    rounds = 0;
                    rest();
                }
                until = segment.position(at);
            }
            return true;
        }

        private void rest() {
            if (!old && records % AT_ONCE == 0 && !closed) {
                LockSupport.parkNanos(1);
            }
        }

        /// @return where to read on; -1 when that is not known yet
        private int behindHole(JournalSegment segment, int at) {
            if (!segment.isTaken(at)) {
                return -1;
            }
            if (!old && segment.isOver(at)) {
                return JournalSegment.BYTES;
            }
            if (!old && ++rounds <= PATIENCE_ROUNDS) {
                return -1; // somebody is writing there at this moment
            }
            int next = segment.behindHole(at);
            if (next == JournalSegment.BYTES && !segment.isFull()) {
                return -1;
            }
            rounds = 0;
            if (segment.isDamaged(at)) {
                setAside.incrementAndGet();
                LOG.error(
                        "The spend journal is damaged from {} to {}; what was written there is lost",
                        segment.position(at),
                        segment.position(next));
            }
            return next;
        }

        private void take(long place, byte[] bytes) {
            switch (read(bytes)) {
                case JournalRecord.Held record -> held.put(place, record);
                case JournalRecord.Settled record -> {
                    var hold = settle(record.held());
                    if (hold != null && place >= booked) {
                        add(new Settlement(hold, record));
                    } else if (hold == null && place >= booked && !record.outlays().isEmpty()) {
                        setAside.incrementAndGet();
                        LOG.error("Nobody knows who spent {}; it is set aside", record);
                    }
                }
                case null -> {
                    setAside.incrementAndGet();
                    LOG.error("The spend journal has a record at {} that is none", place);
                }
            }
        }

        private @Nullable JournalRecord read(byte[] bytes) {
            try {
                return JournalRecord.read(bytes);
            } catch (IndexOutOfBoundsException none) {
                return null;
            }
        }

        /// @return what was held; null when it is unknown, or settled already
        private JournalRecord.@Nullable Held settle(long place) {
            var hold = held.remove(place);
            if (hold != null) {
                return hold;
            }
            hold = open.get(place);
            return hold != null && settled.add(place) ? hold : null;
        }

        /// A sum that does not fit is told when it is to be booked, where fewer are tried.
        private void add(Settlement settlement) {
            last = settlement;
            if (tooMuch == null) {
                try {
                    sums.add(settlement.hold(), settlement.record());
                } catch (ArithmeticException passed) {
                    tooMuch = passed;
                }
            }
        }

        /// @throws ArithmeticException when a sum would not fit
        SpendBatch batch() {
            if (tooMuch != null) {
                throw tooMuch;
            }
            return sums.batch();
        }

        void accept() {
            open.putAll(held);
            open.keySet().removeAll(settled);
            position = until;
        }
    }

    private void isThere() {
        if (awaySince != null) {
            LOG.info("The store is there again; what was spent meanwhile is booked");
            awaySince = null;
        }
        journal.refuse(null);
    }

    private void isAway(RuntimeException why) {
        var since = awaySince;
        if (since == null) {
            since = clock.instant();
            awaySinceNanos = nanos.getAsLong();
            awaySince = since;
            LOG.error(
                    "The store is away; what calls cost is kept in the journal: {}",
                    why.getMessage());
        }
        long away = nanos.getAsLong() - awaySinceNanos;
        if (!settings.serveWhileAway() || away >= settings.away().toNanos()) {
            journal.refuse("the store is away since " + since + " (store.unavailable)");
        }
    }

    /// Since when the store does not answer; nothing while it does.
    public Optional<Instant> awaySince() {
        return Optional.ofNullable(awaySince);
    }

    /// Books what there is at this moment, for whoever asks how much was spent.
    public void catchUp() {
        LockSupport.unpark(booker);
    }

    /// Books what there is, then ends.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(booker);
        LockSupport.unpark(syncer);
        try {
            if (!booker.join(CLOSE_PATIENCE) || !syncer.join(CLOSE_PATIENCE)) {
                LOG.error("The store does not take what was spent last; the journal keeps it");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        journal.close();
    }
}
