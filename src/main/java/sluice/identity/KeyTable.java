package sluice.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import sluice.call.Principal;
import sluice.store.KeyHash;

/// Many keys by their hashes. Readers never wait: the table is in parts, and a change replaces one part by another.
public final class KeyTable {
    private static final int PARTS = 256;

    /// What a key opens.
    ///
    /// @param untilMillis from when on it opens nothing, in milliseconds since 1970
    public record Entry(KeyHash hash, Principal principal, boolean disabled, long untilMillis) {
        public static final long FOR_EVER = Long.MAX_VALUE;

        boolean opens(long nowMillis) {
            return !disabled && nowMillis < untilMillis;
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

    /// Open addressing, at most two thirds full. The first eight bytes of each hash stand apart, so that a look at the
    /// wrong entries is seldom needed.
    private static final class Part {
        private final int count;
        private final long[] firsts;
        private final @Nullable Entry[] entries;

        private Part(int count, int slots) {
            this.count = count;
            this.firsts = new long[slots];
            this.entries = new @Nullable Entry[slots];
        }

        static Part of(List<Entry> all) {
            int slots = Integer.highestOneBit(Math.max(2, all.size() * 3 / 2)) * 2;
            var part = new Part(all.size(), slots);
            for (var entry : all) {
                int at = part.slot(entry.hash());
                while (part.entries[at] != null) {
                    at = (at + 1) & (slots - 1);
                }
                part.firsts[at] = entry.hash().a();
                part.entries[at] = entry;
            }
            return part;
        }

        private int slot(KeyHash hash) {
            return (int) hash.a() & (entries.length - 1);
        }

        @Nullable Entry find(KeyHash hash) {
            int at = slot(hash);
            for (var entry = entries[at]; entry != null; entry = entries[at]) {
                if (firsts[at] == hash.a() && entry.hash().matches(hash)) {
                    return entry;
                }
                at = (at + 1) & (entries.length - 1);
            }
            return null;
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
            for (var entry : entries) {
                if (entry != null) {
                    all.add(entry);
                }
            }
            return all;
        }
    }
}
