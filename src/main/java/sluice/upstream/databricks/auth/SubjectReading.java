package sluice.upstream.databricks.auth;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Secret;
import sluice.loop.Strand;

/// One look at the subject's token, on a thread of its own: a file may be on a network that hangs, and a loop must not.
final class SubjectReading implements Runnable {
    private final Supplier<Secret> source;
    private volatile @Nullable Strand waiting;
    private volatile @Nullable Secret secret;
    private volatile @Nullable RuntimeException failure;

    private SubjectReading(Supplier<Secret> source) {
        this.source = source;
    }

    static SubjectReading begin(Supplier<Secret> source) {
        var reading = new SubjectReading(source);
        Thread.ofPlatform().name("subject-token").daemon().start(reading);
        return reading;
    }

    @Override
    public void run() {
        try {
            secret = source.get();
        } catch (RuntimeException failed) {
            failure = failed;
        } finally {
            if (!isOver()) {
                failure = new IllegalStateException("the subject's token could not be read");
            }
            var strand = waiting;
            if (strand != null) {
                strand.wake();
            }
        }
    }

    boolean isOver() {
        return secret != null || failure != null;
    }

    /// Waits for the end; one strand at a time.
    ///
    /// @return null when the deadline passed first
    /// @throws RuntimeException of the source
    @Nullable Secret await(Strand strand, long deadlineNanos) {
        waiting = strand;
        strand.await(this::isOver, deadlineNanos);
        var failed = failure;
        if (failed != null) {
            throw failed;
        }
        return secret;
    }
}
