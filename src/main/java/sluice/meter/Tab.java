package sluice.meter;

import org.jspecify.annotations.Nullable;
import sluice.call.Dialect;
import sluice.call.Usage;
import sluice.protocol.StreamEvent;

/// Counts one call. Providers report usage cumulatively, so the last report counts and reports are never summed
/// (facts/llm-protocols.md section 3). Absent usage is not zero usage: it is estimated from the bytes and marked.
public final class Tab {
    /// Bytes of JSON per token, the provider's own rule of thumb (facts/databricks.md section 3.6).
    private static final int BYTES_PER_TOKEN = 4;

    private final boolean free;
    private @Nullable Usage reported;
    private long estimatedPrompt;
    private long estimatedCompletion;

    private Tab(boolean free) {
        this.free = free;
    }

    /// Counting tokens costs nothing (facts/llm-protocols.md section 4); everything else does.
    public static Tab of(Dialect dialect) {
        return new Tab(dialect == Dialect.COUNT_TOKENS);
    }

    /// The request body that went out, to estimate the prompt from when nothing is reported.
    public void sent(long bytes) {
        estimatedPrompt = tokens(bytes);
    }

    /// One event of a stream: about one token, and sometimes the usage so far.
    public void add(StreamEvent event) {
        switch (event) {
            case StreamEvent.Part part -> {
                estimatedCompletion++;
                report(part.usage());
            }
            case StreamEvent.Done done -> report(done.usage());
            case StreamEvent.Failed _, StreamEvent.Comment _ -> {}
        }
    }

    /// A reply in one piece.
    public void whole(@Nullable Usage usage, long bytes) {
        estimatedCompletion = tokens(bytes);
        report(usage);
    }

    private void report(@Nullable Usage usage) {
        if (usage != null) {
            reported = usage;
        }
    }

    public boolean isEstimated() {
        return reported == null && !free;
    }

    public Usage total() {
        if (free) {
            return Usage.NONE;
        }
        var told = reported;
        return told != null ? told : Usage.of(estimatedPrompt, estimatedCompletion);
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
