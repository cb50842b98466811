package sluice.call;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every way a call can end badly, worded for the person who must act. Rendered in one switch per dialect, in {@code
/// server}; the rows are those of facts/llm-protocols.md section 7. No message holds a credential or a prompt.
public sealed interface Failure {

    /// One or two sentences for the caller: the thing, the value received, what was expected, what to change.
    String message();

    default CallFailed asException() {
        return new CallFailed(this);
    }

    /// The request itself is wrong; {@code param} names the field when there is one.
    record Malformed(String message, @Nullable String param) implements Failure {}

    record BodyTooLarge(long limitBytes) implements Failure {
        @Override
        public String message() {
            return "The request body is larger than the limit of "
                    + limitBytes
                    + " bytes. Send less, or raise server.max_body_bytes.";
        }
    }

    /// The head of the request is larger than it may be; {@code what} is its first line or its headers.
    record HeadTooLarge(String what, boolean isFirstLine, String limit) implements Failure {
        @Override
        public String message() {
            return "The request's " + what + " is larger than " + limit + ".";
        }
    }

    /// The caller stopped sending its body half-way, or sends it so slowly that {@code whole} it takes too long.
    record BodyTooSlow(Duration limit, boolean whole) implements Failure {
        @Override
        public String message() {
            return whole
                    ? "The request body was not complete within "
                            + limit.toMillis()
                            + " ms (server.body_timeout_seconds)."
                    : "No more of the request body arrived within "
                            + limit.toMillis()
                            + " ms (server.idle_timeout_seconds).";
        }
    }

    /// No key, an unknown key, or a key in the wrong place: the same sentence for all, so that nothing can be learnt.
    record Unauthenticated() implements Failure {
        @Override
        public String message() {
            return "No valid key. Send a virtual key as 'Authorization: Bearer KEY', 'x-api-key:"
                    + " KEY' or 'x-bf-vk: KEY'. Calls without a key, or with the key 'unused', are let in"
                    + " only where the operator allows it (governance.anonymous).";
        }
    }

    /// Whether the caller's token is good cannot be found out at present; {@code what} is who would know.
    record IdentityUnknowable(String what) implements Failure {
        @Override
        public String message() {
            return "Who is calling cannot be checked at present: "
                    + what
                    + " cannot be asked. Try again soon.";
        }
    }

    /// The target is asked with the caller's own token, and this caller has none that would do.
    ///
    /// @param why a sentence; nothing of the token
    record NotOnBehalf(String target, String why) implements Failure {
        @Override
        public String message() {
            return "The target '" + target + "' is asked on behalf of its caller: " + why;
        }
    }

    /// Only operators may look there: the same sentence for no key and for a wrong one.
    record NotAnOperator() implements Failure {
        @Override
        public String message() {
            return "This is for operators. Send the operator's key (admin.key in the configuration) as"
                    + " 'Authorization: Bearer KEY'; a virtual key is none.";
        }
    }

    /// @param caller such as {@code the key 'notebooks'}
    /// @param by who does not grant it, in the same words
    record ModelNotAllowed(String model, String caller, String by) implements Failure {
        @Override
        public String message() {
            return "Model '"
                    + model
                    + "' is not granted to "
                    + caller
                    + (by.equals(caller) ? "" : " by " + by)
                    + ". Ask for it to be added to the models of "
                    + by
                    + ".";
        }
    }

    /// @param by whose request types do not have this one
    record RequestNotAllowed(String by, String requestType) implements Failure {
        @Override
        public String message() {
            return "Requests of the type '"
                    + requestType
                    + "' are not allowed by "
                    + by
                    + ". Ask for it to be added to its request_types.";
        }
    }

    /// @param by whose max_tokens_per_request it is
    record TooManyTokens(String by, long asked, long most) implements Failure {
        @Override
        public String message() {
            return "The request asks for up to "
                    + asked
                    + " output tokens; "
                    + by
                    + " allows at most "
                    + most
                    + " per request (max_tokens_per_request).";
        }
    }

    /// @param by whose allowed hours they are
    record OutsideHours(String by, String hours) implements Failure {
        @Override
        public String message() {
            return "Calls are allowed by " + by + " only at these times: " + hours + ".";
        }
    }

    /// A limit of the gateway's own is reached.
    ///
    /// @param owner such as {@code the team 'data-science'}
    /// @param limit the limit's name
    /// @param unit {@code requests}, {@code tokens} or {@code concurrent}
    /// @param per {@code minute}, {@code hour} or {@code day}; null for concurrent calls
    /// @param needed how many more the call would have used
    /// @param fitsIn how long until it would fit; null when it never does
    record OverLimit(
            String owner,
            String limit,
            String unit,
            @Nullable String per,
            long most,
            long needed,
            @Nullable Duration fitsIn)
            implements Failure {
        @Override
        public String message() {
            var what = per == null ? most + " concurrent calls" : most + " " + unit + " per " + per;
            return "Over the limit '"
                    + limit
                    + "' of "
                    + owner
                    + ": "
                    + what
                    + (fitsIn == null
                            ? "; this call needs " + needed + " and never fits."
                            : ". Please try again in " + seconds(fitsIn) + "s.");
        }

        private static long seconds(Duration wait) {
            return Math.max(1, (wait.toMillis() + 999) / 1000);
        }
    }

    /// A budget of the gateway's own does not cover the call.
    ///
    /// @param owner such as {@code the team 'data-science'}
    /// @param budget the budget's name
    /// @param tokens whether the amounts are tokens; otherwise nano-dollars
    /// @param needed what the call may use at worst
    /// @param resets when it would fit; null when it never does
    record OverBudget(
            String owner,
            String budget,
            boolean tokens,
            long limit,
            long left,
            long needed,
            @Nullable Instant resets)
            implements Failure {
        @Override
        public String message() {
            return "The budget '"
                    + budget
                    + "' of "
                    + owner
                    + " does not cover this call: "
                    + shown(left)
                    + " of "
                    + shown(limit)
                    + " are left and not held by running calls, and it may use up to "
                    + shown(needed)
                    + (resets == null
                            ? ". It never fits: ask for fewer tokens or a larger budget."
                            : ". It fits again at "
                                    + resets.truncatedTo(ChronoUnit.SECONDS)
                                    + ", or when fewer tokens are asked for (max_tokens).");
        }

        private String shown(long amount) {
            return tokens ? amount + " tokens" : new Money(amount) + " USD";
        }
    }

    /// Nothing can be held for a model whose price is not known.
    record Unpriced(String model, String owner, String budget) implements Failure {
        @Override
        public String message() {
            return "The price of model '"
                    + model
                    + "' is not known, so nothing can be held for it on the budget '"
                    + budget
                    + "' of "
                    + owner
                    + ". The operator gives it a price (providers.targets[].pricing), or allows such"
                    + " models (unpriced_models: allow in the budget).";
        }
    }

    /// What an operator asked for is not done.
    record NotDone(Why why, String message) implements Failure {
        public enum Why {
            FORBIDDEN("forbidden"),
            UNKNOWN("unknown_object"),
            EXISTS("already_exists"),
            READ_ONLY("read_only"),
            STALE("etag_mismatch"),
            ETAG_MISSING("etag_missing"),
            FAULTY("faulty_object"),
            STORE_AWAY("store_unavailable");

            private final String token;

            Why(String token) {
                this.token = token;
            }

            public String token() {
                return token;
            }
        }
    }

    /// What is spent can no longer be written down.
    record StoreAway(String reason) implements Failure {
        @Override
        public String message() {
            return "The gateway cannot write down what calls cost at the moment, and takes none: "
                    + reason;
        }
    }

    /// Something that limits callers cannot be read, so nobody may be let through beside it.
    record LimitsUnreadable() implements Failure {
        @Override
        public String message() {
            return "The gateway takes no calls at the moment, because some of what limits them cannot be"
                    + " read. Its operators see in /health/ready what it is.";
        }
    }

    /// {@code nearest} holds only names that this caller may use.
    record UnknownModel(String model, List<String> nearest) implements Failure {
        public UnknownModel {
            nearest = List.copyOf(nearest);
        }

        @Override
        public String message() {
            return "The model '"
                    + model
                    + "' does not exist here. "
                    + (nearest.isEmpty()
                            ? "GET /v1/models lists what this key may use."
                            : "Did you mean " + String.join(" or ", nearest) + "?");
        }
    }

    /// The model is there, but cannot be asked in this way.
    record NotSpoken(String model, String asked, List<String> spoken) implements Failure {
        public NotSpoken {
            spoken = List.copyOf(spoken);
        }

        @Override
        public String message() {
            return "The model '"
                    + model
                    + "' cannot be asked by "
                    + asked
                    + "; it is asked by "
                    + (spoken.isEmpty() ? "nothing that is known here" : String.join(", ", spoken))
                    + ".";
        }
    }

    /// The operator switched this kind of request off for the target.
    record RequestTypeOff(String target, String requestType) implements Failure {
        @Override
        public String message() {
            return "Requests of the type '"
                    + requestType
                    + "' are switched off for the target '"
                    + target
                    + "' (allowed_requests).";
        }
    }

    record UnknownRoute(String path) implements Failure {
        @Override
        public String message() {
            return "Nothing answers at '"
                    + path
                    + "'. Chat is POST /v1/chat/completions; models are GET /v1/models.";
        }
    }

    record MethodNotAllowed(String method, String path, String allowed) implements Failure {
        @Override
        public String message() {
            return "'" + path + "' does not take " + method + ", but " + allowed + ".";
        }
    }

    /// The threads for large calls were all taken for as long as this one could wait.
    ///
    /// @param answered true when the target has answered, and charges for it
    record Busy(Duration waited, boolean answered) implements Failure {
        @Override
        public String message() {
            return "The gateway is at work on other large calls, and this one found no room within "
                    + waited.toMillis()
                    + " ms. Try again soon, send less, or raise server.workers.";
        }
    }

    record Draining() implements Failure {
        @Override
        public String message() {
            return "This gateway is stopping and takes no new calls. Try again: another one will"
                    + " answer.";
        }
    }

    /// The caller left; nobody reads an answer any more. Seen in the ledger only, as status 499.
    record CallerGone() implements Failure {
        @Override
        public String message() {
            return "The caller closed the connection before the answer was complete.";
        }
    }

    /// Our own fault. The log line with the call id has the details.
    record Bug() implements Failure {
        @Override
        public String message() {
            return "The gateway failed on this call. Its log names the cause under this request"
                    + " id.";
        }
    }

    /// The other side failed, or we could not reach it. {@code target} is the target's id, never its address or
    /// credential.
    sealed interface Upstream extends Failure {
        String target();

        /// True when nothing of the call can have taken effect there, so that sending it again is safe.
        boolean retrySafe();
    }

    /// No connection: refused, unresolvable, or TLS that does not hold.
    record Unreachable(String target, String reason) implements Upstream {
        @Override
        public boolean retrySafe() {
            return true;
        }

        @Override
        public String message() {
            return "The target '" + target + "' cannot be reached: " + reason + ".";
        }
    }

    /// {@code phase} is the wait that ended.
    record TimedOut(String target, Phase phase, Duration limit) implements Upstream {
        public enum Phase {
            CONNECT("connect"),
            TOKEN("token"),
            FIRST_BYTE("first byte"),
            FIRST_TOKEN("first token"),
            IDLE("idle"),
            TOTAL("total"),
            /// The caller's own limit, or the virtual model's, over all attempts.
            CALL("call");

            private final String words;

            Phase(String words) {
                this.words = words;
            }
        }

        @Override
        public boolean retrySafe() {
            return phase == Phase.CONNECT || phase == Phase.TOKEN;
        }

        @Override
        public String message() {
            return "The target '"
                    + target
                    + "' did not answer in time: the "
                    + phase.words
                    + " limit of "
                    + limit.toMillis()
                    + " ms passed.";
        }
    }

    /// An answer that is none: HTML, a redirect, a cut connection, or bytes that are not the protocol.
    record BrokenAnswer(String target, String what) implements Upstream {
        @Override
        public boolean retrySafe() {
            return false;
        }

        @Override
        public String message() {
            return "The target '" + target + "' sent no usable answer: " + what + ".";
        }
    }

    /// The target's answer breaks the rules of its own dialect.
    record ProtocolError(String target, String what) implements Upstream {
        @Override
        public boolean retrySafe() {
            return false;
        }

        @Override
        public String message() {
            return "The target '" + target + "' broke its own protocol: " + what + ".";
        }
    }

    /// The target refused our own credential: the operator's to mend, not the caller's. {@code why} stands in brackets
    /// in the message and holds nothing of the credential.
    record CredentialRefused(String target, String why) implements Upstream {
        public CredentialRefused(String target, int status) {
            this(target, "status " + status);
        }

        @Override
        public boolean retrySafe() {
            return true;
        }

        @Override
        public String message() {
            return "The target '"
                    + target
                    + "' refused the gateway's own credential ("
                    + why
                    + "). The caller's key is fine; the operator must renew the target's secret.";
        }
    }

    /// The target understood and said no; its status and words go to the caller.
    record Rejected(
            String target,
            int status,
            String message,
            @Nullable String type,
            @Nullable String code,
            @Nullable String param)
            implements Upstream {
        private static final String TOO_LONG = "context_length_exceeded";
        private static final Set<String> UNWANTED =
                Set.of(
                        "content_filter",
                        "content_policy_violation",
                        "responsible_ai_policy_violation",
                        "guardrail_blocked");

        /// Some providers have no code for it, and words only (facts/llm-protocols.md section 7).
        private static final List<String> WORDS_OF_A_TOO_LONG_PROMPT =
                List.of(
                        "prompt is too long",
                        "input is too long",
                        "maximum context length",
                        "context window",
                        "input token count");

        private static final List<String> WORDS_OF_UNWANTED_CONTENT =
                List.of(
                        "content management policy",
                        "content policy",
                        "content filter",
                        "guardrail");

        @Override
        public boolean retrySafe() {
            return true;
        }

        /// The prompt does not fit into the model's window; a larger one may take it.
        public boolean isTooLongAPrompt() {
            return isAboutThePrompt()
                    && (TOO_LONG.equals(code) || says(WORDS_OF_A_TOO_LONG_PROMPT));
        }

        /// The target's own filter does not want the prompt; another's may take it.
        public boolean isUnwantedContent() {
            return isAboutThePrompt()
                    && ((code != null && UNWANTED.contains(code))
                            || says(WORDS_OF_UNWANTED_CONTENT));
        }

        private boolean isAboutThePrompt() {
            return status == 400 || status == 413 || status == 422;
        }

        private boolean says(List<String> words) {
            var said = message.toLowerCase(Locale.ROOT);
            return words.stream().anyMatch(said::contains);
        }
    }

    /// Too many calls or tokens, or nothing left to spend there.
    ///
    /// @param code the target's own word for it, such as {@code insufficient_quota}
    /// @param exhausted true when the target says that waiting does not help
    record RateLimited(
            String target,
            String message,
            @Nullable String code,
            @Nullable Duration retryAfter,
            boolean exhausted)
            implements Upstream {
        private static final Set<String> WORDS_OF_AN_EMPTY_PURSE =
                Set.of(
                        "insufficient_quota",
                        "usage_not_included",
                        "billing_hard_limit_reached",
                        "billing_error");

        public RateLimited(
                String target,
                String message,
                @Nullable String code,
                @Nullable Duration retryAfter) {
            this(target, message, code, retryAfter, false);
        }

        public RateLimited {
            exhausted = exhausted || (code != null && WORDS_OF_AN_EMPTY_PURSE.contains(code));
        }

        @Override
        public boolean retrySafe() {
            return true;
        }
    }

    /// The target failed with a 5xx of its own.
    record Faulted(String target, int status, String detail) implements Upstream {
        @Override
        public boolean retrySafe() {
            return status == 503;
        }

        @Override
        public String message() {
            return "The target '" + target + "' failed with status " + status + ": " + detail;
        }
    }
}
