package sluice.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;
import sluice.call.Secret;
import sluice.server.Exchange;
import sluice.server.Operation;

/// The operators' door. Closed to everybody who does not present the operator's key, and to everybody when there is
/// none.
public final class Admin {
    private final Supplier<View> views;

    /// @param views what operators may look at, as it is at the moment
    public Admin(Supplier<View> views) {
        this.views = views;
    }

    /// @throws sluice.call.CallFailed with {@code Failure.NotAnOperator}, or because of what was asked
    public void answer(Operation.Admin page, Exchange exchange) {
        var view = views.get();
        admit(exchange, view.key());
        switch (page.page()) {
            case ROUTING ->
                    exchange.answer(
                            200, "application/json", RoutingPage.print(exchange.query(), view));
        }
    }

    /// Takes as long for a wrong key as for a right one.
    private static void admit(Exchange exchange, @Nullable Secret key) {
        if (key != null) {
            byte[] expected = key.use(text -> text.getBytes(StandardCharsets.UTF_8));
            for (var presented : exchange.credentials()) {
                if (MessageDigest.isEqual(expected, presented.getBytes(StandardCharsets.UTF_8))) {
                    return;
                }
            }
        }
        throw new Failure.NotAnOperator().asException();
    }
}
