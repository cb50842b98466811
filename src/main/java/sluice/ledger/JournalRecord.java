package sluice.ledger;

import java.util.ArrayList;
import java.util.List;
import sluice.call.ModelName;

/// What the journal remembers of a call.
sealed interface JournalRecord {
    int HELD = 1;
    int SETTLED = 2;

    /// Set aside before the call was sent.
    record Held(Commitment commitment, List<Share> shares) implements JournalRecord {}

    /// What it used in the end.
    ///
    /// @param held the place of what was set aside for it
    /// @param amounts on each of its shares, in the same order
    record Settled(long held, List<Outlay> outlays, List<Long> amounts) implements JournalRecord {}

    /// A part of it that is booked on one account.
    ///
    /// @param period when the part of time began that it is counted in, in milliseconds since 1970
    record Share(String account, long period, long amount) {}

    static void write(Commitment commitment, Shares shares, JournalText text) {
        text.clear();
        text.small(HELD)
                .unique(commitment.call())
                .number(commitment.startedMillis())
                .text(commitment.key())
                .text(commitment.team())
                .text(commitment.customer())
                .text(commitment.user())
                .text(commitment.model().target())
                .text(commitment.model().model())
                .number(commitment.inputTokens())
                .number(commitment.outputTokens())
                .number(commitment.nanoDollars())
                .small(commitment.unpriced() ? 1 : 0);
        int count = shares.count();
        text.count(count);
        for (int i = 0; i < count; i++) {
            text.text(shares.account(i)).number(shares.period(i)).number(shares.held(i));
        }
    }

    static void write(long held, List<Outlay> outlays, Shares shares, JournalText text) {
        text.clear();
        text.small(SETTLED).number(held).count(outlays.size());
        for (var outlay : outlays) {
            text.text(outlay.model().target())
                    .text(outlay.model().model())
                    .number(outlay.inputTokens())
                    .number(outlay.cachedTokens())
                    .number(outlay.outputTokens())
                    .number(outlay.nanoDollars())
                    .small((outlay.estimated() ? 1 : 0) | (outlay.unpriced() ? 2 : 0));
        }
        int count = shares.count();
        text.count(count);
        for (int i = 0; i < count; i++) {
            text.number(shares.used(i));
        }
    }

    /// @throws IndexOutOfBoundsException when it is none
    static JournalRecord read(byte[] record) {
        var text = new JournalText(record);
        try {
            var read = read(text);
            if (text.length() != record.length) {
                throw new IndexOutOfBoundsException("more than a record of this journal");
            }
            return read;
        } catch (IllegalArgumentException noModel) {
            var none = new IndexOutOfBoundsException("a record without a model");
            none.initCause(noModel);
            throw none;
        }
    }

    private static JournalRecord read(JournalText text) {
        return switch (text.small()) {
            case HELD -> held(text);
            case SETTLED -> settled(text);
            default -> throw new IndexOutOfBoundsException("no record of this journal");
        };
    }

    private static Held held(JournalText text) {
        var call = text.unique();
        long started = text.number();
        var key = text.text();
        var team = text.text();
        var customer = text.text();
        var user = text.text();
        var target = text.text();
        var model = new ModelName(target, text.text());
        var commitment =
                new Commitment(
                        call,
                        started,
                        key,
                        team,
                        customer,
                        user,
                        model,
                        text.number(),
                        text.number(),
                        text.number(),
                        text.small() != 0);
        var shares = new ArrayList<Share>();
        for (int left = text.count(); left > 0; left--) {
            shares.add(new Share(text.text(), text.number(), text.number()));
        }
        return new Held(commitment, shares);
    }

    private static Settled settled(JournalText text) {
        long held = text.number();
        var outlays = new ArrayList<Outlay>();
        for (int left = text.count(); left > 0; left--) {
            var target = text.text();
            var model = new ModelName(target, text.text());
            long input = text.number();
            long cached = text.number();
            long output = text.number();
            long nanoDollars = text.number();
            int flags = text.small();
            outlays.add(
                    new Outlay(
                            model,
                            input,
                            cached,
                            output,
                            nanoDollars,
                            (flags & 1) != 0,
                            (flags & 2) != 0));
        }
        var amounts = new ArrayList<Long>();
        for (int left = text.count(); left > 0; left--) {
            amounts.add(text.number());
        }
        return new Settled(held, outlays, amounts);
    }
}
