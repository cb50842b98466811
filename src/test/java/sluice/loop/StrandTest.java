package sluice.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class StrandTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_120);
    private static final Loops CARRIED = Loops.start(2, Carrier.open());
    private static final Loops FALLBACK = Loops.start(2, Carrier.defaultScheduler());

    @AfterAll
    static void stop() {
        CARRIED.close();
        FALLBACK.close();
    }

    static Stream<Loops> bothCarriers() {
        return Stream.of(CARRIED, FALLBACK);
    }

    @Test
    void aStrandRunsOnItsLoopWhenTheDoorIsOpen() throws Exception {
        assertThat(Carrier.open().carriesOnLoop()).isTrue();
        assertThat(Carrier.defaultScheduler().carriesOnLoop()).isFalse();
        var loop = CARRIED.all().getFirst();
        var inside = new AtomicReference<@Nullable Boolean>();

        on(
                loop,
                strand -> {
                    var queued = new AtomicInteger();
                    strand.onLoop(() -> {
                        queued.incrementAndGet();
                        strand.wake();
                    });
                    inside.set(queued.get() == 0); // nothing else runs there meanwhile
                    return strand.await(() -> queued.get() == 1, soon(10_000));
                });

        assertThat(inside.get()).isTrue();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("bothCarriers")
    void aWaitEndsAtItsDeadline(Loops loops) throws Exception {
        long started = System.nanoTime();

        assertThat(on(loops, strand -> strand.await(() -> false, soon(60)))).isFalse();
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(60_000_000L);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("bothCarriers")
    void whatIsReadyIsNotWaitedForEvenPastTheDeadline(Loops loops) throws Exception {
        assertThat(on(loops, strand -> strand.await(() -> true, System.nanoTime() - 1))).isTrue();
        assertThat(on(loops, strand -> strand.await(() -> false, System.nanoTime() - 1))).isFalse();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("bothCarriers")
    void aWakeBeforeTheWaitIsNotLost(Loops loops) throws Exception {
        assertThat(
                        on(
                                loops,
                                strand -> {
                                    var ready = new AtomicInteger();
                                    strand.wake();
                                    strand.wake();
                                    strand.onLoop(() -> {
                                        ready.set(1);
                                        strand.wake();
                                    });
                                    return strand.await(() -> ready.get() == 1, Strand.NEVER);
                                }))
                .isTrue();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("bothCarriers")
    void aCancelledStrandWaitsNoMore(Loops loops) throws Exception {
        var thrown = new ArrayList<String>();
        on(
                loops,
                strand -> {
                    strand.onLoop(() -> strand.cancel(new IllegalStateException("the first")));
                    thrown.add(failure(strand));
                    strand.cancel(new IllegalStateException("the second"));
                    thrown.add(failure(strand));
                    return true;
                });

        assertThat(thrown).containsExactly("the first", "the first");
    }

    private static String failure(Strand strand) {
        try {
            strand.await(() -> false, Strand.NEVER);
            return "none";
        } catch (RuntimeException reason) {
            return String.valueOf(reason.getMessage());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("bothCarriers")
    void noWakeIsLostUnderStress(Loops loops) throws Exception {
        int strands = 40;
        int turns = 500;
        var done = new CountDownLatch(strands);
        for (int i = 0; i < strands; i++) {
            int number = i;
            var loop = loops.all().get(i % loops.all().size());
            var value = new AtomicInteger();
            var strandOf = new CompletableFuture<Strand>();
            loop.execute(() -> {
                var strand =
                        loop.strand(self -> {
                            var random = new Random(SEED + number);
                            for (int turn = 1; turn <= turns; turn++) {
                                int wanted = turn;
                                long deadline = random.nextBoolean() ? Strand.NEVER : soon(60_000);
                                self.await(() -> value.get() >= wanted, deadline);
                            }
                            done.countDown();
                        });
                strandOf.complete(strand);
                strand.start();
            });
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        var random = new Random(~(SEED + number));
                        var strand = strandOf.join();
                        for (int turn = 1; turn <= turns; turn++) {
                            value.set(turn);
                            strand.wake();
                            for (int spin = random.nextInt(200); spin > 0; spin--) {
                                Thread.onSpinWait();
                            }
                        }
                    });
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).as("seed " + SEED).isTrue();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("bothCarriers")
    void aStrandThatEndsIsForgottenHoweverItEnds(Loops loops) throws Exception {
        var loop = loops.all().getFirst();
        var held = List.of(heldByAStrand(loop, false), heldByAStrand(loop, true));
        on(loop, _ -> true); // the loop remembers the one that ran last

        long end = System.nanoTime() + 10_000_000_000L;
        while (held.stream().anyMatch(what -> what.get() != null)) {
            assertThat(System.nanoTime() - end).as("ten seconds").isNegative();
            System.gc();
        }
    }

    /// What a strand held, which nobody else holds.
    private static WeakReference<byte[]> heldByAStrand(Loop loop, boolean fails) throws Exception {
        var held = new byte[1];
        var started = new CountDownLatch(held.length);
        loop.execute(() ->
                loop.strand(
                                _ -> {
                                    Thread.currentThread()
                                            .setUncaughtExceptionHandler((_, _) -> {});
                                    started.countDown();
                                    if (fails || held.length > 1) {
                                        throw new IllegalStateException("a bug");
                                    }
                                })
                        .start());
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        return new WeakReference<>(held);
    }

    private static long soon(long millis) {
        return System.nanoTime() + millis * 1_000_000;
    }

    private static boolean on(Loops loops, Function<Strand, Boolean> code) throws Exception {
        return on(loops.all().getFirst(), code);
    }

    private static boolean on(Loop loop, Function<Strand, Boolean> code) throws Exception {
        var result = new CompletableFuture<Boolean>();
        loop.execute(() ->
                loop.strand(
                                strand -> {
                                    try {
                                        result.complete(code.apply(strand));
                                    } catch (RuntimeException failed) {
                                        result.completeExceptionally(failed);
                                    }
                                })
                        .start());
        return result.get(20, TimeUnit.SECONDS);
    }
}
