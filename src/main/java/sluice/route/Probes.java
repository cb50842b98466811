package sluice.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.CallFailed;

/// Asks targets from time to time whether they are there, off the path of calls, and tells {@link Health}. What fails a
/// probe goes last until a probe succeeds.
public final class Probes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    private final Health health;
    private final Source source;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Asks one target and waits for it.
    @FunctionalInterface
    public interface Source {
        /// @throws CallFailed when the target is not well
        void probe(Probe probe);
    }

    public record Probe(String target, String path, Duration interval) {}

    private Probes(Health health, Source source) {
        this.health = health;
        this.source = source;
    }

    /// Starts a thread for each probe, which waits for most of its time.
    public static Probes start(List<Probe> all, Health health, Source source) {
        var probes = new Probes(health, source);
        for (var probe : new ArrayList<>(all)) {
            Thread.ofVirtual().name("probe " + probe.target()).start(() -> probes.run(probe));
        }
        return probes;
    }

    private void run(Probe probe) {
        boolean wasWell = true;
        while (true) {
            boolean well = isWell(probe);
            if (closed.getCount() == 0) {
                return; // its target may be closed already, which says nothing
            }
            health.probed(probe.target(), well);
            if (well && !wasWell) {
                LOG.info("The target '{}' is well again", probe.target());
            }
            wasWell = well;
            try {
                if (closed.await(probe.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private boolean isWell(Probe probe) {
        try {
            source.probe(probe);
            return true;
        } catch (CallFailed failed) {
            if (closed.getCount() > 0) {
                LOG.warn(
                        "The target '{}' fails its health_probe: {}",
                        probe.target(),
                        failed.failure().message());
            }
            return false;
        } catch (RuntimeException bug) {
            LOG.error("The health_probe of the target '{}' failed", probe.target(), bug);
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
