package sluice.line;

import java.util.List;
import java.util.function.BooleanSupplier;
import sluice.identity.Arrival;
import sluice.server.Exchange;

/// An exchange as identity sees it.
public record Arrived(Exchange exchange) implements Arrival {
    @Override
    public List<String> credentials() {
        return exchange.credentials();
    }

    @Override
    public List<String> headers(String name) {
        return exchange.headers(name);
    }

    @Override
    public String peer() {
        return exchange.peer();
    }

    @Override
    public boolean await(BooleanSupplier ready, long deadlineNanos) {
        return exchange.await(ready, deadlineNanos);
    }

    @Override
    public void wake() {
        exchange.wake();
    }
}
