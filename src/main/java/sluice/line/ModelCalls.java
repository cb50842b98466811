package sluice.line;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.call.Timings.Station;
import sluice.json.NotJson;
import sluice.ledger.Entry;
import sluice.ledger.Ledger;
import sluice.meter.Tab;
import sluice.protocol.openai.ChatEvent;
import sluice.protocol.openai.ChatRequest;
import sluice.protocol.openai.UsageAtTheEnd;
import sluice.server.Exchange;
import sluice.server.Operation;
import sluice.upstream.ChatReply;

/// The life of one model call, top to bottom. Read this file first.
public final class ModelCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCalls.class);
    private static final List<Bytes> KEEP_ALIVE = List.of(Bytes.utf8(": keep-alive\n\n"));

    private final Supplier<Snapshot> snapshots;
    private final Ledger ledger;

    public ModelCalls(Supplier<Snapshot> snapshots, Ledger ledger) {
        this.snapshots = snapshots;
        this.ledger = ledger;
    }

    /// Every call ends here: answered, failed or abandoned, and with one entry in the ledger.
    public void handle(Exchange exchange) {
        var operation = exchange.operation();
        try (var entry = ledger.open(exchange.id(), operation.name(), exchange.timings())) {
            try {
                switch (operation) {
                    case Operation.Chat _ -> chat(exchange, entry);
                    case Operation.Models _ -> ModelListing.all(exchange, entry, snapshots.get());
                    case Operation.Model(var id) ->
                            ModelListing.one(id, exchange, entry, snapshots.get());
                    case Operation.Refused(var failure) -> throw failure.asException();
                    case Operation.Live _, Operation.Ready _ ->
                            throw new IllegalStateException("health is answered by the listener");
                }
            } catch (CallFailed stopped) {
                exchange.timings().stop();
                entry.failed(stopped.failure());
                exchange.fail(stopped.failure());
            } catch (RuntimeException | Error bug) {
                LOG.error("Call {} failed inside the gateway", exchange.id(), bug);
                entry.failed(new Failure.Bug());
                exchange.fail(new Failure.Bug());
            } finally {
                entry.answered(exchange.status(), exchange.bytesIn(), exchange.bytesOut());
            }
        }
    }

    private void chat(Exchange exchange, Entry entry) {
        var caller = snapshots.get().identity().authenticate(exchange.credentials());
        entry.caller(caller);
        exchange.timings().lap(Station.AUTH);

        var body = exchange.readBody();
        var now = snapshots.get(); // a long upload may outlive a configuration
        var asked = envelope(body, now);
        entry.asked(asked.model(), asked.stream());
        exchange.timings().lap(Station.READ);

        var model = now.catalog().resolve(asked.model(), caller);
        var grant = now.access().authorize(caller, model);
        exchange.timings().lap(Station.POLICY);

        var route = now.routes().choose(grant);
        entry.resolved(route.model());
        exchange.resolved(route.model().toString());
        exchange.timings().lap(Station.ROUTE);

        var tab = new Tab();
        tab.sent(exchange.bytesIn());
        entry.attempt();
        try (var reply =
                route.upstream()
                        .chat(
                                exchange.strand(),
                                asked,
                                route.model().model(),
                                exchange.forwarded())) {
            exchange.timings().lap(Station.UPSTREAM);
            try {
                relay(reply, asked, tab, exchange, now);
            } finally {
                // A stream that breaks half-way still costs money.
                entry.used(tab.total(), tab.isEstimated());
                exchange.timings().lap(Station.RELAY);
            }
        } catch (CallFailed stopped) {
            if (stopped.failure() instanceof Failure.CallerGone) {
                // The target was at work already, before its first byte too.
                entry.used(tab.total(), tab.isEstimated());
            }
            throw stopped;
        }
    }

    private static ChatRequest envelope(Bytes body, Snapshot now) {
        try {
            return ChatRequest.read(body, now.limits());
        } catch (NotJson malformed) {
            throw new Failure.Malformed(malformed.getMessage(), malformed.param()).asException();
        }
    }

    private static void relay(
            ChatReply reply, ChatRequest asked, Tab tab, Exchange exchange, Snapshot now) {
        switch (reply) {
            case ChatReply.Whole(var completion) -> {
                tab.whole(completion.usage(), completion.body().length());
                exchange.answer(200, "application/json", completion.body());
            }
            case ChatReply.Streamed stream -> {
                var usage = new UsageAtTheEnd(asked.includesUsage());
                exchange.begin();
                while (!stream.isOver()) {
                    var events = stream.next(now.keepAlive());
                    exchange.write(events.isEmpty() ? KEEP_ALIVE : passed(events, tab, usage));
                }
                exchange.end();
            }
        }
    }

    private static List<Bytes> passed(List<ChatEvent> events, Tab tab, UsageAtTheEnd usage) {
        var passed = new ArrayList<Bytes>(events.size());
        for (var event : events) {
            if (event instanceof ChatEvent.Chunk chunk) {
                tab.chunk(chunk.usage());
            }
            usage.pass(event, passed);
        }
        return passed;
    }
}
