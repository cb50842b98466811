package sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.store.SpendQuery;
import sluice.store.Spent;
import sluice.store.Store;
import sluice.store.Stores;

/// What is written down is booked, once, whatever fails and whenever.
class BookkeeperTest {
    private static final ModelName MODEL = new ModelName("workspace", "llama");
    private static final long WORST = 1_000;
    private static final String NODE = "node";
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);

    /// On one budget, or on none when it has no name.
    private record Share(String account, long amount) implements Shares {
        @Override
        public int count() {
            return account.isEmpty() ? 0 : 1;
        }

        @Override
        public String account(int share) {
            return account;
        }

        @Override
        public long period(int share) {
            return 0;
        }

        @Override
        public long held(int share) {
            return WORST;
        }

        @Override
        public long used(int share) {
            return amount;
        }
    }

    @TempDir private Path directory;

    private final AtomicLong nanos = new AtomicLong(1);
    private final List<SpendJournal> journals = new ArrayList<>();
    private SwitchedStore store;
    private SpendJournal journal;
    private Bookkeeper keeper;

    @BeforeEach
    void open() {
        store = new SwitchedStore(Stores.sqlite(directory.resolve("sluice.db")));
        restart(true);
    }

    @AfterEach
    void close() {
        journals.forEach(SpendJournal::close);
        store.close();
    }

    /// As a new process on the same files. The one before is just left, as a kill leaves it.
    private void restart(boolean serve) {
        journal = SpendJournal.open(directory.resolve("journal"), store.booked(NODE));
        journals.add(journal);
        keeper = Bookkeeper.recovered(journal, store, NODE, settings(serve), CLOCK, nanos::get);
    }

    private static Bookkeeper.Settings settings(boolean serve) {
        return new Bookkeeper.Settings(
                Duration.ofMillis(50),
                16 << 20,
                serve,
                Duration.ofMinutes(10),
                Duration.ofDays(99));
    }

    private static long hold(SpendJournal journal, String key, String account) {
        return journal.held(
                new Commitment(
                        "call-" + key,
                        CLOCK.millis(),
                        key,
                        "team",
                        "",
                        "",
                        MODEL,
                        10,
                        20,
                        WORST,
                        false),
                new Share(account, 0));
    }

    private static void settle(SpendJournal journal, long place, String account, long money) {
        journal.settled(
                place,
                List.of(new Outlay(MODEL, 1, 0, 2, money, false, false)),
                new Share(account, money));
    }

    private void call(String key, long money) {
        settle(journal, hold(journal, key, "budget"), "budget", money);
    }

    private Spent spent() {
        return byKey(store, List.of()).getOrDefault("", new Spent(0, 0, 0, 0, 0, 0, 0));
    }

    private static Map<String, Spent> byKey(Store store, List<SpendQuery.Dimension> by) {
        return store
                .spend(new SpendQuery(LocalDate.EPOCH, LocalDate.of(9999, 1, 1), by, Map.of()))
                .stream()
                .collect(
                        Collectors.toMap(row -> String.join("", row.values()), row -> row.spent()));
    }

    private Map<String, Long> accounts() {
        var accounts = new HashMap<String, Long>();
        store.accounts(Instant.EPOCH, each -> accounts.put(each.account(), each.amount()));
        return accounts;
    }

    @Test
    void whatAnEarlierProcessLeftIsBookedOnceHoweverOftenItIsStarted() {
        for (int i = 0; i < 10; i++) {
            long place = hold(journal, "key", "budget");
            if (i < 7) {
                settle(journal, place, "budget", 5);
            }
        }
        for (int start = 0; start < 3; start++) {
            restart(true);
            assertThat(spent().nanoDollars()).isEqualTo(7 * 5 + 3 * WORST);
            assertThat(spent().calls()).isEqualTo(10);
            assertThat(spent().estimated()).isEqualTo(3);
            assertThat(accounts()).isEqualTo(Map.of("budget", 7 * 5 + 3 * WORST));
        }
        assertThat(journal.segments()).hasSize(1);
    }

    @Test
    void aBookingThatNobodyHeardOfIsNotMadeAgain() {
        call("key", 5);
        store.turn(SwitchedStore.Switch.OFF_BEFORE_IT_ANSWERS);
        keeper.round();
        assertThat(keeper.awaySince()).isPresent();
        call("key", 7);
        store.turn(SwitchedStore.Switch.ON);
        keeper.round();
        assertThat(spent().nanoDollars()).isEqualTo(12);
        assertThat(accounts()).isEqualTo(Map.of("budget", 12L));
    }

    @Test
    void aKillBetweenABookingAndItsEndBooksNothingTwice() {
        call("key", 5);
        long open = hold(journal, "key", "budget");
        store.turn(SwitchedStore.Switch.OFF_BEFORE_IT_ANSWERS);
        keeper.round();
        settle(journal, open, "budget", 7);
        store.turn(SwitchedStore.Switch.ON);
        restart(true);
        assertThat(spent().nanoDollars()).isEqualTo(12);
        assertThat(spent().estimated()).isZero();
    }

    @Test
    void callsGoOnForAWhileWithoutTheStoreAndAllIsBookedInTheEnd() {
        store.turn(SwitchedStore.Switch.OFF);
        call("key", 5);
        keeper.round();
        assertThat(keeper.awaySince()).isPresent();
        assertThat(journal.refusal()).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(599).toNanos());
        keeper.round();
        long running = hold(journal, "key", "budget");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        keeper.round();

        assertThat(journal.refusal().orElseThrow()).contains("away since 2026-11-30T12:00:00Z");
        assertThatThrownBy(() -> hold(journal, "key", "budget"))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        refused ->
                                assertThat(refused.failure())
                                        .isInstanceOf(Failure.StoreAway.class));
        settle(journal, running, "budget", 7);

        store.turn(SwitchedStore.Switch.ON);
        keeper.round();
        assertThat(keeper.awaySince()).isEmpty();
        assertThat(journal.refusal()).isEmpty();
        assertThat(spent().nanoDollars()).isEqualTo(12);
    }

    @Test
    void anIdleGatewayNoticesTooThatTheStoreIsAwayAndBack() {
        restart(false);
        store.turn(SwitchedStore.Switch.OFF);
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        keeper.round();
        assertThat(journal.refusal()).as("refused at once").isPresent();
        store.turn(SwitchedStore.Switch.ON);
        keeper.round();
        assertThat(journal.refusal()).isEmpty();
    }

    @Test
    void aJournalThatIsTooLargeTakesNoMoreCallsUntilItIsBooked() {
        store.turn(SwitchedStore.Switch.OFF);
        int calls = 0;
        while (journal.refusal().isEmpty()) {
            for (int i = 0; i < 1_000; i++) {
                call("key", 1);
                calls++;
            }
            journal.tend(16 << 20);
        }
        assertThat(journal.refusal().orElseThrow()).contains("store.journal_max_mib");
        assertThat(journal.segments()).hasSize(5);
        store.turn(SwitchedStore.Switch.ON);
        keeper.round();
        journal.tend(16 << 20);
        assertThat(journal.refusal()).isEmpty();
        assertThat(journal.segments()).hasSize(1);
        assertThat(spent().calls()).isEqualTo(calls);
    }

    @Test
    void oneThatCanNeverBeBookedIsSetAsideAndHoldsUpNobody() {
        for (int i = 0; i < 300; i++) {
            if (i == 123) {
                settle(journal, hold(journal, "bad", "no\0name"), "no\0name", 5);
            }
            if (i == 200 || i == 250) {
                call("huge", Long.MAX_VALUE / 2 + 1);
            }
            call("key", 5);
        }
        keeper.round();
        assertThat(keeper.awaySince()).isEmpty();
        assertThat(keeper.setAside()).isEqualTo(2);
        var booked = byKey(store, List.of(SpendQuery.Dimension.KEY));
        assertThat(Objects.requireNonNull(booked.get("key")).nanoDollars()).isEqualTo(1_500);
        assertThat(booked).doesNotContainKey("bad");
        call("key", 5);
        keeper.round();
        assertThat(keeper.setAside()).isEqualTo(2);
        restart(true);
        assertThat(spent().calls()).isEqualTo(302);
    }

    @Test
    void aCallThatRunsForLongKeepsWhatItHolds() {
        long old = hold(journal, "long", "budget");
        while (journal.segments().size() < 4) {
            call("key", 1);
        }
        keeper.round();
        assertThat(journal.segments()).hasSize(4);
        settle(journal, old, "budget", 9);
        keeper.round();
        assertThat(journal.segments()).hasSize(1);
        var booked = byKey(store, List.of(SpendQuery.Dimension.KEY));
        assertThat(Objects.requireNonNull(booked.get("long")).nanoDollars()).isEqualTo(9);
    }

    /// Whoever took room and is still writing is waited for, also at the very end of a segment; one who never comes is not
    /// waited for without end.
    @Test
    void aHoleIsWaitedForAndThenSteppedOver() {
        long next = journal.segments().getLast().number() + 1;
        while (journal.segments().getLast().number() < next) {
            if (isNearlyFull(journal.segments().getLast())) {
                tearHole(journal.segments().getLast());
            }
            call("key", 1);
        }
        call("after", 1);
        keeper.round();
        assertThat(byKey(store, List.of(SpendQuery.Dimension.KEY))).doesNotContainKey("after");
        for (int i = 0; i < 60; i++) {
            keeper.round();
        }
        assertThat(byKey(store, List.of(SpendQuery.Dimension.KEY))).containsKey("after");
        assertThat(keeper.setAside()).isZero();
    }

    private static boolean isNearlyFull(JournalSegment segment) {
        return segment.isTaken(JournalSegment.BYTES - 400)
                && !segment.isTaken(JournalSegment.BYTES - 150);
    }

    /// Room for a hundred bytes is taken, and the write fails.
    private static void tearHole(JournalSegment segment) {
        assertThatThrownBy(() -> segment.append(new byte[4], 100))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aDiskWithoutRoomRefusesCallsAndForgetsNoSettlement() throws IOException {
        var segment = journal.segments().getLast();
        var blocked =
                directory.resolve("journal/" + JournalSegment.name(segment.number() + 1) + ".new");
        Files.createDirectories(blocked.resolve("in the way"));
        var running = new ArrayList<Long>();
        for (int i = 0; i < 20_000; i++) {
            running.add(hold(journal, "key", "budget"));
            if (segment.isTaken(JournalSegment.BYTES / 2)) {
                break;
            }
        }
        journal.tend(1 << 30);
        assertThat(journal.refusal().orElseThrow()).contains("takes no more");
        assertThatThrownBy(() -> hold(journal, "key", "budget")).isInstanceOf(CallFailed.class);
        int settlements = 0;
        while (!segment.isFull()) {
            journal.settled(running.getFirst(), List.of(), new Share("", 0)); // used nothing
            settlements++;
        }
        running.forEach(place -> settle(journal, place, "budget", 3));
        assertThat(settlements).isPositive();

        Files.delete(blocked.resolve("in the way"));
        Files.delete(blocked);
        journal.tend(1 << 30);
        assertThat(journal.refusal()).isEmpty();
        keeper.round();
        assertThat(spent().nanoDollars()).isEqualTo((running.size() - 1) * 3L);
        assertThat(spent().estimated()).isZero();
    }

    @Test
    void lostFilesDoNotMakeNewOnesLookBooked() throws IOException {
        while (journal.segments().size() < 3) {
            call("key", 1);
        }
        keeper.round();
        long before = spent().nanoDollars();
        try (var files = Files.list(directory.resolve("journal"))) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        restart(true);
        call("key", 5);
        keeper.round();
        assertThat(spent().nanoDollars()).isEqualTo(before + 5);
    }

    @Test
    void eightThreadsRollOverAndAllIsBooked() throws Exception {
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            var random = new Random(t);
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 10_000; i++) {
                                    call("key", random.nextInt(3));
                                }
                            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            journal.tend(1 << 30);
            keeper.round();
        }
        keeper.round();
        long expected = 0;
        for (int t = 0; t < 8; t++) {
            var random = new Random(t);
            for (int i = 0; i < 10_000; i++) {
                expected += random.nextInt(3);
            }
        }
        assertThat(spent().calls()).isEqualTo(80_000);
        assertThat(spent().nanoDollars()).isEqualTo(expected);
        assertThat(keeper.setAside()).isZero();
        assertThat(journal.segments().getLast().number()).isGreaterThan(2);
        assertThat(journal.segments()).hasSize(1);
    }

    private record Ended(String key, long money) {}

    /// A copy of the files is what a kill at that moment leaves.
    @Test
    void whatACopyAtAnyMomentHoldsIsBooked() throws Exception {
        var stop = new AtomicBoolean();
        var ended = new CopyOnWriteArrayList<CopyOnWriteArrayList<Ended>>();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 4; t++) {
            var random = new Random(t);
            int caller = t;
            var mine = new CopyOnWriteArrayList<Ended>();
            ended.add(mine);
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 4_000 && !stop.get(); i++) {
                                    var key = caller + "-" + i;
                                    long money = 1L + random.nextInt(900);
                                    call(key, money);
                                    mine.add(new Ended(key, money));
                                }
                            }));
        }
        for (int copy = 0; copy < 12; copy++) {
            var sure = ended.stream().flatMap(List::stream).toList();
            var to = directory.resolve("copy-" + copy);
            Files.createDirectories(to);
            for (var segment : journal.segments()) {
                var name = JournalSegment.name(segment.number());
                Files.copy(directory.resolve("journal").resolve(name), to.resolve(name));
            }
            checkCopy(to, sure);
        }
        stop.set(true);
        for (var thread : threads) {
            thread.join();
        }
    }

    private static void checkCopy(Path copy, List<Ended> sure) throws IOException {
        try (var other = Stores.sqlite(copy.resolve("sluice.db"));
                var left = SpendJournal.open(copy, 0)) {
            var recovered = Bookkeeper.recovered(left, other, NODE, settings(true), CLOCK, () -> 1);
            assertThat(recovered.setAside()).isZero();
            var booked = byKey(other, List.of(SpendQuery.Dimension.KEY));
            for (var call : sure) {
                var spent = Objects.requireNonNull(booked.get(call.key()), call.key());
                assertThat(spent.nanoDollars()).as(call.key()).isEqualTo(call.money());
            }
            booked.forEach((key, spent) -> {
                assertThat(spent.calls()).as(key).isEqualTo(1);
                assertThat(spent.estimated() == 1).as(key).isEqualTo(spent.nanoDollars() == WORST);
            });
        }
    }
}
