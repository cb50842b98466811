package sluice.route;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.call.Failure;

/// What a failure means for the way: whether the same place may do better next time, another one may, and who is to
/// blame for it.
///
/// @param status by which the rules know it, 0 when there is none
/// @param retryAfter how long the target asks to be left alone
/// @param why in a word or two, for the ledger
record Symptom(Kind kind, int status, Blame blame, @Nullable Duration retryAfter, String why) {

    enum Kind {
        /// The target answered with a status.
        STATUS,
        /// The target answered so badly that it counts as a bad gateway, whichever statuses the operator named.
        BROKEN,
        /// Nobody was reached, so nothing can have happened there.
        CONNECT,
        /// It took too long; asking again would take as long.
        TIMEOUT,
        /// The model does not take a prompt of this length.
        CONTEXT,
        /// The target's content filter refused the prompt.
        CONTENT,
        /// This candidate cannot be asked this at all.
        UNFIT,
        /// The target's quota is spent; waiting does not help.
        SPENT,
        /// The call itself is over, or at fault.
        FINAL
    }

    /// Whose health suffers.
    enum Blame {
        NOBODY,
        MODEL,
        TARGET
    }

    static Symptom of(Failure failure) {
        return switch (failure) {
            case Failure.Upstream upstream -> of(upstream);
            case Failure.NotSpoken _ -> unfit("not spoken");
            case Failure.RequestTypeOff _ -> unfit("request type off");
            case Failure.NotOnBehalf _ -> unfit("not on behalf");
            // What came from the caller was read before; so it cannot be put to this candidate.
            case Failure.Malformed _ -> unfit("cannot be expressed");
            case Failure.BodyTooLarge _,
                    Failure.HeadTooLarge _,
                    Failure.BodyTooSlow _,
                    Failure.Unauthenticated _,
                    Failure.IdentityUnknowable _,
                    Failure.NotAnOperator _,
                    Failure.ModelNotAllowed _,
                    Failure.RequestNotAllowed _,
                    Failure.TooManyTokens _,
                    Failure.OutsideHours _,
                    Failure.OverLimit _,
                    Failure.OverBudget _,
                    Failure.Unpriced _,
                    Failure.StoreAway _,
                    Failure.LimitsUnreadable _,
                    Failure.NotDone _,
                    Failure.UnknownModel _,
                    Failure.UnknownRoute _,
                    Failure.MethodNotAllowed _,
                    Failure.Busy _,
                    Failure.Draining _,
                    Failure.CallerGone _,
                    Failure.Bug _ ->
                    new Symptom(Kind.FINAL, 0, Blame.NOBODY, null, "final");
        };
    }

    private static Symptom of(Failure.Upstream failure) {
        return switch (failure) {
            case Failure.Unreachable _ ->
                    new Symptom(Kind.CONNECT, 502, Blame.TARGET, null, "unreachable");
            case Failure.TimedOut timedOut -> of(timedOut);
            case Failure.BrokenAnswer _ -> broken("broken answer");
            case Failure.ProtocolError _ -> broken("broken protocol");
            case Failure.CredentialRefused _ ->
                    new Symptom(Kind.STATUS, 401, Blame.TARGET, null, "credential refused");
            case Failure.Rejected rejected -> of(rejected);
            case Failure.RateLimited limited ->
                    limited.exhausted()
                            ? new Symptom(
                                    Kind.SPENT, 429, Blame.MODEL, limited.retryAfter(), "spent")
                            : status(429, "rate limited", limited.retryAfter());
            case Failure.Faulted(var _, var status, var _) ->
                    status(asUsual(status), "status " + status, null);
        };
    }

    private static Symptom of(Failure.TimedOut timedOut) {
        var why =
                "timed out: " + timedOut.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return switch (timedOut.phase()) {
            case CONNECT, TOKEN -> new Symptom(Kind.CONNECT, 504, Blame.TARGET, null, why);
            case FIRST_BYTE, IDLE, TOTAL -> new Symptom(Kind.TIMEOUT, 504, Blame.MODEL, null, why);
            // The caller's own impatience says nothing about the target.
            case FIRST_TOKEN -> new Symptom(Kind.TIMEOUT, 504, Blame.NOBODY, null, why);
            case CALL -> new Symptom(Kind.FINAL, 504, Blame.NOBODY, null, why);
        };
    }

    private static Symptom of(Failure.Rejected rejected) {
        int status = rejected.status();
        if (rejected.isTooLongAPrompt()) {
            return new Symptom(Kind.CONTEXT, status, Blame.NOBODY, null, "context window");
        }
        if (rejected.isUnwantedContent()) {
            return new Symptom(Kind.CONTENT, status, Blame.NOBODY, null, "content policy");
        }
        return new Symptom(
                Kind.STATUS,
                status,
                status == 403 ? Blame.MODEL : Blame.NOBODY,
                null,
                "status " + status);
    }

    private static Symptom status(int status, String why, @Nullable Duration retryAfter) {
        return new Symptom(
                status == 504 ? Kind.TIMEOUT : Kind.STATUS, status, Blame.MODEL, retryAfter, why);
    }

    private static Symptom broken(String why) {
        return new Symptom(Kind.BROKEN, 502, Blame.MODEL, null, why);
    }

    /// Overloaded (529) and given up (499) are what others call unavailable.
    private static int asUsual(int status) {
        return status == 529 || status == 499 ? 503 : status;
    }

    private static Symptom unfit(String why) {
        return new Symptom(Kind.UNFIT, 0, Blame.NOBODY, null, why);
    }

    boolean mayHelpToRetry(Rules rules) {
        return switch (kind) {
            case CONNECT -> true;
            case STATUS, BROKEN -> rules.retryOn().contains(status);
            case TIMEOUT, CONTEXT, CONTENT, UNFIT, SPENT, FINAL -> false;
        };
    }

    boolean mayHelpToFallBack(Rules rules, Plan.Triggers triggers) {
        return switch (kind) {
            case CONNECT, TIMEOUT, UNFIT, BROKEN -> true;
            case STATUS, SPENT -> rules.fallbackOn().contains(status);
            case CONTEXT -> triggers.contextWindow() || rules.fallbackOn().contains(status);
            case CONTENT -> triggers.contentPolicy() || rules.fallbackOn().contains(status);
            case FINAL -> false;
        };
    }

    /// Whether a caller's own {@code fallbacks} may do better: not where the request itself is at fault.
    boolean mayHelpToAskAnotherModel() {
        return switch (kind) {
            case CONNECT, TIMEOUT, UNFIT, BROKEN, SPENT -> true;
            case STATUS -> status >= 429 || status == 401 || status == 403 || status == 404;
            case CONTEXT, CONTENT, FINAL -> false;
        };
    }
}
