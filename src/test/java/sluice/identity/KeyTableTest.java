package sluice.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.store.KeyHash;

class KeyTableTest {
    private static final long NOW = 1_000;
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);

    private final Random random = new Random(11);

    private KeyHash hash() {
        return new KeyHash(
                random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private KeyTable.Entry entry(String id) {
        return new KeyTable.Entry(hash(), principal(id), false, KeyTable.Entry.FOR_EVER);
    }

    private static Principal principal(String id) {
        return Principal.key(id, ModelPatterns.NOTHING);
    }

    private static @Nullable String opened(KeyTable table, KeyHash hash) {
        var entry = table.find(hash);
        return entry != null && entry.opens(CLOCK) ? entry.principal().id() : null;
    }

    @Test
    void everyKeyOfManyIsFoundAndNoOther() {
        var entries = new ArrayList<KeyTable.Entry>();
        for (int i = 0; i < 20_000; i++) {
            entries.add(entry("key-" + i));
        }
        var table = KeyTable.of(entries);

        assertThat(table.size()).isEqualTo(entries.size());
        assertThat(entries)
                .allSatisfy(entry ->
                        assertThat(opened(table, entry.hash())).isEqualTo(entry.principal().id()));
        for (int i = 0; i < 20_000; i++) {
            assertThat(table.find(hash())).isNull();
        }
    }

    @Test
    void aHashThatDiffersInOneBitIsAnother() {
        var entry = entry("one");
        var hash = entry.hash();
        var table = KeyTable.of(List.of(entry));

        assertThat(opened(table, hash)).isEqualTo("one");
        for (int bit = 0; bit < 64; bit++) {
            long turned = 1L << bit;
            assertThat(
                            List.of(
                                    new KeyHash(hash.a() ^ turned, hash.b(), hash.c(), hash.d()),
                                    new KeyHash(hash.a(), hash.b() ^ turned, hash.c(), hash.d()),
                                    new KeyHash(hash.a(), hash.b(), hash.c() ^ turned, hash.d()),
                                    new KeyHash(hash.a(), hash.b(), hash.c(), hash.d() ^ turned)))
                    .allSatisfy(near -> assertThat(table.find(near)).isNull());
        }
    }

    /// Against a plain map, with keys that crowd into one part.
    @Test
    void changesInAnyOrderLeaveWhatAMapWouldHold() {
        var table = KeyTable.of(List.of());
        Map<KeyHash, String> map = new HashMap<>();
        for (int change = 0; change < 5_000; change++) {
            var hash = new KeyHash(random.nextInt(200), 1, 2, 3);
            boolean goes = random.nextInt(3) == 0;
            boolean opens = random.nextInt(4) != 0;
            var id = "change-" + change;
            if (goes) {
                table.replace(List.of(hash), List.of());
                map.remove(hash);
            } else {
                long until = opens ? NOW + 1 : NOW;
                table.replace(
                        List.of(hash),
                        List.of(new KeyTable.Entry(hash, principal(id), false, until)));
                map.remove(hash);
                if (opens) {
                    map.put(hash, id);
                }
            }
            if (change % 50 == 0) {
                for (int a = 0; a < 200; a++) {
                    var each = new KeyHash(a, 1, 2, 3);
                    assertThat(opened(table, each)).isEqualTo(map.get(each));
                }
            }
        }
    }

    @Test
    void aDisabledKeyIsKnownAndOpensNothing() {
        var hash = hash();
        var other = entry("other");
        var table =
                KeyTable.of(
                        List.of(
                                new KeyTable.Entry(
                                        hash, principal("off"), true, KeyTable.Entry.FOR_EVER)));
        table.replace(List.of(), List.of(other)); // may move it

        assertThat(table.find(hash)).isNotNull();
        assertThat(opened(table, hash)).isNull();
        assertThat(opened(table, other.hash())).isEqualTo("other");
    }
}
