package sluice.meter;

import org.jspecify.annotations.Nullable;
import sluice.call.Usage;

/// Counts one call. Providers report usage cumulatively, so the last report counts and reports are never summed
/// (facts/llm-protocols.md section 3). Absent usage is not zero usage: it is estimated from the bytes and marked.
public final class Tab {
    /// Bytes of JSON per token, the provider's own rule of thumb (facts/databricks.md section 3.6).
    private static final int BYTES_PER_TOKEN = 4;

    private @Nullable Usage reported;
    private long estimatedPrompt;
    private long estimatedCompletion;

    /// The request body that went out, to estimate the prompt from when nothing is reported.
    public void sent(long bytes) {
        estimatedPrompt = tokens(bytes);
    }

    /// A chunk of a stream: about one token.
    public void chunk(@Nullable Usage usage) {
        estimatedCompletion++;
        report(usage);
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
        return reported == null;
    }

    public Usage total() {
        var told = reported;
        return told != null ? told : Usage.of(estimatedPrompt, estimatedCompletion);
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
