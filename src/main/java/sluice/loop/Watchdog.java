package sluice.loop;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells when a loop stood still: every call on it stood still too. Looks at the loops' ticks from a thread of its own
/// and logs one line with the stack for each time that a loop was blocked longer than the limit.
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long LIMIT_MILLIS = 20;
    private static final long YOUTH_MILLIS = 5_000;
    private static final long REPORT_EVERY_MILLIS = 10_000;
    private static final int FRAMES = 30;

    private final List<Watched> loops = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    private final long youthMillis;

    private Watchdog(long youthMillis) {
        this.youthMillis = youthMillis;
        thread = Thread.ofPlatform().name("loop-watchdog").daemon().unstarted(this::watch);
    }

    public static Watchdog start() {
        return start(YOUTH_MILLIS);
    }

    /// Watches a loop from its first moment.
    static Watchdog withoutYouth() {
        return start(0);
    }

    private static Watchdog start(long youthMillis) {
        var watchdog = new Watchdog(youthMillis);
        watchdog.thread.start();
        return watchdog;
    }

    public void add(Loop loop) {
        loops.add(new Watched(loop, youthMillis));
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(LIMIT_MILLIS * 1_000_000);
            long now = System.nanoTime();
            for (var watched : loops) {
                watched.look(now);
            }
        }
    }

    private static final class Watched {
        private final Loop loop;
        private final long startedNanos = System.nanoTime();
        private final long youthMillis;
        private long seenTick;
        private long reportedNanos = startedNanos - REPORT_EVERY_MILLIS * 1_000_000;
        private int unreported;

        Watched(Loop loop, long youthMillis) {
            this.loop = loop;
            this.youthMillis = youthMillis;
        }

        void look(long now) {
            long tick = loop.lastTickNanos();
            long late = now - tick - Loop.TICK_MILLIS * 1_000_000;
            if (late <= LIMIT_MILLIS * 1_000_000 || tick == seenTick) {
                return;
            }
            var frames = loop.thread().getStackTrace();
            if (isWaitingForSockets(frames) || isYoung(now)) {
                return;
            }
            seenTick = tick;
            if (now - reportedNanos < REPORT_EVERY_MILLIS * 1_000_000) {
                unreported++;
                return;
            }
            LOG.warn(
                    "Loop {} has been blocked for {} ms ({} more times since the last report); every"
                            + " call on it waits. It runs:\n{}",
                    loop.index(),
                    late / 1_000_000,
                    unreported,
                    stack(frames));
            reportedNanos = now;
            unreported = 0;
        }

        /// A loop with nothing to do is not blocked, however late a busy machine wakes it for its tick.
        private static boolean isWaitingForSockets(StackTraceElement[] frames) {
            return Arrays.stream(frames)
                    .limit(6)
                    .map(StackTraceElement::getMethodName)
                    .anyMatch(method -> method.equals("epollWait") || method.equals("select"));
        }

        /// A loop that has just started loads classes on every path for the first time.
        private boolean isYoung(long now) {
            return now - startedNanos < youthMillis * 1_000_000;
        }

        /// The strand's frames first, when one is mounted, then the loop's own.
        private String stack(StackTraceElement[] frames) {
            var strand = loop.running();
            var mounted =
                    strand != null && strand.getState() == Thread.State.RUNNABLE
                            ? Arrays.stream(strand.getStackTrace())
                            : Stream.<StackTraceElement>empty();
            return Stream.concat(mounted, Arrays.stream(frames))
                    .limit(FRAMES)
                    .map(frame -> "    at " + frame)
                    .collect(Collectors.joining("\n"));
        }
    }
}
