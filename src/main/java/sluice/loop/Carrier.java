package sluice.loop;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes virtual threads whose continuations run on an executor of our choice, so that a call lives on the event loop
/// of its own connection and nothing is handed between threads (why: RATIONALE.md).
///
/// The JDK has the constructor but no public door to it: `--add-opens java.base/java.lang=ALL-UNNAMED`, which the
/// launcher and the jar's manifest give. Where the door is shut, threads fall back to the JDK's own scheduler: dearer,
/// and otherwise the same.
public final class Carrier {
    private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

    private final @Nullable Constructor<?> builder;

    private Carrier(@Nullable Constructor<?> builder) {
        this.builder = builder;
    }

    /// The event loop as the carrier when this JVM lets us, else the JDK's scheduler, with one line in the log.
    public static Carrier open() {
        try {
            var builder =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            return new Carrier(builder);
        } catch (ReflectiveOperationException | InaccessibleObjectException shut) {
            LOG.warn(
                    "Calls run on the JDK's scheduler, not on their event loops: {}. Everything works, each call costs"
                            + " more. Start with --add-opens java.base/java.lang=ALL-UNNAMED to mend it.",
                    shut.toString());
            return defaultScheduler();
        }
    }

    /// The fallback, by choice.
    public static Carrier defaultScheduler() {
        return new Carrier(null);
    }

    /// True when threads run on the executor that they are given.
    public boolean carriesOnLoop() {
        return builder != null;
    }

    /// A virtual thread that is not started yet and, when the door is open, runs only inside {@code executor}.
    Thread thread(Executor executor, Runnable code) {
        if (builder == null) {
            return Thread.ofVirtual().unstarted(code);
        }
        try {
            return ((Thread.Builder.OfVirtual) builder.newInstance(executor)).unstarted(code);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("the builder was accessible before", impossible);
        }
    }
}
