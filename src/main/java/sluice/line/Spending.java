package sluice.line;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.access.Hold;
import sluice.access.Need;
import sluice.access.Standing;
import sluice.access.Use;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.Money;
import sluice.call.Terms;
import sluice.call.Usage;
import sluice.json.NotJson;
import sluice.ledger.Entry;
import sluice.meter.Estimate;
import sluice.meter.PriceBook;
import sluice.protocol.ModelRequest;
import sluice.route.Journey;
import sluice.server.Exchange;

/// What one call may spend, and what it spends: the worst is held before anything goes out, and what was really used takes
/// its place in the end, however the call ended.
final class Spending implements AutoCloseable {
    private final Hold hold;
    private final List<Use> uses = new ArrayList<>(1);

    private Spending(Hold hold) {
        this.hold = hold;
    }

    /// @throws CallFailed when a limit or a budget does not cover it; nothing is held then
    static Spending open(
            ModelRequest asked,
            List<Grant> grants,
            Journey journey,
            Standing standing,
            Exchange exchange,
            Entry entry,
            Snapshot now) {
        var model = grants.getFirst().model();
        var need = need(asked, model, journey.models(), standing, entry, now);
        try {
            return new Spending(standing.hold(need));
        } finally {
            if (standing.isLimited()) {
                exchange.left(standing.left(need));
            }
        }
    }

    private static Need need(
            ModelRequest asked,
            Meaning model,
            List<ModelName> models,
            Standing standing,
            Entry entry,
            Snapshot now) {
        if (asked.dialect() == Dialect.COUNT_TOKENS || !standing.isLimited()) {
            return new Need(model, models, 0, 0, null);
        }
        long input = Estimate.ofInput(asked.body());
        long tokens = input;
        long dearest = 0;
        ModelName unpriced = null;
        for (var each : models) {
            long output = output(asked, each, now);
            long worst = now.prices().worst(each, input, output, entry.startedAt());
            tokens = Math.max(tokens, input + output);
            dearest = Math.max(dearest, worst);
            unpriced = worst == PriceBook.UNKNOWN ? each : unpriced;
        }
        return new Need(model, models, tokens, dearest, unpriced);
    }

    /// Whoever does not say how long an answer may get, may get the longest that the model writes.
    private static long output(ModelRequest asked, ModelName model, Snapshot now) {
        try {
            long each = asked.maxTokens();
            long longest = each > 0 ? each : now.book().traits(model.model()).maxOutputTokens();
            return Math.multiplyExact(longest, asked.answers());
        } catch (NotJson | ArithmeticException malformed) {
            throw new Failure.Malformed(
                            "The request asks for more tokens than can be counted.", "max_tokens")
                    .asException();
        }
    }

    /// The request as it may be sent: with the caller's own limit, or with the one that was set for it.
    ///
    /// @throws CallFailed when it asks for more, for another kind of request, or at another time than is allowed
    static ModelRequest allowed(
            ModelRequest asked, Meaning model, Standing standing, Entry entry, Snapshot now)
            throws NotJson {
        long most = asked.maxTokens();
        standing.admit(model, asked.type(), most, entry.startedAt());
        long cap = standing.maxTokens(model);
        return most == 0 && cap != Terms.ANY_NUMBER
                ? asked.withMaxTokens(cap, now.limits())
                : asked;
    }

    /// One sending used so much.
    ///
    /// @param cost null when nobody knows its price
    void used(ModelName model, Usage usage, @Nullable Money cost) {
        uses.add(new Use(model, usage.total(), cost == null ? 0 : cost.nanoDollars()));
    }

    @Override
    public void close() {
        hold.settle(uses);
    }
}
