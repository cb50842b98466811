package sluice.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import sluice.store.AccountSpend;
import sluice.store.SpendBatch;
import sluice.store.Spender;
import sluice.store.Spent;

/// What many calls used, summed up as it is read. They are few sums, however many calls there were.
final class BookedSums {
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Map<Spender, Sum> spent = new HashMap<>();
    private final Map<String, Map<Long, Amount>> accounts = new HashMap<>();

    /// Counted up in place: a new one for every call would be most of what is made here.
    private static final class Sum {
        private long calls;
        private long inputTokens;
        private long cachedTokens;
        private long outputTokens;
        private long nanoDollars;
        private long estimated;
        private long unpriced;

        void add(Outlay outlay, boolean first) {
            calls += first ? 1 : 0;
            inputTokens = Math.addExact(inputTokens, outlay.inputTokens());
            cachedTokens = Math.addExact(cachedTokens, outlay.cachedTokens());
            outputTokens = Math.addExact(outputTokens, outlay.outputTokens());
            nanoDollars = Math.addExact(nanoDollars, outlay.nanoDollars());
            estimated += outlay.estimated() ? 1 : 0;
            unpriced += outlay.unpriced() ? 1 : 0;
        }

        Spent spent() {
            return new Spent(
                    calls,
                    inputTokens,
                    cachedTokens,
                    outputTokens,
                    nanoDollars,
                    estimated,
                    unpriced);
        }
    }

    private static final class Amount {
        private long sum;

        void add(long more) {
            sum = Math.addExact(sum, more);
        }
    }

    /// @throws ArithmeticException when a sum would not fit; none of the sums is good for anything then
    void add(JournalRecord.Held hold, JournalRecord.Settled record) {
        var who = hold.commitment();
        long day = Math.floorDiv(who.startedMillis(), DAY_MILLIS);
        boolean first = true;
        for (var outlay : record.outlays()) {
            var spender =
                    new Spender(
                            day,
                            who.key(),
                            who.team(),
                            who.customer(),
                            who.user(),
                            outlay.model().model(),
                            outlay.model().target());
            spent.computeIfAbsent(spender, _ -> new Sum()).add(outlay, first);
            first = false;
        }
        for (int i = 0; i < hold.shares().size() && i < record.amounts().size(); i++) {
            long amount = record.amounts().get(i);
            if (amount != 0) {
                var share = hold.shares().get(i);
                accounts.computeIfAbsent(share.account(), _ -> new HashMap<>())
                        .computeIfAbsent(share.period(), _ -> new Amount())
                        .add(amount);
            }
        }
    }

    SpendBatch batch() {
        var whole = new HashMap<Spender, Spent>();
        spent.forEach((spender, sum) -> whole.put(spender, sum.spent()));
        var amounts = new ArrayList<AccountSpend>();
        accounts.forEach((account, periods) ->
                periods.forEach((period, amount) ->
                        amounts.add(
                                new AccountSpend(
                                        account, Instant.ofEpochMilli(period), amount.sum))));
        return new SpendBatch(whole, amounts);
    }
}
