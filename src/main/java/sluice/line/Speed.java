package sluice.line;

import sluice.meter.Tab;
import sluice.route.Journey;
import sluice.upstream.Reply;

/// How fast a target answers one call, for the routes of later ones (design section 8): the time per output token after
/// the first of a stream, or the whole time over all tokens of a plain answer. Measured where there is a choice only.
final class Speed {
    private final Journey journey;
    private final long sentNanos;
    private long arrivedNanos;

    Speed(Journey journey) {
        this.journey = journey;
        this.sentNanos = journey.isAChoice() ? System.nanoTime() : 0;
    }

    /// The answer's beginning is here; a plain answer is here whole.
    void beginning(Reply reply) {
        if (journey.isAChoice()) {
            arrivedNanos = System.nanoTime();
            journey.heard(reply.quota());
        }
    }

    void end(Reply reply, Tab tab) {
        if (!journey.isAChoice()) {
            return;
        }
        long tokens = tab.total().output();
        switch (reply) {
            case Reply.Whole _ -> journey.answered(perToken(arrivedNanos - sentNanos, tokens), 0);
            case Reply.Streamed stream -> {
                long first = stream.firstTokenNanos();
                if (first == 0) {
                    journey.answered(0, 0);
                } else {
                    long writing = Math.max(1, stream.lastBytesNanos() - first);
                    journey.answered(perToken(writing, tokens - 1), first - sentNanos);
                }
            }
        }
    }

    private static long perToken(long nanos, long tokens) {
        return tokens <= 0 ? 0 : Math.max(1, nanos / tokens);
    }
}
