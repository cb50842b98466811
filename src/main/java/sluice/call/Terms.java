package sluice.call;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one level of the organisation, such as a team or a key, grants and forbids. A level that says nothing of
/// something leaves it to the others.
///
/// @param models the models it grants; null when it says nothing
/// @param requests the kinds of request it allows; null when it says nothing
/// @param maxTokens the most output tokens that one request may ask for; {@link #ANY_NUMBER} when it says nothing
/// @param hours when it allows calls; null when at any time
public record Terms(
        @Nullable ModelPatterns models,
        @Nullable Set<RequestType> requests,
        long maxTokens,
        @Nullable Hours hours) {
    public static final long ANY_NUMBER = Long.MAX_VALUE;
    public static final Terms SILENT = new Terms(null, null, ANY_NUMBER, null);

    public Terms {
        if (maxTokens <= 0) {
            throw new IllegalArgumentException("a most of tokens is positive, got " + maxTokens);
        }
        requests = requests == null ? null : Set.copyOf(requests);
    }

    public static Terms models(ModelPatterns models) {
        return new Terms(models, null, ANY_NUMBER, null);
    }
}
