package sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.store.SpendQuery.Dimension.CUSTOMER;
import static sluice.store.SpendQuery.Dimension.DAY;
import static sluice.store.SpendQuery.Dimension.KEY;
import static sluice.store.SpendQuery.Dimension.MODEL;
import static sluice.store.SpendQuery.Dimension.TARGET;
import static sluice.store.SpendQuery.Dimension.TEAM;
import static sluice.store.SpendQuery.Dimension.USER;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.store.SpendQuery.Dimension;

/// What every store does.
abstract class StoreContract {
    static final Instant MONDAY = Instant.parse("2026-11-30T10:15:30.123456Z");
    static final LocalDate TODAY = LocalDate.of(2026, 11, 30);
    private static final String HOSTILE = "o'; DROP TABLE \"keys\"; -- %_\\ \u202e \uD83D\uDE00\n";

    Store store;

    /// The store of this test, as it was left.
    abstract Store open();

    /// The same place, as its database sees it.
    abstract Connection connect() throws SQLException;

    @BeforeEach
    void openTheStore() {
        store = open();
    }

    @AfterEach
    void closeTheStore() {
        store.close();
    }

    void reopen() {
        store.close();
        store = open();
    }

    @Test
    void anEmptyStoreSaysSo() {
        assertThat(store.object("teams", "research")).isEmpty();
        assertThat(store.key("one")).isEmpty();
        assertThat(store.keys(KeyFilter.ALL, "", 10)).isEmpty();
        assertThat(allKeys()).isEmpty();
        assertThat(store.revision()).isZero();
        assertThat(store.booked("node")).isZero();
        assertThat(accounts(Instant.MIN)).isEmpty();
        assertThat(spent(List.of(), Map.of())).isEmpty();
        assertThat(spent(List.of(TEAM, DAY), Map.of())).isEmpty();
        store.forget(MONDAY);
        store.ping();
    }

    @Test
    void anObjectIsWrittenReadChangedAndRemoved() {
        var first = store.put(team("research", "{\"budget\": 1}"), 0).orElseThrow();
        assertThat(first)
                .isEqualTo(
                        new StoredObject(
                                "teams", "research", "{\"budget\": 1}", 1, MONDAY, MONDAY, "ada"));

        var later = MONDAY.plusSeconds(60);
        var change = new StoredObject.Change("teams", "research", "{}", "bob", later);
        var second = store.put(change, 1).orElseThrow();
        assertThat(second)
                .isEqualTo(new StoredObject("teams", "research", "{}", 2, MONDAY, later, "bob"));
        assertThat(store.object("teams", "research")).contains(second);
        assertThat(store.objects()).containsExactly(second);

        assertThat(store.remove("teams", "research", 2, "eve", later)).isTrue();
        assertThat(store.object("teams", "research")).isEmpty();
        assertThat(store.put(team("research", "{}"), 0).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void aWriterThatSawAnotherVersionChangesNothing() {
        assertThat(store.put(team("research", "{}"), 1)).isEmpty();
        var kept = store.put(team("research", "{}"), 0);

        assertThat(store.put(team("research", "{\"a\": 1}"), 0)).isEmpty();
        assertThat(store.put(team("research", "{\"a\": 1}"), 2)).isEmpty();
        assertThat(store.put(team("research", "{\"a\": 1}"), -1)).isEmpty();
        assertThat(store.remove("teams", "research", 2, "eve", MONDAY)).isFalse();
        assertThat(store.remove("teams", "other", 0, "eve", MONDAY)).isFalse();

        assertThat(store.object("teams", "research")).isEqualTo(kept);
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void objectsComeByKindAndId() {
        for (var kind : List.of("users", "teams")) {
            for (var id : List.of("b", "B", "a", "\u00e9", "_")) {
                store.put(new StoredObject.Change(kind, id, "{}", "ada", MONDAY), 0);
            }
        }
        assertThat(store.objects())
                .extracting(each -> each.kind() + " " + each.id())
                .containsExactly(
                        "teams B",
                        "teams _",
                        "teams a",
                        "teams b",
                        "teams \u00e9",
                        "users B",
                        "users _",
                        "users a",
                        "users b",
                        "users \u00e9");
    }

    @Test
    void whateverTextIsKeptAsItIs() {
        var document = "{\"text\": \"" + "\u00fc\uD83D\uDE00\u2028'\"".repeat(1_000) + "\"}";
        store.put(new StoredObject.Change(HOSTILE, HOSTILE, document, HOSTILE, MONDAY), 0);
        var key =
                store.put(
                                new StoredKey(
                                        HOSTILE, hash(1), null, null, false, null, HOSTILE, HOSTILE,
                                        HOSTILE, document, 0, MONDAY, MONDAY, HOSTILE),
                                0)
                        .orElseThrow();
        store.keep(HOSTILE, new byte[0]);
        book(spender("k"), 1);
        store.book(
                batch(
                        Map.of(
                                new Spender(
                                        1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
                                calls(1)),
                        new AccountSpend(HOSTILE, MONDAY, 1)),
                HOSTILE,
                1);
        reopen();

        var object = store.object(HOSTILE, HOSTILE).orElseThrow();
        assertThat(object.document()).isEqualTo(document);
        assertThat(object.updatedBy()).isEqualTo(HOSTILE);
        assertThat(store.keys(new KeyFilter(HOSTILE, HOSTILE, HOSTILE, false), "", 5))
                .containsExactly(key);
        assertThat(store.keys(new KeyFilter("' OR 1=1 --", null, null, null), "", 5)).isEmpty();
        assertThat(store.keep(HOSTILE, new byte[] {1})).isEmpty();
        assertThat(store.booked(HOSTILE)).isEqualTo(1);
        assertThat(accounts(MONDAY)).containsExactly(new AccountSpend(HOSTILE, MONDAY, 1));
        var days = new SpendQuery(day(1), day(1), List.of(TEAM), Map.of(KEY, HOSTILE));
        assertThat(store.spend(days)).containsExactly(row(calls(1), HOSTILE));
        assertThat(spent(List.of(), Map.of(TEAM, "' OR 1=1 --"))).isEmpty();
    }

    @Test
    void whatCannotBeKeptIsRefused() {
        var large = "x".repeat(1 << 20);
        assertRefused("the document of 'a'", () -> store.put(team("a", large), 0));
        assertRefused("262144 fit", () -> store.put(key("a", 1, large), 0));
        assertRefused("512 fit", () -> store.put(team("a".repeat(513), "{}"), 0));
        assertRefused("must not be empty", () -> store.put(team("", "{}"), 0));
        assertRefused("must not be empty", () -> store.put(key("", 1, "{}"), 0));
        assertRefused("NUL", () -> store.put(team("a\0b", "{}"), 0));
        assertRefused("surrogate", () -> store.put(team("a", "{\uD83D}"), 0));
        assertRefused("surrogate", () -> store.put(key("a", 1, "\uDE00\uD83D"), 0));
        assertRefused(
                "64 fit",
                () -> store.put(new StoredObject.Change("k".repeat(65), "a", "", "", MONDAY), 0));
        assertRefused(
                "too far away",
                () -> store.put(new StoredObject.Change("k", "a", "", "", Instant.MAX), 0));
        assertRefused("65536", () -> store.keep("secret", new byte[65_537]));
        assertRefused("10000", () -> store.keys(KeyFilter.ALL, "", 0));
        assertRefused("10000", () -> store.keys(KeyFilter.ALL, "", 10_001));
        assertThat(store.objects()).isEmpty();
        assertThat(allKeys()).isEmpty();
        assertThat(store.revision()).isZero();
    }

    @Test
    void theLargestThatFitsIsKept() {
        var id = "\uFFFD".repeat(512);
        var document = "\uFFFD".repeat(262_144);
        store.put(new StoredObject.Change("\uFFFD".repeat(64), id, document, id, MONDAY), 0);
        store.put(
                new StoredKey(
                        id, hash(1), hash(2), MONDAY, true, MONDAY, id, id, id, document, 0, MONDAY,
                        MONDAY, id),
                0);
        assertThat(store.objects().getFirst().document()).isEqualTo(document);
        assertThat(store.key(id).orElseThrow().document()).isEqualTo(document);
        var whole = new Spender(TODAY.toEpochDay(), id, id, id, id, id, id);
        store.book(batch(Map.of(whole, calls(1)), new AccountSpend(id, MONDAY, 1)), id, 1);
        assertThat(spent(List.of(MODEL), Map.of(KEY, id))).containsExactly(row(calls(1), id));
    }

    @Test
    void whatCannotBeThereIsNotFound() {
        assertThat(store.object("teams", "a\0b")).isEmpty();
        assertThat(store.object("x".repeat(10_000), "\uD83D")).isEmpty();
        assertThat(store.key("\uD83D")).isEmpty();
        assertThat(store.remove("teams", "a\0b", 1, "eve", MONDAY)).isFalse();
        assertThat(store.removeKey("x".repeat(10_000), 1, "eve", MONDAY)).isFalse();
        assertThat(spent(List.of(), Map.of(TEAM, "a\0b"))).isEmpty();
    }

    @Test
    void momentsAreKeptToTheMicrosecond() {
        var when = Instant.parse("1933-01-30T00:00:00.123456789Z");
        var change = new StoredObject.Change("teams", "old", "{}", "ada", when);
        var kept = store.put(change, 0).orElseThrow();
        assertThat(kept.createdAt()).isEqualTo(when.truncatedTo(ChronoUnit.MICROS));
        assertThat(store.object("teams", "old")).contains(kept);
    }

    @Test
    void aKeyIsWrittenReadChangedAndRemoved() {
        var until = MONDAY.plusSeconds(3_600);
        var made = key("one", 1, "{}");
        var first = store.put(made, 0).orElseThrow();
        assertThat(first).isEqualTo(version(made, 1));

        var rotated =
                new StoredKey(
                        "one",
                        hash(2),
                        hash(1),
                        until,
                        true,
                        until,
                        "research",
                        "acme",
                        "ada",
                        "{\"a\": 1}",
                        0,
                        until,
                        until,
                        "bob");
        var second = store.put(rotated, 1).orElseThrow();
        assertThat(second)
                .isEqualTo(
                        new StoredKey(
                                "one",
                                hash(2),
                                hash(1),
                                until,
                                true,
                                until,
                                "research",
                                "acme",
                                "ada",
                                "{\"a\": 1}",
                                2,
                                MONDAY,
                                until,
                                "bob"));
        assertThat(store.key("one")).contains(second);
        assertThat(allKeys()).containsExactly(second);
        assertThat(second.toString()).doesNotContain("hash");

        assertThat(store.removeKey("one", 1, "eve", until)).isFalse();
        assertThat(store.removeKey("one", 2, "eve", until)).isTrue();
        assertThat(store.key("one")).isEmpty();
        assertThat(store.revision()).isEqualTo(3);
    }

    @Test
    void aKeyOfAnotherVersionStays() {
        assertThat(store.put(key("one", 1, "{}"), 1)).isEmpty();
        var kept = store.put(key("one", 1, "{}"), 0);
        assertThat(store.put(key("one", 2, "{}"), 0)).isEmpty();
        assertThat(store.put(key("one", 2, "{}"), 2)).isEmpty();
        assertThat(store.key("one")).isEqualTo(kept);
    }

    @Test
    void twoKeysNeverHaveOneHash() {
        store.put(rotated("one", 1, 2), 0);
        store.put(key("two", 3, "{}"), 0);

        for (var clash :
                List.of(
                        key("new", 1, "{}"),
                        key("new", 2, "{}"),
                        rotated("new", 9, 1),
                        rotated("new", 9, 2))) {
            assertRefused("'new' and 'one'", () -> store.put(clash, 0));
        }
        assertRefused("'two' and 'one'", () -> store.put(rotated("two", 4, 2), 1));
        assertThat(allKeys()).extracting(StoredKey::id).containsExactlyInAnyOrder("one", "two");
        assertThat(store.revision()).isEqualTo(2);

        assertThat(store.put(rotated("one", 5, 1), 1)).isPresent();
        assertThat(store.put(key("new", 2, "{}"), 0)).isPresent();
    }

    @Test
    void pagesOfKeysFollowEachOther() {
        for (int at = 0; at < 25; at++) {
            var id = "key-%02d".formatted(at);
            var team = at % 2 == 0 ? "even" : null;
            store.put(
                    new StoredKey(
                            id,
                            hash(at),
                            null,
                            null,
                            at % 5 == 0,
                            null,
                            team,
                            null,
                            "u" + at % 3,
                            "{}",
                            0,
                            MONDAY,
                            MONDAY,
                            "ada"),
                    0);
        }
        var first = store.keys(KeyFilter.ALL, "", 10);
        assertThat(first).hasSize(10);
        var second = store.keys(KeyFilter.ALL, first.getLast().id(), 10);
        var third = store.keys(KeyFilter.ALL, second.getLast().id(), 10);
        assertThat(third).hasSize(5);
        var ids = new ArrayList<String>();
        for (var page : List.of(first, second, third)) {
            page.forEach(key -> ids.add(key.id()));
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();

        assertThat(ids(new KeyFilter("even", null, null, true)))
                .containsExactly("key-00", "key-10", "key-20");
        assertThat(ids(new KeyFilter(null, null, "u1", true))).containsExactly("key-10");
        assertThat(ids(new KeyFilter(null, "nobody", null, null))).isEmpty();
        assertThat(ids(new KeyFilter(null, null, null, false))).hasSize(20);
    }

    @Test
    void whoReadsAllKeysMayAskTheStore() {
        store.put(key("one", 1, "{}"), 0);
        store.put(key("two", 2, "{}"), 0);
        var seen = new ArrayList<String>();
        store.keys(key -> {
            store.put(team(key.id(), "{}"), 0);
            seen.add(store.key(key.id()).orElseThrow().id());
        });
        assertThat(seen).containsExactlyInAnyOrder("one", "two");
        assertThat(store.objects()).hasSize(2);
    }

    @Test
    void aReaderOfKeysThatFailsHoldsNothingUp() {
        store.put(key("one", 1, "{}"), 0);
        for (int round = 0; round < 20; round++) {
            assertThatThrownBy(() ->
                            store.keys(_ -> {
                                throw new IllegalStateException("enough");
                            }))
                    .hasMessage("enough");
        }
        assertThat(allKeys()).hasSize(1);
        assertThat(store.put(key("one", 1, "{}"), 1)).isPresent();
    }

    @Test
    void everyChangeIsWrittenDownAndGrowsTheRevision() throws SQLException {
        store.put(team("research", "{}"), 0);
        store.put(team("research", "{}"), 1);
        store.remove("teams", "research", 2, "eve", MONDAY.plusSeconds(1));
        store.put(key("one", 1, "{}"), 0);
        store.removeKey("one", 1, "eve", MONDAY);
        store.put(team("research", "{}"), 7);

        assertThat(store.revision()).isEqualTo(5);
        assertThat(changes())
                .containsExactly(
                        "1 teams research 1 ada",
                        "2 teams research 2 ada",
                        "3 teams research null eve",
                        "4 keys one 1 ada",
                        "5 keys one null eve");
    }

    @Test
    void theFirstToKeepSomethingDecides() throws Exception {
        var kept =
                together(
                        8,
                        at ->
                                new String(
                                        store.keep("secret", bytes("made by " + at)),
                                        StandardCharsets.UTF_8));
        assertThat(kept).hasSize(8);
        assertThat(Collections.frequency(kept, kept.getFirst())).isEqualTo(8);
        reopen();
        assertThat(store.keep("secret", bytes("late"))).isEqualTo(bytes(kept.getFirst()));
        assertThat(store.keep("other", bytes("late"))).isEqualTo(bytes("late"));
    }

    @Test
    void ofManyWritersOfOneVersionOneWins() throws Exception {
        store.put(team("research", "{}"), 0);
        var won =
                together(
                        8,
                        at ->
                                store.put(team("research", "{\"by\": " + at + "}"), 1)
                                        .map(StoredObject::document)
                                        .orElse(""));
        assertThat(won).filteredOn(each -> !each.isEmpty()).hasSize(1);
        assertThat(store.revision()).isEqualTo(2);
    }

    @Test
    void manyWritersGetManyRevisions() throws Exception {
        together(8, at -> store.put(key("key-" + at, at, "{}"), 0));
        assertThat(store.revision()).isEqualTo(8);
        assertThat(changes()).hasSize(8);
    }

    @Test
    void whatIsBookedIsSummed() {
        store.book(
                batch(
                        Map.of(
                                spender("one"), new Spent(1, 10, 2, 5, 1_000, 0, 0),
                                spender("two"), new Spent(2, 20, 0, 7, 0, 1, 2)),
                        new AccountSpend("budget", MONDAY, 5),
                        new AccountSpend("budget", MONDAY, 2),
                        new AccountSpend("budget", MONDAY.plusSeconds(60), 1)),
                "node",
                10);
        store.book(
                batch(
                        Map.of(spender("one"), new Spent(1, 1, 1, 1, 1, 1, 1)),
                        new AccountSpend("budget", MONDAY, -3)),
                "node",
                11);
        reopen();

        assertThat(store.booked("node")).isEqualTo(11);
        assertThat(store.booked("other")).isZero();
        assertThat(spent(List.of(KEY), Map.of()))
                .containsExactly(
                        row(new Spent(2, 11, 3, 6, 1_001, 1, 1), "one"),
                        row(new Spent(2, 20, 0, 7, 0, 1, 2), "two"));
        assertThat(accounts(MONDAY))
                .containsExactly(
                        new AccountSpend("budget", MONDAY, 4),
                        new AccountSpend("budget", MONDAY.plusSeconds(60), 1));
        assertThat(accounts(MONDAY.plusSeconds(1))).hasSize(1);
    }

    @Test
    void aJournalIsBookedOnceAndOnlyForwards() {
        book(spender("one"), 5);
        book(spender("one"), 5);
        assertThatThrownBy(() -> book(spender("one"), 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the journal of 'node' is booked up to 5, so 4 came too late");
        assertRefused("1 at least", () -> book(spender("one"), 0));
        store.book(batch(Map.of()), "node", 6);

        assertThat(store.booked("node")).isEqualTo(6);
        assertThat(spent(List.of(), Map.of())).containsExactly(row(calls(1)));
    }

    @Test
    void aBookingThatFailsLeavesNothing() throws SQLException {
        store.book(batch(Map.of(), new AccountSpend("full", MONDAY, Long.MAX_VALUE)), "node", 1);
        var before = everything();

        assertThatThrownBy(() ->
                        store.book(
                                batch(
                                        Map.of(spender("one"), calls(1)),
                                        new AccountSpend("a", MONDAY, 1),
                                        new AccountSpend("full", MONDAY, 1)),
                                "node",
                                2))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("64 bits");

        assertThat(everything()).isEqualTo(before);
        assertThat(store.booked("node")).isEqualTo(1);
        book(spender("one"), 2);
        assertThat(spent(List.of(), Map.of())).containsExactly(row(calls(1)));
    }

    @Test
    void sumsNeverPass64Bits() {
        long most = Long.MAX_VALUE;
        store.book(batch(Map.of(spender("one"), calls(most))), "node", 1);
        assertThat(spent(List.of(KEY), Map.of())).containsExactly(row(calls(most), "one"));

        assertOverflow(() -> book(spender("one"), 2));
        // The smaller roll-ups sum over keys, so the other key passes the bounds there.
        assertOverflow(() -> book(spender("two"), 2));
        var otherDay = new Spender(TODAY.toEpochDay() - 1, "one", "t", "c", "u", "m", "x");
        book(otherDay, 2);
        assertOverflow(() -> spent(List.of(KEY), Map.of()));
        assertThat(spent(List.of(DAY), Map.of()))
                .containsExactly(row(calls(1), "2026-11-29"), row(calls(most), "2026-11-30"));

        var debt = new AccountSpend("debt", MONDAY, -most);
        store.book(batch(Map.of(), debt), "node", 3);
        assertOverflow(() -> store.book(batch(Map.of(), debt), "node", 4));
        assertThat(accounts(MONDAY)).containsExactly(debt);
    }

    @Test
    void manyBookAtATimeAndTheSumsAreExact() throws Exception {
        int nodes = 8;
        int bookings = 12;
        together(
                nodes,
                node -> {
                    for (int at = 1; at <= bookings; at++) {
                        var one = spender("key-" + (at + node) % 4);
                        var other = spender("key-" + (at + node + 1) % 4);
                        store.book(
                                batch(
                                        Map.of(one, calls(2), other, calls(1)),
                                        new AccountSpend("b", MONDAY, at),
                                        new AccountSpend("a", MONDAY, node)),
                                "node-" + node,
                                at);
                    }
                    return node;
                });

        assertThat(spent(List.of(), Map.of())).containsExactly(row(calls(3L * nodes * bookings)));
        assertThat(spent(List.of(KEY), Map.of()).stream().mapToLong(each -> each.spent().calls()))
                .containsExactly(72L, 72L, 72L, 72L);
        assertThat(accounts(MONDAY))
                .containsExactly(
                        new AccountSpend("a", MONDAY, 28L * bookings),
                        new AccountSpend("b", MONDAY, 78L * nodes));
        assertThat(store.booked("node-3")).isEqualTo(bookings);
    }

    @Test
    void manyWhoBookTheSamePositionBookItOnce() throws Exception {
        together(
                8,
                _ -> {
                    book(spender("one"), 3);
                    return true;
                });
        assertThat(spent(List.of(), Map.of())).containsExactly(row(calls(1)));
    }

    @Test
    void spendIsToldByAnyDimensions() {
        var day = TODAY.toEpochDay();
        var spent =
                Map.of(
                        new Spender(day, "k1", "red", "acme", "ada", "small", "east"), calls(1),
                        new Spender(day, "k1", "red", "acme", "ada", "large", "east"), calls(10),
                        new Spender(day, "k2", "red", "", "bob", "small", "west"), calls(100),
                        new Spender(day - 1, "k3", "blue", "acme", "", "small", "west"),
                                calls(1_000),
                        new Spender(day - 2, "k3", "blue", "acme", "", "small", "west"),
                                calls(10_000));
        store.book(batch(spent), "node", 1);

        assertThat(told(List.of(), Map.of())).containsExactly("11111");
        assertThat(told(List.of(TEAM), Map.of())).containsExactly("blue 11000", "red 111");
        assertThat(told(List.of(CUSTOMER), Map.of())).containsExactly(" 100", "acme 11011");
        assertThat(told(List.of(USER), Map.of())).containsExactly(" 11000", "ada 11", "bob 100");
        assertThat(told(List.of(MODEL, TARGET), Map.of()))
                .containsExactly("large east 10", "small east 1", "small west 11100");
        assertThat(told(List.of(MODEL, DAY), Map.of(TEAM, "blue")))
                .containsExactly("small 2026-11-28 10000", "small 2026-11-29 1000");
        assertThat(told(List.of(KEY, KEY, MODEL), Map.of(DAY, "2026-11-30")))
                .containsExactly("k1 k1 large 10", "k1 k1 small 1", "k2 k2 small 100");
        assertThat(told(List.of(KEY), Map.of(USER, "", MODEL, "small", CUSTOMER, "acme")))
                .containsExactly("k3 11000");
        assertThat(told(List.of(DAY, KEY, TEAM, CUSTOMER, USER, MODEL, TARGET), Map.of(KEY, "k2")))
                .containsExactly("2026-11-30 k2 red  bob small west 100");
        assertThat(told(List.of(TEAM), Map.of(MODEL, "none"))).isEmpty();
        assertRefused("a day looks like", () -> told(List.of(), Map.of(DAY, "yesterday")));
    }

    @Test
    void daysOfAQuestionAreInclusive() {
        for (int ago = 0; ago < 4; ago++) {
            var at = TODAY.minusDays(ago).toEpochDay();
            var spender = new Spender(at, "k", "t", "c", "u", "m", "x");
            store.book(batch(Map.of(spender, calls(1))), "node", ago + 1);
        }
        var query = new SpendQuery(TODAY.minusDays(2), TODAY.minusDays(1), List.of(DAY), Map.of());
        assertThat(store.spend(query))
                .containsExactly(row(calls(1), "2026-11-28"), row(calls(1), "2026-11-29"));
        var backwards = new SpendQuery(TODAY, TODAY.minusDays(1), List.of(), Map.of());
        assertThat(store.spend(backwards)).isEmpty();
        var ever = new SpendQuery(LocalDate.MIN, LocalDate.MAX, List.of(), Map.of());
        assertThat(store.spend(ever)).containsExactly(row(calls(4)));
    }

    @Test
    void everyRollUpTellsTheSame() {
        var spent = new HashMap<Spender, Spent>();
        var chance = new Random(7);
        for (int at = 0; at < 500; at++) {
            var spender =
                    new Spender(
                            TODAY.toEpochDay() - chance.nextInt(3),
                            "k" + chance.nextInt(9),
                            "t" + chance.nextInt(3),
                            "c" + chance.nextInt(3),
                            "u" + chance.nextInt(3),
                            "m" + chance.nextInt(3),
                            "x" + chance.nextInt(2));
            spent.merge(spender, calls(chance.nextInt(1_000)), Spent::plus);
        }
        store.book(batch(spent), "node", 1);
        for (var by : selections()) {
            var expected = new TreeMap<List<String>, Spent>(StoreContract::order);
            spent.forEach((who, what) ->
                    expected.merge(
                            by.stream().map(each -> value(who, each)).toList(), what, Spent::plus));
            var rows = new ArrayList<SpendRow>();
            expected.forEach((values, sum) -> rows.add(new SpendRow(values, sum)));
            assertThat(spent(by, Map.of())).isEqualTo(rows);
        }
    }

    @Test
    void aNameThatCannotBeKeptIsBookedAllTheSame() {
        var day = TODAY.toEpochDay();
        var broken = new Spender(day, "k", "t", "c", "u", "a\0b\uD83D", "x".repeat(600));
        store.book(batch(Map.of(broken, calls(1))), "node", 1);
        assertThat(spent(List.of(MODEL, TARGET), Map.of()))
                .containsExactly(row(calls(1), "a\uFFFDb\uFFFD", "x".repeat(512)));
    }

    @Test
    void whatIsOldIsForgotten() throws SQLException {
        for (int ago = 0; ago < 4; ago++) {
            var at = TODAY.minusDays(ago).toEpochDay();
            var spender = new Spender(at, "k", "t", "c", "u", "m", "x");
            var period = MONDAY.minus(ago, ChronoUnit.DAYS);
            store.book(
                    batch(Map.of(spender, calls(1)), new AccountSpend("b", period, 1)),
                    "node",
                    ago + 1);
        }
        var yesterday = MONDAY.minus(1, ChronoUnit.DAYS);
        store.forget(yesterday);

        for (var by : List.of(List.of(DAY), List.of(DAY, KEY, MODEL), List.of(DAY, USER, MODEL))) {
            assertThat(spent(by, Map.of()))
                    .extracting(each -> each.values().getFirst())
                    .containsExactly("2026-11-29", "2026-11-30");
        }
        assertThat(accounts(Instant.MIN))
                .extracting(AccountSpend::period)
                .containsExactly(yesterday, MONDAY);
        assertThat(store.booked("node")).isEqualTo(4);
        store.forget(Instant.MIN);
        assertThat(accounts(Instant.MIN)).hasSize(2);
        store.forget(Instant.MAX);
        assertThat(everything()).doesNotContain("2026").contains("node 4");
        assertThat(spent(List.of(), Map.of())).isEmpty();
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        store.close();
        assertThatThrownBy(() -> store.objects()).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.revision()).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.ping()).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.put(team("a", "{}"), 0))
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void everythingIsThereAfterReopening() {
        store.put(team("research", "{}"), 0);
        store.put(rotated("one", 1, 2), 0);
        book(spender("one"), 7);
        var object = store.object("teams", "research");
        var key = store.key("one");
        reopen();
        assertThat(store.object("teams", "research")).isEqualTo(object).isPresent();
        assertThat(store.key("one")).isEqualTo(key).isPresent();
        assertThat(store.revision()).isEqualTo(2);
        assertThat(store.booked("node")).isEqualTo(7);
        store.ping();
    }

    @Test
    void aNewerStoreIsRefused() throws SQLException {
        store.close();
        change(
                "INSERT INTO sluice_schema_history SELECT installed_rank + 1, '9', description, type,"
                        + " script, checksum, installed_by, installed_on, execution_time, success"
                        + " FROM sluice_schema_history WHERE version = '1'");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("has version 9 and this program knows versions up to 1")
                .hasMessageContaining("restore a backup");
    }

    @Test
    void aStoreThatAnotherScriptMadeIsRefused() throws SQLException {
        store.close();
        change("UPDATE sluice_schema_history SET checksum = checksum + 1 WHERE version = '1'");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("another script than V1__");
    }

    @Test
    void aStoreWhoseMigrationFailedIsRefused() throws SQLException {
        store.close();
        change("UPDATE sluice_schema_history SET success = NOT success");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("to version 1 failed");
    }

    @Test
    void theChecksumIsFlywaysOwn() throws SQLException {
        try (var connection = connect()) {
            var checksum =
                    Sql.one(
                            connection,
                            row -> row.getInt(1),
                            "SELECT checksum FROM sluice_schema_history WHERE version = '1'");
            assertThat(checksum).contains(migrations().checksum(migrations().scripts().getFirst()));
        }
    }

    abstract Migrations migrations();

    void change(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private List<String> changes() throws SQLException {
        try (var connection = connect()) {
            return Sql.list(
                    connection,
                    row ->
                            String.join(
                                    " ",
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    String.valueOf(row.getString(4)),
                                    row.getString(5)),
                    "SELECT revision, kind, id, version, changed_by FROM changes ORDER BY revision");
        }
    }

    /// Every row that a booking may change, as text.
    private String everything() throws SQLException {
        var all = new StringBuilder();
        try (var connection = connect()) {
            for (var table :
                    List.of(
                            "journals ORDER BY node",
                            "accounts ORDER BY account, period",
                            "names ORDER BY name",
                            "spend",
                            "spend_of_callers",
                            "spend_of_callers_by_model",
                            "spend_of_teams",
                            "spend_of_customers")) {
                all.append(table).append('\n');
                Sql.list(
                                connection,
                                row -> {
                                    var line = new ArrayList<String>();
                                    for (int at = 1;
                                            at <= row.getMetaData().getColumnCount();
                                            at++) {
                                        line.add(row.getString(at));
                                    }
                                    return String.join(" ", line);
                                },
                                "SELECT * FROM " + table)
                        .forEach(line -> all.append(line).append('\n'));
            }
        }
        return all.toString();
    }

    private void book(Spender spender, long position) {
        store.book(batch(Map.of(spender, calls(1))), "node", position);
    }

    private List<SpendRow> spent(List<Dimension> by, Map<Dimension, String> where) {
        return store.spend(new SpendQuery(TODAY.minusDays(30), TODAY, by, where));
    }

    private List<String> told(List<Dimension> by, Map<Dimension, String> where) {
        return spent(by, where).stream()
                .map(row -> {
                    var line = new ArrayList<>(row.values());
                    line.add(String.valueOf(row.spent().calls()));
                    return String.join(" ", line);
                })
                .toList();
    }

    private List<AccountSpend> accounts(Instant since) {
        var all = new ArrayList<AccountSpend>();
        store.accounts(since, all::add);
        return all;
    }

    private List<StoredKey> allKeys() {
        var all = new ArrayList<StoredKey>();
        store.keys(all::add);
        return all;
    }

    private List<String> ids(KeyFilter filter) {
        return store.keys(filter, "", 100).stream().map(StoredKey::id).toList();
    }

    interface Numbered<T> {
        T run(int number) throws Exception;
    }

    /// Runs something in as many threads at a time.
    static <T> List<T> together(int threads, Numbered<T> task) throws Exception {
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var tasks = new ArrayList<Callable<T>>();
            for (int at = 0; at < threads; at++) {
                int number = at;
                tasks.add(() -> task.run(number));
            }
            var results = new ArrayList<T>();
            for (var each : executor.invokeAll(tasks)) {
                results.add(each.get());
            }
            return results;
        }
    }

    private static void assertRefused(String why, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static void assertOverflow(ThrowingCallable attempt) {
        assertThatThrownBy(attempt).isInstanceOf(ArithmeticException.class);
    }

    static StoredObject.Change team(String id, String document) {
        return new StoredObject.Change("teams", id, document, "ada", MONDAY);
    }

    static StoredKey key(String id, int hash, String document) {
        return new StoredKey(
                id,
                hash(hash),
                null,
                null,
                false,
                null,
                null,
                null,
                null,
                document,
                0,
                MONDAY,
                MONDAY,
                "ada");
    }

    private static StoredKey rotated(String id, int hash, int replaced) {
        return new StoredKey(
                id,
                hash(hash),
                hash(replaced),
                MONDAY,
                false,
                null,
                null,
                null,
                null,
                "{}",
                0,
                MONDAY,
                MONDAY,
                "ada");
    }

    private static StoredKey version(StoredKey key, long version) {
        return new StoredKey(
                key.id(),
                key.hash(),
                key.replacedHash(),
                key.replacedUntil(),
                key.disabled(),
                key.expiresAt(),
                key.team(),
                key.customer(),
                key.user(),
                key.document(),
                version,
                key.createdAt(),
                key.updatedAt(),
                key.updatedBy());
    }

    private static KeyHash hash(int number) {
        return new KeyHash(number, -number, Long.MIN_VALUE, number * 31L);
    }

    private static Spender spender(String key) {
        return new Spender(TODAY.toEpochDay(), key, "t", "c", "u", "m", "x");
    }

    private static Spent calls(long calls) {
        return new Spent(calls, 0, 0, 0, 0, 0, 0);
    }

    private static SpendBatch batch(Map<Spender, Spent> spent, AccountSpend... accounts) {
        return new SpendBatch(spent, List.of(accounts));
    }

    private static SpendRow row(Spent spent, String... values) {
        return new SpendRow(List.of(values), spent);
    }

    private static LocalDate day(long day) {
        return LocalDate.ofEpochDay(day);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<List<Dimension>> selections() {
        var all = new ArrayList<List<Dimension>>(List.of(List.of()));
        for (var dimension : Dimension.values()) {
            for (var fewer : List.copyOf(all)) {
                var more = new ArrayList<>(fewer);
                more.add(dimension);
                all.add(more);
            }
        }
        return all;
    }

    private static String value(Spender spender, Dimension dimension) {
        return dimension == DAY
                ? LocalDate.ofEpochDay(spender.day()).toString()
                : Rollup.name(spender, dimension);
    }

    private static int order(List<String> one, List<String> other) {
        for (int at = 0; at < one.size(); at++) {
            int order = one.get(at).compareTo(other.get(at));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
