package sluice.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.CallFailed;

/// Asks the targets what they serve, off the path and again from time to time, each by itself, so that a silent one
/// holds back no other. A target that does not answer keeps what it was last known to serve.
public final class Discovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /// Asks one target, by id, for the names of its models. May fail with {@link CallFailed}.
    @FunctionalInterface
    public interface Source {
        List<String> models(String target);
    }

    /// A caller that asks for what does not exist must not make us ask for ever.
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private final AtomicLong askedAgain = new AtomicLong(System.nanoTime() - AGAIN_AFTER.toNanos());
    private final Source source;
    private final Runnable changed;
    private final Duration interval;
    private final long firstRoundEndsNanos;
    private final Map<String, List<String>> found = new ConcurrentHashMap<>();
    private final CountDownLatch unasked;
    private final List<Thread> threads;
    private volatile boolean closed;

    private Discovery(
            List<String> targets,
            Source source,
            Runnable changed,
            Duration firstRound,
            Duration interval) {
        this.source = source;
        this.changed = changed;
        this.interval = interval;
        this.firstRoundEndsNanos = System.nanoTime() + firstRound.toNanos();
        this.unasked = new CountDownLatch(targets.size());
        this.threads =
                targets.stream()
                        .map(target -> Thread.ofVirtual().unstarted(() -> ask(target)))
                        .toList();
    }

    /// @param targets the ids of those whose models are to be discovered
    /// @param known what some of them are known to serve already; what all are known for need not be waited for
    /// @param changed called after a round that found something new
    /// @param firstRound how long the first round lasts at most; a target that is silent for longer is late
    public static Discovery start(
            List<String> targets,
            Map<String, List<String>> known,
            Source source,
            Runnable changed,
            Duration firstRound,
            Duration interval) {
        var discovery = new Discovery(targets, source, changed, firstRound, interval);
        discovery.found.putAll(known);
        known.keySet().stream()
                .filter(targets::contains)
                .forEach(_ -> discovery.unasked.countDown());
        discovery.threads.forEach(Thread::start);
        return discovery;
    }

    /// What the target was last known to serve; nothing before the first round.
    public List<String> found(String target) {
        return found.getOrDefault(target, List.of());
    }

    /// True when the target has answered before.
    public boolean knows(String target) {
        return found.containsKey(target);
    }

    /// True when every target has been asked, or the time for it is over.
    public boolean isFirstRoundOver() {
        return !isLate() || System.nanoTime() - firstRoundEndsNanos >= 0;
    }

    /// True while a target has neither listed its models nor failed to.
    public boolean isLate() {
        return unasked.getCount() > 0;
    }

    /// @return false when a target is still silent then
    public boolean awaitFirstRound(Duration patience) throws InterruptedException {
        return unasked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Asks all targets now instead of at the next turn.
    ///
    /// @return false when that was done a moment ago, and is not done again
    public boolean askAgain() {
        long now = System.nanoTime();
        long before = askedAgain.get();
        if (now - before < AGAIN_AFTER.toNanos() || !askedAgain.compareAndSet(before, now)) {
            return false;
        }
        threads.forEach(LockSupport::unpark);
        return true;
    }

    private void ask(String target) {
        boolean waitedFor = !knows(target);
        while (!closed) {
            try {
                if (isNews(target) && !closed) {
                    changed.run();
                }
            } catch (RuntimeException | Error bug) {
                LOG.error("Listing the models of target '{}' failed", target, bug);
            } finally {
                if (waitedFor) {
                    waitedFor = false;
                    unasked.countDown();
                }
            }
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    private boolean isNews(String target) {
        try {
            var models = List.copyOf(source.models(target));
            return !models.equals(found.put(target, models));
        } catch (CallFailed failed) {
            LOG.warn(
                    "The models of target '{}' could not be listed; {} stay known. {}",
                    target,
                    found(target).size(),
                    failed.failure().message());
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(LockSupport::unpark);
    }
}
