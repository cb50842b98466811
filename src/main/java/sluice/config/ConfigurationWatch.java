package sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration again when a file that it came from changes: a policy file, a secret's file, a certificate.
///
/// Content is compared, at an interval. Notifications from the system would be quicker and miss what matters most: an
/// editor that writes a new file and renames it, a mounted directory whose symbolic link is swapped, a network file
/// system. Each change is read whole and handed on as one {@link Loaded}: a good one to take over, or the faults of
/// one that must not be; nothing is ever handed on in parts.
public final class ConfigurationWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);

    /// How often a gateway looks, unless a test wants otherwise.
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    /// A file that is being written in place may be cut anywhere; after a change we let the writer finish.
    private static final Duration SETTLE = Duration.ofMillis(100);

    private final List<Path> files;
    private final Environment environment;
    private final Supplier<List<StoredDocument>> stored;
    private final Consumer<Loaded> changed;
    private final Thread thread;
    private final Loaded first;
    private Sources sources;

    private ConfigurationWatch(
            List<Path> files,
            Environment environment,
            Supplier<List<StoredDocument>> stored,
            Duration interval,
            Consumer<Loaded> changed) {
        this.files = List.copyOf(files);
        this.environment = environment;
        this.stored = stored;
        this.changed = changed;
        this.sources = new Sources();
        this.first = ConfigurationFiles.load(files, environment, List.of(), sources);
        this.thread =
                Thread.ofPlatform()
                        .name("configuration-watch")
                        .daemon()
                        .unstarted(() -> watch(interval));
    }

    /// With nothing stored.
    static ConfigurationWatch over(
            List<Path> files,
            Environment environment,
            Duration interval,
            Consumer<Loaded> changed) {
        return over(files, environment, List::of, interval, changed);
    }

    /// Reads the files; looks at them again only after {@link #start}, or when told to.
    ///
    /// @param stored the objects that are laid under those of the files when they are read again
    public static ConfigurationWatch over(
            List<Path> files,
            Environment environment,
            Supplier<List<StoredDocument>> stored,
            Duration interval,
            Consumer<Loaded> changed) {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("an interval is positive, got " + interval);
        }
        return new ConfigurationWatch(files, environment, stored, interval, changed);
    }

    /// What the files said when the watch was made.
    public Loaded first() {
        return first;
    }

    public void start() {
        thread.start();
    }

    /// Looks once, now. True when something had changed and was handed on.
    public synchronized boolean checkNow() {
        if (!sources.changed()) {
            return false;
        }
        sources = new Sources();
        changed.accept(ConfigurationFiles.load(files, environment, stored.get(), sources));
        return true;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch(Duration interval) {
        try {
            while (true) {
                Thread.sleep(interval);
                check();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void check() throws InterruptedException {
        try {
            if (somethingChanged()) {
                Thread.sleep(SETTLE);
                checkNow();
            }
        } catch (RuntimeException failure) {
            LOG.error(
                    "the changed configuration could not be taken over; the last one runs on",
                    failure);
        }
    }

    private synchronized boolean somethingChanged() {
        return sources.changed();
    }
}
