package sluice.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Meaning;
import sluice.call.ModelName;

/// The worst that a call can use, before it is sent.
///
/// @param asked what the caller asked for
/// @param models where it may go
/// @param outputTokens of the longest answer that it can get
/// @param nanoDollars what that costs at the dearest of the models whose price is known
/// @param unpriced a model whose price is not known; null when there is none
public record Need(
        Meaning asked,
        List<ModelName> models,
        long inputTokens,
        long outputTokens,
        long nanoDollars,
        @Nullable ModelName unpriced) {

    public Need {
        models = List.copyOf(models);
        if (inputTokens < 0 || outputTokens < 0 || nanoDollars < 0) {
            throw new IllegalArgumentException(
                    "nobody needs less than nothing: %d, %d, %d"
                            .formatted(inputTokens, outputTokens, nanoDollars));
        }
    }

    long tokens() {
        return inputTokens + outputTokens;
    }
}
