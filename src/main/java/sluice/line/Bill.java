package sluice.line;

import org.jspecify.annotations.Nullable;
import sluice.call.ModelName;
import sluice.call.Money;
import sluice.ledger.Entry;
import sluice.meter.Tab;

/// What one call uses and costs, on its way into the ledger. Priced by the model as it was asked of the target, at the
/// price of the day on which the call began.
final class Bill {
    private final Tab tab;
    private final ModelName model;
    private final Entry entry;
    private final Spending spending;
    private final Snapshot now;
    private boolean closed;

    private Bill(Tab tab, ModelName model, Entry entry, Spending spending, Snapshot now) {
        this.tab = tab;
        this.model = model;
        this.entry = entry;
        this.spending = spending;
        this.now = now;
    }

    static Bill open(Call call, ModelName model) {
        return new Bill(
                Tab.of(call.asked().dialect()), model, call.entry(), call.spending(), call.now());
    }

    Tab tab() {
        return tab;
    }

    /// What it costs so far, as a decimal number of US dollars; null when the model's price is not known.
    @Nullable String cost() {
        var money = money();
        return money == null ? null : money.toString();
    }

    /// The answer is known to its end, and before the caller sees that, all of it is booked: whoever has an answer whole
    /// finds it booked to the cent whatever happens next, and finds room for its next call.
    void settle() {
        close();
        spending.close();
    }

    /// Writes down what was used. What was tallied later is lost, so this comes last.
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        var cost = money();
        entry.used(tab.total(), tab.isEstimated());
        entry.cost(cost);
        spending.used(model, tab.total(), tab.isEstimated(), cost);
    }

    private @Nullable Money money() {
        return now.prices().cost(model, tab.total(), entry.startedAt()).orElse(null);
    }
}
