package sluice.identity;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import sluice.call.Principal;
import sluice.store.KeyHash;

/// Many keys by their hashes. Readers never wait: the table is in parts, and a change replaces one part by another.
public final class KeyTable {
    private static final int PARTS = 256;

    /// What a key opens. The table itself only keeps when it ends, which for a disabled one is always.
    ///
    /// @param untilMillis from when on it opens nothing, in milliseconds since 1970
    public record Entry(KeyHash hash, Principal principal, boolean disabled, long untilMillis) {
        public static final long FOR_EVER = Long.MAX_VALUE;

        /// To ask the clock is a good part of a look-up, and most keys have no end.
        boolean opens(Clock clock) {
            return !disabled && (untilMillis == FOR_EVER || clock.millis() < untilMillis);
        }
    }

    private final AtomicReferenceArray<Part> parts = new AtomicReferenceArray<>(PARTS);

    private KeyTable() {}

    public static KeyTable of(Iterable<Entry> entries) {
        var table = new KeyTable();
        table.fill(entries);
        return table;
    }

    /// Replaces everything.
    public void fill(Iterable<Entry> entries) {
        var lists = new ArrayList<List<Entry>>(PARTS);
        for (int i = 0; i < PARTS; i++) {
            lists.add(new ArrayList<>());
        }
        for (var entry : entries) {
            lists.get(part(entry.hash())).add(entry);
        }
        for (int i = 0; i < PARTS; i++) {
            parts.set(i, Part.of(lists.get(i)));
            lists.set(i, List.of());
        }
    }

    /// Puts entries in place of others, those that open first: no moment has neither.
    public synchronized void replace(List<KeyHash> gone, List<Entry> come) {
        for (var entry : come) {
            int part = part(entry.hash());
            parts.set(part, at(part).without(entry.hash()).with(entry));
        }
        for (var hash : gone) {
            if (come.stream().noneMatch(entry -> entry.hash().equals(hash))) {
                int part = part(hash);
                parts.set(part, at(part).without(hash));
            }
        }
    }

    @Nullable Entry find(KeyHash hash) {
        return at(part(hash)).find(hash);
    }

    public long size() {
        long size = 0;
        for (int i = 0; i < PARTS; i++) {
            size += at(i).count;
        }
        return size;
    }

    private Part at(int index) {
        return parts.get(index);
    }

    private static int part(KeyHash hash) {
        return (int) (hash.a() >>> 56);
    }

    /// Open addressing, at most half full. What a look-up reads lies in two arrays at one place, and it follows no reference
    /// before it knows that it is right: among a million keys each would be a wait for the memory.
    private static final class Part {
        /// The hash, and from when on it opens nothing.
        private static final int WORDS = 5;

        private final int count;
        private final long[] words;
        private final @Nullable Principal[] principals;

        private Part(int count) {
            int slots = Math.max(2, count * 2);
            this.count = count;
            this.words = new long[slots * WORDS];
            this.principals = new @Nullable Principal[slots];
        }

        static Part of(List<Entry> all) {
            var part = new Part(all.size());
            for (var entry : all) {
                part.put(entry);
            }
            return part;
        }

        private void put(Entry entry) {
            int slot = slot(entry.hash());
            while (principals[slot] != null) {
                slot = next(slot);
            }
            int at = slot * WORDS;
            words[at] = entry.hash().a();
            words[at + 1] = entry.hash().b();
            words[at + 2] = entry.hash().c();
            words[at + 3] = entry.hash().d();
            words[at + 4] = entry.disabled() ? Long.MIN_VALUE : entry.untilMillis();
            principals[slot] = entry.principal();
        }

        /// Other bits of the hash than those that chose the part.
        private int slot(KeyHash hash) {
            return (int) (((hash.a() & 0xffff_ffffL) * principals.length) >>> 32);
        }

        private int next(int slot) {
            return slot + 1 == principals.length ? 0 : slot + 1;
        }

        @Nullable Entry find(KeyHash hash) {
            int slot = slot(hash);
            for (var known = principals[slot]; known != null; known = principals[slot]) {
                if (hash(slot).matches(hash)) {
                    return entry(slot, known);
                }
                slot = next(slot);
            }
            return null;
        }

        private Entry entry(int slot, Principal known) {
            return new Entry(hash(slot), known, false, words[slot * WORDS + 4]);
        }

        private KeyHash hash(int slot) {
            int at = slot * WORDS;
            return new KeyHash(words[at], words[at + 1], words[at + 2], words[at + 3]);
        }

        Part with(Entry entry) {
            var all = all();
            all.add(entry);
            return of(all);
        }

        Part without(KeyHash hash) {
            if (find(hash) == null) {
                return this;
            }
            var all = all();
            all.removeIf(entry -> entry.hash().equals(hash));
            return of(all);
        }

        private List<Entry> all() {
            var all = new ArrayList<Entry>(count + 1);
            for (int slot = 0; slot < principals.length; slot++) {
                var known = principals[slot];
                if (known != null) {
                    all.add(entry(slot, known));
                }
            }
            return all;
        }
    }
}
