package sluice;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/// Hears what Netty says of buffers that were dropped and never given back.
final class LeakDetector extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final AtomicInteger DROPPED = new AtomicInteger();

    private final Logger said = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final List<String> reports = new CopyOnWriteArrayList<>();
    private String hint = "";

    LeakDetector() {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new AssertionError("the build starts tests with leak detection at 'paranoid'");
        }
        start();
        said.addAppender(this);
        said.setAdditive(false);
    }

    @Override
    protected void append(ILoggingEvent event) {
        reports.add(event.getFormattedMessage());
    }

    /// The reports of everything that was dropped before now.
    ///
    /// A report needs a collection and, after it, one more buffer. So a buffer of our own is dropped as well, and
    /// when that one has been reported, so has every other.
    List<String> reports() {
        drop();
        Patience.until(
                () -> "the detector to tell of a buffer that was dropped for it",
                () -> {
                    System.gc();
                    PooledByteBufAllocator.DEFAULT.heapBuffer(16).release();
                    return reports.stream().anyMatch(this::isOurs);
                });
        return reports.stream().filter(report -> !isOurs(report)).toList();
    }

    /// Each under a name of its own, because what has been reported once is not reported again.
    private void drop() {
        hint = "dropped on purpose " + DROPPED.incrementAndGet();
        PooledByteBufAllocator.DEFAULT.heapBuffer(16).touch(hint);
    }

    private boolean isOurs(String report) {
        return report.contains(hint);
    }

    @Override
    public void close() {
        said.setAdditive(true);
        said.detachAppender(this);
        stop();
    }
}
