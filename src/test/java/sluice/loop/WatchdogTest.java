package sluice.loop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchdogTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(Watchdog.class);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch reported = new CountDownLatch(1);
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    told.add(event.getFormattedMessage());
                    reported.countDown();
                }
            };
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Watchdog watchdog = Watchdog.withoutYouth();
    private final Workers workers = Workers.start(1, Carrier.open());

    @BeforeEach
    void listen() {
        appender.start();
        log.addAppender(appender);
    }

    @AfterEach
    void stop() {
        watchdog.close();
        workers.close();
        log.detachAppender(appender);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Loop watchedLoop() {
        var started = new CompletableFuture<Loop>();
        var context = ((VertxInternal) vertx).createEventLoopContext();
        context.runOnContext(_ -> started.complete(Loop.on(context, 7, Carrier.open(), workers)));
        watchdog.add(started.join());
        return started.join();
    }

    @Test
    void aLoopThatStandsStillIsToldOnceWithItsStack() throws InterruptedException {
        var over = new CountDownLatch(1);
        watchedLoop()
                .execute(() -> {
                    standStillUntilReported();
                    over.countDown();
                });

        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst())
                .contains("Loop 7 has been blocked for")
                .contains("standStillUntilReported");
    }

    @Test
    void theCallThatBlocksItsLoopIsNamed() throws InterruptedException {
        var over = new CountDownLatch(1);
        var loop = watchedLoop();
        loop.execute(() ->
                loop.strand(
                                _ -> {
                                    standStillUntilReported();
                                    over.countDown();
                                })
                        .start());

        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.getFirst()).contains("standStillUntilReported");
    }

    /// Busy, so that it blocks whatever carries it; and a little longer, so that a second report would come.
    private void standStillUntilReported() {
        long end = System.nanoTime() + 10_000_000_000L;
        while (reported.getCount() > 0 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        long longer = System.nanoTime() + 100_000_000L;
        while (System.nanoTime() - longer < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anIdleLoopIsNotReported() throws InterruptedException {
        watchedLoop();

        assertThat(reported.await(500, TimeUnit.MILLISECONDS)).isFalse();
    }
}
