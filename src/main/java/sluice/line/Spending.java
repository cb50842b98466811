package sluice.line;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.access.Hold;
import sluice.access.Need;
import sluice.access.Standing;
import sluice.access.Use;
import sluice.call.CallFailed;
import sluice.call.CallId;
import sluice.call.Dialect;
import sluice.call.Failure;
import sluice.call.Grant;
import sluice.call.Meaning;
import sluice.call.ModelName;
import sluice.call.Money;
import sluice.call.Terms;
import sluice.call.Usage;
import sluice.json.NotJson;
import sluice.ledger.Commitment;
import sluice.ledger.Entry;
import sluice.ledger.Outlay;
import sluice.ledger.Shares;
import sluice.ledger.SpendJournal;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.meter.Estimate;
import sluice.meter.PriceBook;
import sluice.protocol.ModelRequest;
import sluice.route.Candidate;
import sluice.route.Journey;
import sluice.server.Exchange;

/// What one call may spend, and what it spends: the worst is held before anything goes out, and what was really used takes
/// its place in the end, however the call ended.
final class Spending implements Shares, AutoCloseable {
    /// Sums of such numbers still fit where they are counted, however many calls run.
    private static final long MOST_TOKENS = 1_000_000_000_000L;

    private final Hold hold;
    private final SpendJournal journal;
    private final List<Use> uses = new ArrayList<>(1);
    private final List<Outlay> outlays = new ArrayList<>(1);
    private long place;
    private boolean closed;

    private Spending(Hold hold, SpendJournal journal) {
        this.hold = hold;
        this.journal = journal;
    }

    /// @throws CallFailed when a limit or a budget does not cover it, or when nothing can be written down; nothing is held
    ///     then
    static Spending open(
            ModelRequest asked,
            List<Grant> grants,
            Journey journey,
            Standing standing,
            Exchange exchange,
            Entry entry,
            Snapshot now) {
        var need = need(asked, grants.getFirst().model(), journey, standing, exchange, entry, now);
        var spending = new Spending(hold(need, standing, exchange), now.journal());
        try {
            tellLeft(need, standing, exchange);
            spending.writeDown(
                    commitment(exchange.id(), need, journey.here().model(), standing, entry));
            return spending;
        } catch (RuntimeException | Error unwritten) {
            spending.hold.settle(List.of());
            throw unwritten;
        }
    }

    private static Hold hold(Need need, Standing standing, Exchange exchange) {
        try {
            return standing.hold(need);
        } catch (CallFailed refused) {
            tellLeft(need, standing, exchange);
            throw refused;
        }
    }

    private static void tellLeft(Need need, Standing standing, Exchange exchange) {
        if (standing.isLimited()) {
            exchange.left(standing.left(need));
        }
    }

    private void writeDown(Commitment commitment) {
        place = journal.held(commitment, this);
    }

    private static Commitment commitment(
            CallId call, Need need, ModelName first, Standing standing, Entry entry) {
        var caller = standing.caller();
        boolean isKey =
                switch (caller.kind()) {
                    case VIRTUAL_KEY, ANONYMOUS, OPERATOR -> true;
                    case TOKEN, WORKSPACE -> false;
                };
        return new Commitment(
                call.value(),
                entry.startedAt().toEpochMilli(),
                isKey ? caller.id() : "",
                orEmpty(standing.team()),
                orEmpty(standing.customer()),
                orEmpty(caller.user()),
                first,
                need.inputTokens(),
                need.outputTokens(),
                need.nanoDollars(),
                need.unpriced() != null);
    }

    private static String orEmpty(@Nullable String name) {
        return name == null ? "" : name;
    }

    private static Need need(
            ModelRequest asked,
            Meaning model,
            Journey journey,
            Standing standing,
            Exchange exchange,
            Entry entry,
            Snapshot now) {
        long bytes = looksAtBody(asked, standing) ? asked.body().length() : 0;
        try (var _ = exchange.strand().aside(Work.SCAN, bytes, Strand.NEVER)) {
            return need(asked, model, journey, standing, entry, now);
        }
    }

    /// Whether more than the envelope is needed: to estimate the input where that is limited, or to count prompts.
    private static boolean looksAtBody(ModelRequest asked, Standing standing) {
        return standing.isLimited()
                || switch (asked.dialect()) {
                    case COMPLETIONS, INVOCATIONS -> true;
                    case CHAT, RESPONSES, MESSAGES, EMBEDDINGS, COUNT_TOKENS -> false;
                };
    }

    private static Need need(
            ModelRequest asked,
            Meaning model,
            Journey journey,
            Standing standing,
            Entry entry,
            Snapshot now) {
        var models = journey.models();
        if (asked.dialect() == Dialect.COUNT_TOKENS) {
            return new Need(model, models, 0, 0, 0, null); // costs nothing
        }
        long input =
                standing.isLimited()
                        ? Estimate.ofInput(asked.body())
                        : Estimate.ofBytes(asked.body().length());
        long longest = 0;
        long dearest = 0;
        ModelName unpriced = null;
        for (var each : journey.candidates()) {
            long output = output(asked, each, now);
            long worst = now.prices().worst(each.model(), input, output, entry.startedAt());
            longest = Math.max(longest, output);
            dearest = Math.max(dearest, worst);
            unpriced = worst == PriceBook.UNKNOWN ? each.model() : unpriced;
        }
        return new Need(model, models, input, longest, dearest, unpriced);
    }

    /// Whoever does not say how long an answer may get, may get the longest that the model writes. What the operator sets
    /// for a candidate goes along in place of what the caller said.
    private static long output(ModelRequest asked, Candidate candidate, Snapshot now) {
        try {
            var set = candidate.overrides();
            long each = Math.max(asked.maxTokens(), set.maxTokens());
            var model = candidate.model().model();
            long longest = each > 0 ? each : now.book().traits(model).maxOutputTokens();
            long answers = Math.multiplyExact(asked.answers(), Math.max(1, set.answers()));
            long all = Math.multiplyExact(longest, answers);
            if (all > MOST_TOKENS) {
                throw tooManyTokens();
            }
            return all;
        } catch (NotJson | ArithmeticException malformed) {
            throw tooManyTokens();
        }
    }

    private static CallFailed tooManyTokens() {
        return new Failure.Malformed(
                        "The request asks for more tokens than can be counted.", "max_tokens")
                .asException();
    }

    /// The request as it may be sent: with the caller's own limit, or with the one that was set for it.
    ///
    /// @throws CallFailed when it asks for more, for another kind of request, or at another time than is allowed
    static ModelRequest allowed(
            ModelRequest asked,
            Meaning model,
            Standing standing,
            Exchange exchange,
            Entry entry,
            Snapshot now)
            throws NotJson {
        long most = asked.maxTokens();
        standing.admit(model, asked.type(), most, entry.startedAt());
        long cap = standing.maxTokens(model);
        if (most > 0 || cap == Terms.ANY_NUMBER) {
            return asked;
        }
        try (var _ = exchange.strand().aside(Work.SCAN, asked.body().length(), Strand.NEVER)) {
            return asked.withMaxTokens(cap, now.limits());
        }
    }

    /// One sending used so much.
    ///
    /// @param estimated whether the provider told nothing
    /// @param cost null when nobody knows its price
    void used(ModelName model, Usage usage, boolean estimated, @Nullable Money cost) {
        long nanoDollars = cost == null ? 0 : cost.nanoDollars();
        uses.add(new Use(model, usage.total(), nanoDollars));
        outlays.add(
                new Outlay(
                        model,
                        usage.input(),
                        usage.cacheRead(),
                        usage.output(),
                        nanoDollars,
                        estimated,
                        cost == null));
    }

    /// Only the first time counts. What is written down outlives this process, so it comes first and whatever happens.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            journal.settled(place, outlays, this);
        } finally {
            hold.settle(uses);
        }
    }

    @Override
    public int count() {
        return hold.accounts();
    }

    @Override
    public String account(int share) {
        return hold.account(share);
    }

    @Override
    public long period(int share) {
        return hold.period(share);
    }

    @Override
    public long held(int share) {
        return hold.held(share);
    }

    @Override
    public long used(int share) {
        return hold.used(share, uses);
    }
}
