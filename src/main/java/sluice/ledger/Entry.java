package sluice.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.call.Attempt;
import sluice.call.CallId;
import sluice.call.Failure;
import sluice.call.ModelName;
import sluice.call.Money;
import sluice.call.Principal;
import sluice.call.Timings;
import sluice.call.Usage;
import sluice.json.JsonText;

/// One call, filled in by the line while it goes; closing it hands it to the writer, and nobody changes it after that.
public final class Entry implements AutoCloseable {
    private static final Timings.Station[] STATIONS = Timings.Station.values();

    private final Ledger ledger;
    private final CallId id;
    private final String operation;
    private final Timings timings;
    private final Instant startedAt;
    private @Nullable Principal caller;
    private @Nullable String team;
    private @Nullable String customer;
    private @Nullable String asked;
    private boolean stream;
    private @Nullable ModelName resolved;
    private int attempts;
    private List<Past> failed = List.of();
    private @Nullable Consumer<JsonText> considered;
    private List<String> dropped = List.of();
    private @Nullable Failure failure;
    private @Nullable Usage usage;
    private boolean usageEstimated;
    private @Nullable Money cost;
    private int status;
    private long bytesIn;
    private long bytesOut;
    private long totalNanos;

    /// An attempt that another followed, with what it used all the same.
    private record Past(
            Attempt attempt, @Nullable Usage usage, boolean estimated, @Nullable Money cost) {}

    Entry(Ledger ledger, CallId id, String operation, Timings timings, Instant startedAt) {
        this.ledger = ledger;
        this.id = id;
        this.operation = operation;
        this.timings = timings;
        this.startedAt = startedAt;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public void caller(Principal principal) {
        caller = principal;
    }

    /// Whom the call is booked for.
    public void booked(@Nullable String forTeam, @Nullable String forCustomer) {
        team = forTeam;
        customer = forCustomer;
    }

    public void asked(String model, boolean asStream) {
        asked = model;
        stream = asStream;
    }

    public void resolved(ModelName model) {
        resolved = model;
    }

    /// The fields of the request that the target could not carry.
    public void dropped(List<String> names) {
        dropped = names;
    }

    /// The call is sent to a target.
    ///
    /// @return how often it was by now
    public int attempt() {
        return ++attempts;
    }

    /// How often it was sent.
    public int attempts() {
        return attempts;
    }

    /// The last sending did not answer the call, and another follows. It gets a line of its own, with what it used so
    /// far; the entry's line stands for the last one. What a call cost is the sum of its lines.
    public void failed(Attempt attempt) {
        failed = failed.isEmpty() ? new ArrayList<>(2) : failed;
        failed.add(new Past(attempt, usage, usageEstimated, cost));
        usage = null;
        cost = null;
    }

    /// @param routing writes which targets there were and how they were doing; null when there was no choice
    public void considered(@Nullable Consumer<JsonText> routing) {
        considered = routing;
    }

    public void failed(Failure reason) {
        failure = reason;
    }

    /// @param estimated true when the provider did not tell
    public void used(Usage total, boolean estimated) {
        usage = total;
        usageEstimated = estimated;
    }

    /// @param money what the usage cost, or null when nobody knows its price
    public void cost(@Nullable Money money) {
        cost = money;
    }

    /// What went over the caller's socket.
    public void answered(int httpStatus, long in, long out) {
        status = httpStatus;
        bytesIn = in;
        bytesOut = out;
    }

    @Override
    public void close() {
        totalNanos = System.nanoTime() - timings.startedNanos();
        ledger.write(this);
    }

    /// How many lines the entry has before its own: one for each attempt that another followed.
    int attemptLines() {
        return failed.size();
    }

    /// Writes one of the attempts as one object. Called by the writer thread.
    ///
    /// @param times writes when the call began
    void writeAttempt(int index, InstantText times, JsonText text) {
        var past = failed.get(index);
        var attempt = past.attempt();
        text.object()
                .field("time", times.text(startedAt))
                .field("id", id.value())
                .field("line", "attempt")
                .field("operation", operation)
                .field("key", caller == null ? null : caller.id())
                .field("asked", asked)
                .field("resolved", attempt.model().text())
                .field("attempt", attempt.number())
                .field("failure", kind(attempt.failure()))
                .field("next", attempt.next())
                .field("why", attempt.why())
                .object("micros")
                .field("total", attempt.nanos() / 1_000)
                .end();
        writeTokens(past.usage(), past.estimated(), text);
        var paid = past.cost();
        if (paid != null) {
            text.field("cost_usd", paid.toString());
        }
        text.end();
    }

    /// Writes the entry as one object. Called by the writer thread.
    ///
    /// @param times writes when the call began
    void write(InstantText times, JsonText text) {
        text.object()
                .field("time", times.text(startedAt))
                .field("id", id.value())
                .field("operation", operation)
                .field("key", caller == null ? null : caller.id());
        writeBelonging(text);
        text.field("asked", asked)
                .field("resolved", resolved == null ? null : resolved.toString())
                .field("stream", stream)
                .field("status", failure instanceof Failure.CallerGone ? 499 : status)
                .field("failure", failure == null ? null : kind(failure));
        if (failure instanceof Failure.Upstream upstream) {
            text.field("failed_target", upstream.target());
        }
        text.field("attempt", attempts);
        var routing = considered;
        if (routing != null) {
            routing.accept(text);
        }
        if (!dropped.isEmpty()) {
            text.array("dropped");
            dropped.forEach(text::value);
            text.end();
        }
        writeTimings(text);
        writeTokens(usage, usageEstimated, text);
        text.field("cost_usd", cost == null ? null : cost.toString());
        text.object("bytes").field("in", bytesIn).field("out", bytesOut).end();
        text.end();
    }

    /// Most keys belong to nobody in particular, and their lines stay short.
    private void writeBelonging(JsonText text) {
        var user = caller == null ? null : caller.user();
        if (user != null) {
            text.field("user", user);
        }
        if (team != null) {
            text.field("team", team);
        }
        if (customer != null) {
            text.field("customer", customer);
        }
    }

    private void writeTimings(JsonText text) {
        text.object("micros");
        for (var station : STATIONS) {
            text.field(station.token(), timings.nanos(station) / 1_000);
        }
        text.field("total", totalNanos / 1_000).end();
    }

    private static void writeTokens(@Nullable Usage told, boolean estimated, JsonText text) {
        if (told == null) {
            return;
        }
        text.object("tokens")
                .field("input", told.input())
                .field("cache_read", told.cacheRead())
                .field("cache_write", told.cacheWrite() + told.cacheWriteHour())
                .field("output", told.output())
                .field("reasoning", told.reasoning())
                .field("estimated", estimated)
                .end();
    }

    /// The failure's name only: its message may hold the provider's words, and those may quote a prompt.
    private static String kind(Failure failure) {
        return switch (failure) {
            case Failure.Malformed _ -> "malformed";
            case Failure.BodyTooLarge _ -> "body_too_large";
            case Failure.HeadTooLarge _ -> "head_too_large";
            case Failure.BodyTooSlow _ -> "body_too_slow";
            case Failure.Unauthenticated _ -> "unauthenticated";
            case Failure.IdentityUnknowable _ -> "identity_unknowable";
            case Failure.NotOnBehalf _ -> "not_on_behalf";
            case Failure.NotAnOperator _ -> "not_an_operator";
            case Failure.ModelNotAllowed _ -> "model_not_allowed";
            case Failure.RequestNotAllowed _ -> "request_not_allowed";
            case Failure.TooManyTokens _ -> "too_many_tokens";
            case Failure.OutsideHours _ -> "outside_hours";
            case Failure.OverLimit _ -> "over_limit";
            case Failure.OverBudget _ -> "over_budget";
            case Failure.LimitsUnreadable _ -> "limits_unreadable";
            case Failure.Unpriced _ -> "unpriced";
            case Failure.StoreAway _ -> "store_away";
            case Failure.NotDone(var why, var _) -> why.token();
            case Failure.UnknownModel _ -> "unknown_model";
            case Failure.NotSpoken _ -> "not_spoken";
            case Failure.RequestTypeOff _ -> "request_type_off";
            case Failure.UnknownRoute _ -> "unknown_route";
            case Failure.MethodNotAllowed _ -> "method_not_allowed";
            case Failure.Busy _ -> "busy";
            case Failure.Draining _ -> "draining";
            case Failure.CallerGone _ -> "caller_gone";
            case Failure.Bug _ -> "bug";
            case Failure.Unreachable _ -> "unreachable";
            case Failure.TimedOut _ -> "timed_out";
            case Failure.BrokenAnswer _ -> "broken_answer";
            case Failure.ProtocolError _ -> "protocol_error";
            case Failure.CredentialRefused _ -> "credential_refused";
            case Failure.Rejected _ -> "rejected";
            case Failure.RateLimited _ -> "rate_limited";
            case Failure.Faulted _ -> "faulted";
        };
    }
}
