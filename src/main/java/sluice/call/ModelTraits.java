package sluice.call;

/// What must be known of a model before a request can be written for it in another dialect than the caller's.
///
/// @param contextTokens input and output together, 0 when not known
/// @param maxOutputTokens the most it writes in one answer, for dialects that demand a number; always positive
/// @param sampling whether {@code temperature}, {@code top_p} and {@code top_k} are taken; the newest Claude models
///     refuse them (facts/llm-protocols.md section 4)
/// @param reasoning how it is told to think
/// @param structuredOutput whether it takes a JSON schema for its answer, so that no forced tool has to stand in
/// @param cacheMarks whether its chat surface takes {@code cache_control} inside content blocks (Databricks' Claude)
/// @param thinkingBack whether its chat surface takes the thinking of earlier turns back
public record ModelTraits(
        long contextTokens,
        long maxOutputTokens,
        boolean sampling,
        Reasoning reasoning,
        boolean structuredOutput,
        boolean cacheMarks,
        boolean thinkingBack) {

    /// A model that nobody wrote anything about.
    public static final ModelTraits UNKNOWN =
            new ModelTraits(0, 8_192, true, Reasoning.EFFORT, true, false, false);

    public ModelTraits {
        if (contextTokens < 0 || maxOutputTokens <= 0) {
            throw new IllegalArgumentException(
                    "token limits are positive: " + contextTokens + ", " + maxOutputTokens);
        }
    }

    /// How a model is told how long to think.
    public enum Reasoning {
        /// It does not think, or cannot be told.
        NONE,
        /// {@code reasoning_effort}, or {@code reasoning.effort} in Responses.
        EFFORT,
        /// {@code thinking: {type: enabled, budget_tokens}}.
        BUDGET,
        /// {@code thinking: {type: adaptive}} with {@code output_config.effort}; {@code enabled} is refused.
        ADAPTIVE
    }
}
