package sluice.route;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a caller sent along that a route may depend on.
public interface Hints {
    /// A call that says nothing.
    Hints NONE =
            new Hints() {
                @Override
                public @Nullable String header(String name) {
                    return null;
                }

                @Override
                public @Nullable String metadata(String key) {
                    return null;
                }

                @Override
                public @Nullable Retry retry() {
                    return null;
                }
            };

    /// How a caller wants its call to be tried again, in place of what the operator wrote.
    ///
    /// @param on statuses after which to; null for the operator's
    record Retry(int attempts, Duration delay, @Nullable Set<Integer> on) {
        Rules over(Rules rules) {
            return new Rules(
                    attempts, delay, on == null ? rules.retryOn() : on, rules.fallbackOn());
        }
    }

    /// The value of a request header.
    @Nullable String header(String name);

    /// How the caller wants it to be tried again; null when it does not say.
    @Nullable Retry retry();

    /// A value of the metadata that the caller gave its call.
    @Nullable String metadata(String key);
}
