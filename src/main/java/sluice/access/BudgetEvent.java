package sluice.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import sluice.call.Budget;

/// Something that whoever owns a budget wants to know.
///
/// @param owner such as {@code the team 'data-science'}
/// @param account names the budget over restarts
/// @param kind what happened
/// @param percent how much of the limit is used; for a threshold, the threshold that was passed
/// @param used nano-dollars or tokens, what is held left out
public record BudgetEvent(
        Instant when,
        Kind kind,
        String owner,
        String account,
        Budget.Unit unit,
        long used,
        long limit,
        int percent,
        @Nullable String raiseReason) {

    public enum Kind {
        /// A threshold was passed.
        THRESHOLD("threshold"),
        /// A call was refused because it did not fit.
        REFUSED("refused"),
        /// A call would have been refused, if the budget were enforced.
        WOULD_REFUSE("would_refuse");

        private final String token;

        Kind(String token) {
            this.token = token;
        }

        public String token() {
            return token;
        }
    }
}
