package sluice.line;

import org.jspecify.annotations.Nullable;
import sluice.call.Attempt;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.Principal;
import sluice.call.Secret;
import sluice.ledger.Entry;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ModelRequest;
import sluice.route.Journey;
import sluice.server.Exchange;
import sluice.upstream.Question;

/// One call to a model, once it is known what is asked and by whom: what all of its attempts share.
record Call(
        ModelRequest asked,
        Principal caller,
        @Nullable Secret ownToken,
        CallTime time,
        Spending spending,
        Exchange exchange,
        Entry entry,
        Snapshot now) {

    /// Off the loop, for as long as the stay is not closed, when this is too much for it.
    Strand.Stay aside(Work work, Bytes bytes) {
        return exchange.strand().aside(work, bytes.length(), time.untilNanos());
    }

    /// Where it goes, for the caller and the ledger.
    void resolved(ModelName model) {
        entry.resolved(model);
        exchange.resolved(model.text());
    }

    /// It goes out.
    void sent() {
        exchange.attempts(entry.attempt());
    }

    /// A sending did not answer it, and another follows.
    ///
    /// @param sentNanos when it went out, on the scale of {@link System#nanoTime}
    void failed(ModelName model, Failure failure, long sentNanos, String next, String why) {
        entry.failed(
                new Attempt(
                        entry.attempts(),
                        model,
                        failure,
                        System.nanoTime() - sentNanos,
                        next,
                        why));
    }

    Question question(Passage passage, Journey journey, Dropped dropped) {
        var here = journey.here();
        long sent = System.nanoTime();
        return new Question(
                passage.request(),
                here.model().model(),
                caller,
                ownToken,
                exchange.forwarded(),
                dropped,
                time.patience(),
                here.overrides(),
                journey.isAChoice(),
                (credential, refused) -> {
                    failed(here.model(), refused, sent, "other credential", "not " + credential);
                    sent();
                });
    }
}
