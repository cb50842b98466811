package sluice.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.CallFailed;

/// Asks the targets what they serve, off the path and again from time to time. A target that does not answer keeps what
/// it was last known to serve.
public final class Discovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /// Asks one target, by id, for the names of its models. May fail with {@link CallFailed}.
    @FunctionalInterface
    public interface Source {
        List<String> models(String target);
    }

    private final List<String> targets;
    private final Source source;
    private final Runnable changed;
    private final Duration interval;
    private final Map<String, List<String>> found = new ConcurrentHashMap<>();
    private final CountDownLatch firstRound = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;

    private Discovery(List<String> targets, Source source, Runnable changed, Duration interval) {
        this.targets = List.copyOf(targets);
        this.source = source;
        this.changed = changed;
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("discovery").unstarted(this::run);
    }

    /// @param targets the ids of those whose models are to be discovered
    /// @param known what some of them are known to serve already; what all are known for need not be waited for
    /// @param changed called after a round that found something new
    public static Discovery start(
            List<String> targets,
            Map<String, List<String>> known,
            Source source,
            Runnable changed,
            Duration interval) {
        var discovery = new Discovery(targets, source, changed, interval);
        discovery.found.putAll(known);
        if (known.keySet().containsAll(targets)) {
            discovery.firstRound.countDown();
        }
        if (!targets.isEmpty()) {
            discovery.thread.start();
        }
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

    public boolean isFirstRoundOver() {
        return firstRound.getCount() == 0;
    }

    /// @return false when the first round took longer
    public boolean awaitFirstRound(Duration patience) throws InterruptedException {
        return firstRound.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        while (!closed) {
            round();
            firstRound.countDown();
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    private void round() {
        boolean news = false;
        for (var target : targets) {
            if (closed) {
                return;
            }
            try {
                var models = List.copyOf(source.models(target));
                news |= !models.equals(found.put(target, models));
            } catch (CallFailed failed) {
                LOG.warn(
                        "The models of target '{}' could not be listed; {} stay known. {}",
                        target,
                        found(target).size(),
                        failed.failure().message());
            } catch (RuntimeException bug) {
                LOG.error("Listing the models of target '{}' failed", target, bug);
            }
        }
        if (news && !closed) {
            changed.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        firstRound.countDown();
        LockSupport.unpark(thread);
    }
}
