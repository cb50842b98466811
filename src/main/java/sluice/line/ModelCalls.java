package sluice.line;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.access.Standing;
import sluice.admin.Admin;
import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Dialect;
import sluice.call.Dropped;
import sluice.call.Failure;
import sluice.call.Meaning;
import sluice.call.Timings.Station;
import sluice.json.NotJson;
import sluice.ledger.Entry;
import sluice.ledger.Ledger;
import sluice.loop.Strand;
import sluice.loop.Work;
import sluice.protocol.ModelRequest;
import sluice.protocol.StreamEvent;
import sluice.route.Journey;
import sluice.route.Route;
import sluice.server.Exchange;
import sluice.server.Operation;
import sluice.translate.BrokenReply;
import sluice.upstream.Reply;

/// The life of one model call, top to bottom. Read this file first.
public final class ModelCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCalls.class);

    private final Supplier<Snapshot> snapshots;
    private final Ledger ledger;
    private final Admin admin;

    public ModelCalls(Supplier<Snapshot> snapshots, Ledger ledger, Admin admin) {
        this.snapshots = snapshots;
        this.ledger = ledger;
        this.admin = admin;
    }

    /// Every call ends here: answered, failed or abandoned, and with one entry in the ledger.
    public void handle(Exchange exchange) {
        var operation = exchange.operation();
        try (var entry = ledger.open(exchange.id(), operation.name(), exchange.timings())) {
            try {
                switch (operation) {
                    case Operation.Call call -> call(call, exchange, entry);
                    case Operation.Models _ -> ModelListing.all(exchange, entry, snapshots.get());
                    case Operation.Model(var id) ->
                            ModelListing.one(id, exchange, entry, snapshots.get());
                    case Operation.HubEndpoints _ ->
                            ModelHubs.endpoints(exchange, entry, snapshots.get());
                    case Operation.Hub _ -> ModelHubs.models(exchange, entry, snapshots.get());
                    case Operation.Admin page -> admin.answer(page, exchange);
                    case Operation.Refused(var failure) -> throw failure.asException();
                    case Operation.Live _, Operation.Ready _ ->
                            throw new IllegalStateException("health is answered by the listener");
                }
            } catch (CallFailed stopped) {
                exchange.timings().stop();
                entry.failed(stopped.failure());
                exchange.fail(stopped.failure());
                if (stopped.failure() instanceof Failure.UnknownModel) {
                    snapshots.get().rediscover().run(); // it may have been made a moment ago
                }
            } catch (RuntimeException | Error bug) {
                LOG.error("Call {} failed inside the gateway", exchange.id(), bug);
                entry.failed(new Failure.Bug());
                exchange.fail(new Failure.Bug());
            } finally {
                entry.answered(exchange.status(), exchange.bytesIn(), exchange.bytesOut());
            }
        }
    }

    private void call(Operation.Call operation, Exchange exchange, Entry entry) {
        var known = snapshots.get().identity().authenticate(new Arrived(exchange));
        var caller = known.principal();
        entry.caller(caller);
        exchange.timings().lap(Station.AUTH);

        var body = exchange.readBody();
        var now = snapshots.get(); // a long upload may outlive a configuration
        var asked = envelope(operation, body, exchange.strand(), now);
        entry.asked(asked.model(), asked.stream());
        exchange.timings().lap(Station.READ);

        if (now.lacksLimits()) {
            throw new Failure.LimitsUnreadable().asException();
        }
        var standing = now.access().standing(caller);
        entry.booked(standing.team(), standing.customer());
        var grants = Wishes.granted(asked, standing, now);
        var allowed = allowed(asked, grants.getFirst().model(), standing, exchange, entry, now);
        var hints = CallHints.of(exchange, now);
        var journey = now.routes().journey(grants, hints);
        entry.considered(journey.considered());
        try (var spending =
                Spending.open(allowed, grants, journey, standing, exchange, entry, now)) {
            exchange.timings().lap(Station.POLICY);
            var time = hints.time(journey.patience());
            var call =
                    new Call(
                            allowed,
                            caller,
                            known.ownToken(),
                            time,
                            spending,
                            exchange,
                            entry,
                            now);
            if (asked.dialect() == Dialect.COUNT_TOKENS) {
                TokenCount.answer(call, journey);
            } else {
                travel(call, journey);
            }
        }
    }

    /// Asks one candidate after another until one answers. Once a byte went out there is no other.
    private static void travel(Call call, Journey journey) {
        while (true) {
            long sent = System.nanoTime();
            try {
                answer(call, journey);
                return;
            } catch (CallFailed stopped) {
                var failed = journey.here();
                if (call.exchange().hasBegun()) {
                    journey.broke(stopped.failure());
                    throw stopped;
                }
                if (!journey.goesOn(stopped.failure(), call.time().leftNanos())) {
                    throw stopped;
                }
                call.failed(failed.model(), stopped.failure(), sent, journey.next(), journey.why());
                call.exchange().pause(journey.pauseNanos());
            }
        }
    }

    private static ModelRequest allowed(
            ModelRequest asked,
            Meaning model,
            Standing standing,
            Exchange exchange,
            Entry entry,
            Snapshot now) {
        try {
            return Spending.allowed(asked, model, standing, exchange, entry, now);
        } catch (NotJson malformed) {
            throw malformed(malformed);
        }
    }

    private static ModelRequest envelope(
            Operation.Call operation, Bytes body, Strand strand, Snapshot now) {
        try (var _ = strand.aside(Work.SCAN, body.length(), Strand.NEVER)) {
            var model = operation.model();
            return model == null
                    ? ModelRequest.read(operation.dialect(), body, now.limits())
                    : ModelRequest.forModel(model, operation.dialect(), body, now.limits());
        } catch (NotJson malformed) {
            throw malformed(malformed);
        }
    }

    /// Puts the call to the candidate where its journey is, and the answer to the caller.
    static void answer(Call call, Journey journey) {
        var asked = call.asked();
        var exchange = call.exchange();
        var route = call.now().routes().route(journey.here(), asked.dialect(), asked.stream());
        call.resolved(route.model());
        exchange.timings().lap(Station.ROUTE);

        var dropped = new Dropped();
        var passage = passage(call, route, dropped);
        var bill = Bill.open(call, route.model());
        bill.tab().sent(exchange.bytesIn());
        var speed = new Speed(journey);
        call.sent();
        try (var reply =
                route.upstream()
                        .send(exchange.strand(), call.question(passage, journey, dropped))) {
            speed.beginning(reply);
            exchange.timings().lap(Station.UPSTREAM);
            exchange.dropped(dropped.names());
            call.entry().dropped(dropped.names());
            try {
                relay(reply, passage, bill, call);
                speed.end(reply, bill.tab());
            } catch (BrokenReply broken) {
                throw new Failure.ProtocolError(route.upstream().id(), broken.what()).asException();
            } finally {
                bill.close(); // a stream that breaks half-way still costs money
                exchange.timings().lap(Station.RELAY);
            }
        } catch (CallFailed stopped) {
            if (wasSentInVain(stopped.failure())) {
                bill.close();
            }
            throw stopped;
        }
    }

    /// The target was at work already, before its first byte too, and will charge for it.
    private static boolean wasSentInVain(Failure failure) {
        return failure instanceof Failure.CallerGone
                || (failure instanceof Failure.Busy busy && busy.answered())
                || (failure instanceof Failure.TimedOut late && !late.retrySafe());
    }

    private static Passage passage(Call call, Route route, Dropped dropped) {
        try {
            return Passage.open(call, route, dropped);
        } catch (NotJson inexpressible) {
            throw malformed(inexpressible);
        }
    }

    private static CallFailed malformed(NotJson refusal) {
        return new Failure.Malformed(refusal.getMessage(), refusal.param()).asException();
    }

    private static void relay(Reply reply, Passage passage, Bill bill, Call call)
            throws BrokenReply {
        var exchange = call.exchange();
        switch (reply) {
            case Reply.Whole(var document, var _) -> {
                bill.tab().whole(document.usage(), document.body().length());
                var told = passage.whole(document);
                exchange.cost(bill.cost());
                bill.settle();
                exchange.answer(200, "application/json", told);
            }
            case Reply.Streamed stream -> {
                exchange.begin(passage::failed);
                while (!stream.isOver()) {
                    pass(stream.next(call.now().keepAlive()), bill, passage, exchange);
                }
                var rest = new ArrayList<Bytes>(0);
                passage.end(rest);
                bill.settle();
                exchange.write(rest);
                exchange.end();
            }
        }
    }

    /// What came before a fault is passed on too.
    private static void pass(
            List<StreamEvent> events, Bill bill, Passage passage, Exchange exchange)
            throws BrokenReply {
        if (events.isEmpty()) {
            exchange.write(passage.keepAlive());
            return;
        }
        var passed = new ArrayList<Bytes>(events.size());
        try {
            for (var event : events) {
                bill.tab().add(event);
                passage.pass(event, passed);
                if (event instanceof StreamEvent.Done) {
                    bill.settle();
                }
            }
        } finally {
            exchange.write(passed);
        }
    }
}
