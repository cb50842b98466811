package sluice.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.call.CallFailed;
import sluice.call.Failure;

/// What is too much for a loop is done on a worker, one at a time here.
@Timeout(30)
class AsideTest {
    private static final long SEED = Long.getLong("chance.seed", 20_261_130);
    private static final long MUCH = 100L << 20;

    private final List<Busy> taken = new ArrayList<>();
    private @Nullable Loops loops;

    private Loops start(boolean byItsLoop, int workers) {
        loops = Loops.start(1, workers, byItsLoop ? Carrier.open() : Carrier.defaultScheduler());
        return loops;
    }

    @AfterEach
    void stop() {
        taken.forEach(each -> each.over.set(true)); // a test that fails leaves no thread that spins
        if (loops != null) {
            loops.close();
        }
    }

    @Test
    void littleStaysOnItsLoopAndMakesNothing() throws Exception {
        var loop = start(true, 1).all().getFirst();
        var stays = new CopyOnWriteArrayList<Strand.Stay>();
        var left = new AtomicBoolean();

        run(
                loop,
                strand -> {
                    strand.onLoop(() -> left.set(true));
                    try (var one = strand.aside(Work.SCAN, 384 << 10, Strand.NEVER);
                            var other = strand.aside(Work.TRANSLATION, 64 << 10, Strand.NEVER)) {
                        stays.addAll(List.of(one, other));
                    }
                    assertThat(left).isFalse(); // nothing else ran on the loop meanwhile
                });

        assertThat(stays.getFirst()).isSameAs(stays.getLast());
    }

    /// Were it on its loop, nobody would ever end it.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLoopGoesOnWhileAWorkerIsBusy(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        var wentOn = new AtomicBoolean();
        var back = new AtomicBoolean();

        run(
                loop,
                strand -> {
                    try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                        loop.execute(() -> wentOn.set(true));
                        while (!wentOn.get()) {
                            Thread.onSpinWait();
                        }
                    }
                    strand.onLoop(() -> {
                        back.set(true);
                        strand.wake();
                    });
                    assertThat(byItsLoop && back.get()).isFalse(); // it is on its loop again
                    strand.await(back::get, Strand.NEVER);
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsThrownThereComesBackAsItIs(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        for (var thrown :
                List.of(
                        new IOException("checked"),
                        new IllegalStateException("unchecked"),
                        new Failure.Bug().asException(),
                        new StackOverflowError("an error"))) {
            var caught = new AtomicReference<@Nullable Throwable>();

            run(
                    loop,
                    strand -> {
                        try (var _ = strand.aside(Work.TRANSLATION, MUCH, Strand.NEVER)) {
                            throw thrown;
                        } catch (Throwable same) {
                            caught.set(same);
                        }
                        strand.await(() -> true, Strand.NEVER); // it does not think itself aside
                    });

            assertThat(caught.get()).isSameAs(thrown);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStayWithinAnotherIsAPartOfIt(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();

        run(
                loop,
                strand -> {
                    try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                        try (var _ = strand.aside(Work.TRANSLATION, MUCH, Strand.NEVER)) {
                            assertThat(loops().waiting()).isZero();
                        }
                        assertThatThrownBy(() -> strand.await(() -> true, Strand.NEVER))
                                .hasMessageContaining("must not keep a worker");
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoFindsNoWorkerWaitsItsTurn(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        var busy = new Busy(loop);
        var order = new CopyOnWriteArrayList<Integer>();
        var over = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            over.add(
                    begin(
                            loop,
                            strand -> {
                                try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                                    order.add(number);
                                }
                            }));
            awaitWaiting(number + 1);
        }
        assertThat(order).isEmpty();

        busy.end();
        for (var each : over) {
            each.get(20, TimeUnit.SECONDS);
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCancelledStrandLeavesTheLine(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        var busy = new Busy(loop);
        var waits = new CompletableFuture<Strand>();
        var cancelled =
                begin(
                        loop,
                        strand -> {
                            waits.complete(strand);
                            strand.aside(Work.SCAN, MUCH, Strand.NEVER).close();
                        });
        awaitWaiting(1);

        waits.join().cancel(new IllegalStateException("the caller left"));

        assertThatThrownBy(() -> cancelled.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the caller left");
        assertThat(loops().waiting()).isZero();
        busy.end();
        run(loop, strand -> strand.aside(Work.SCAN, MUCH, Strand.NEVER).close());
    }

    /// What it works at may be an array that is another call's as soon as this one is over.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStrandThatIsCancelledOnAWorkerEndsWhenItIsBack(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        var steps = new CopyOnWriteArrayList<String>();

        var cancelled =
                begin(
                        loop,
                        strand -> {
                            try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                                strand.cancel(new IllegalStateException("the caller left"));
                                steps.add("worked on");
                            } finally {
                                steps.add("over");
                            }
                            steps.add("never");
                        });

        assertThatThrownBy(() -> cancelled.get(20, TimeUnit.SECONDS))
                .hasMessageContaining("the caller left");
        assertThat(steps).containsExactly("worked on", "over");
        run(loop, strand -> strand.aside(Work.SCAN, MUCH, Strand.NEVER).close());
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aCallWhoseTimeIsUpIsToldWhatToDo(boolean byItsLoop, boolean answered) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        var busy = new Busy(loop);

        var late =
                begin(
                        loop,
                        strand -> {
                            long past = System.nanoTime() - 1;
                            var stay =
                                    answered
                                            ? strand.asideWithAnswer(Work.SCAN, MUCH, past)
                                            : strand.aside(Work.SCAN, MUCH, past);
                            stay.close();
                        });

        assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed ->
                                assertThat(failed.failure())
                                        .isInstanceOfSatisfying(
                                                Failure.Busy.class,
                                                failure -> {
                                                    assertThat(failure.answered())
                                                            .isEqualTo(answered);
                                                    assertThat(failure.message())
                                                            .contains("server.workers");
                                                }));
        assertThat(loops().waiting()).isZero();
        busy.end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noWorkerIsLostUnderStress(boolean byItsLoop) throws Exception {
        int workers = 2;
        var loop = start(byItsLoop, workers).all().getFirst();
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        var over = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 30; i++) {
            var random = new Random(SEED + i);
            var strandOf = new CompletableFuture<Strand>();
            over.add(
                    begin(
                            loop,
                            strand -> {
                                strandOf.complete(strand);
                                for (int turn = 0; turn < 200; turn++) {
                                    long bytes = random.nextBoolean() ? MUCH : 10;
                                    long until =
                                            random.nextInt(10) > 0
                                                    ? Strand.NEVER
                                                    : System.nanoTime();
                                    try (var _ = strand.aside(Work.SCAN, bytes, until)) {
                                        if (bytes == MUCH) {
                                            int now = atOnce.incrementAndGet();
                                            most.accumulateAndGet(now, Math::max);
                                            atOnce.decrementAndGet();
                                        }
                                    } catch (CallFailed busy) {
                                        assertThat(busy.failure()).isInstanceOf(Failure.Busy.class);
                                    }
                                }
                            }));
            if (i % 3 == 0) {
                Thread.ofPlatform()
                        .daemon()
                        .start(() ->
                                strandOf.join().cancel(new IllegalStateException("cancelled")));
            }
        }
        for (var each : over) {
            each.exceptionally(
                            cancelled -> {
                                assertThat(cancelled).hasMessageContaining("cancelled");
                                return null;
                            })
                    .get(25, TimeUnit.SECONDS);
        }

        assertThat(most.get()).as("seed " + SEED).isBetween(1, workers);
        assertThat(loops().waiting()).isZero();
        // All of them are free again.
        var first = new Busy(loop);
        if (byItsLoop) {
            new Busy(loop).end();
        }
        first.end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWorkedAtWhenTheLoopsStopEndsOnItsLoop(boolean byItsLoop) throws Exception {
        var loop = start(byItsLoop, 1).all().getFirst();
        var there = new CountDownLatch(1);
        var goOn = new AtomicBoolean();
        var ended =
                begin(
                        loop,
                        strand -> {
                            try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                                there.countDown();
                                spinUntil(goOn);
                            }
                        });
        assertThat(there.await(20, TimeUnit.SECONDS)).isTrue();

        var closing = CompletableFuture.runAsync(loops()::close);
        goOn.set(true);

        closing.get(20, TimeUnit.SECONDS);
        ended.get(20, TimeUnit.SECONDS);
        loops = null;
    }

    @Test
    void onceTheWorkersHaveStoppedWorkStaysOnTheLoop() throws Exception {
        var loop = start(true, 1).all().getFirst();
        loop.workers().close();

        run(
                loop,
                strand -> {
                    var queued = new AtomicBoolean();
                    try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                        strand.onLoop(() -> queued.set(true));
                        assertThat(queued).isFalse();
                    }
                    strand.await(() -> true, Strand.NEVER);
                });
    }

    /// Such as where the machine allows no more threads. The JDK itself would try again until there is one, and keep the
    /// loop meanwhile.
    @Test
    void whereNoThreadCanBeMadeWorkStaysOnTheLoop() throws Exception {
        var carrier = Carrier.open();
        var tried = new AtomicInteger();
        loops =
                Loops.start(
                        1,
                        Workers.start(
                                1,
                                carrier,
                                _ -> {
                                    tried.incrementAndGet();
                                    throw new OutOfMemoryError("no more threads");
                                }),
                        carrier);

        run(
                loops.all().getFirst(),
                strand -> {
                    var queued = new AtomicBoolean();
                    for (int turn = 0; turn < 2; turn++) {
                        try (var _ = strand.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                            strand.onLoop(() -> queued.set(true));
                            assertThat(queued).isFalse();
                        }
                        strand.await(queued::get, Strand.NEVER);
                        queued.set(false);
                    }
                });

        assertThat(tried).hasValue(2);
    }

    private Loops loops() {
        return Objects.requireNonNull(loops);
    }

    /// Keeps a worker as work would: without a stop.
    private final class Busy {
        private final AtomicBoolean over = new AtomicBoolean();
        private final CompletableFuture<Void> strand;

        Busy(Loop loop) throws InterruptedException {
            var there = new CountDownLatch(1);
            strand =
                    begin(
                            loop,
                            self -> {
                                try (var _ = self.aside(Work.SCAN, MUCH, Strand.NEVER)) {
                                    there.countDown();
                                    spinUntil(over);
                                }
                            });
            taken.add(this);
            assertThat(there.await(20, TimeUnit.SECONDS)).isTrue();
        }

        void end() throws Exception {
            over.set(true);
            strand.get(20, TimeUnit.SECONDS);
        }
    }

    private static void spinUntil(AtomicBoolean over) {
        while (!over.get()) {
            Thread.onSpinWait();
        }
    }

    private void awaitWaiting(int strands) {
        while (loops().waiting() != strands) {
            Thread.onSpinWait();
        }
    }

    private interface Code {
        void run(Strand strand) throws Exception;
    }

    private static void run(Loop loop, Code code) throws Exception {
        begin(loop, code).get(20, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Void> begin(Loop loop, Code code) {
        var over = new CompletableFuture<Void>();
        loop.execute(() ->
                loop.strand(
                                strand -> {
                                    try {
                                        code.run(strand);
                                        over.complete(null);
                                    } catch (Throwable failed) {
                                        over.completeExceptionally(failed);
                                    }
                                })
                        .start());
        return over;
    }
}
