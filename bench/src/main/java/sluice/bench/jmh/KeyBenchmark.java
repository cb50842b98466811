package sluice.bench.jmh;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sluice.call.ModelPatterns;
import sluice.call.Principal;
import sluice.identity.KeyHasher;
import sluice.identity.KeyTable;
import sluice.identity.VirtualKeys;
import sluice.store.KeyHash;

/// A virtual key found among many: its hash alone, and all of it. Every call presents another key. The keys lie in memory in
/// the order in which they are presented, as one that has just come from a socket does; their entries lie anywhere.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "-XX:+UseCompactObjectHeaders"})
public class KeyBenchmark {
    @Param({"100", "1000000"})
    private int count;

    private final KeyHasher hasher = KeyHasher.with(KeyHasher.freshSecret());
    private List<List<String>> presented;
    private VirtualKeys keys;

    /// Whose turn it is, for each thread.
    @State(Scope.Thread)
    public static class Turn {
        private int at = new Random().nextInt(100);

        List<String> next(List<List<String>> presented) {
            at = at + 1 >= presented.size() ? 0 : at + 1;
            return presented.get(at);
        }
    }

    @Setup
    public void make() {
        var chance = new Random(7);
        var table = KeyTable.of(List.of());
        presented = new ArrayList<>(count);
        var entries = new ArrayList<KeyTable.Entry>(count);
        var models = new ModelPatterns(List.of("*"));
        for (var at = 0; at < count; at++) {
            var key =
                    "sk-slc-%016x%016x%011x"
                            .formatted(
                                    chance.nextLong(),
                                    chance.nextLong(),
                                    chance.nextLong(1L << 44));
            presented.add(List.of(key));
            entries.add(
                    new KeyTable.Entry(
                            hasher.hash(key),
                            Principal.key("key-" + at, models),
                            false,
                            KeyTable.Entry.FOR_EVER));
        }
        table.fill(entries);
        keys = VirtualKeys.of(hasher, List.of(), table, null, Clock.systemUTC());
    }

    @Benchmark
    public KeyHash hash(Turn turn) {
        return hasher.hash(turn.next(presented).getFirst());
    }

    @Benchmark
    public Principal find(Turn turn) {
        return keys.authenticate(turn.next(presented));
    }
}
