package sluice.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long to think, in words and in tokens (facts/llm-protocols.md sections 9 and 10).
enum Effort {
    NONE("none", 0),
    MINIMAL("minimal", 1_024),
    LOW("low", 1_024),
    MEDIUM("medium", 2_048),
    HIGH("high", 4_096),
    XHIGH("xhigh", 8_192),
    MAX("max", 16_384);

    /// Fewer tokens of thought are refused by those who are told in tokens.
    static final long LEAST_BUDGET = 1_024;

    static final String WORDS =
            "must be one of "
                    + String.join(", ", List.of(values()).stream().map(Effort::word).toList());

    private final String word;
    private final long budget;

    Effort(String word, long budget) {
        this.word = word;
        this.budget = budget;
    }

    static @Nullable Effort of(String word) {
        for (var effort : values()) {
            if (effort.word.equals(word)) {
                return effort;
            }
        }
        return null;
    }

    static Effort ofBudget(long tokens) {
        return tokens >= 10_000 ? HIGH : tokens >= 5_000 ? MEDIUM : tokens >= 2_000 ? LOW : MINIMAL;
    }

    String word() {
        return word;
    }

    /// The word in dialects that know none smaller than low: {@code output_config.effort}.
    String wordFromLow() {
        return this == MINIMAL ? LOW.word : word;
    }

    /// Tokens to think, which must be fewer than all that may be written; 0 when there is no room for any.
    long budget(long maxTokens) {
        return capped(budget, maxTokens);
    }

    static long capped(long budget, long maxTokens) {
        return maxTokens <= LEAST_BUDGET ? 0 : Math.min(budget, maxTokens - 1);
    }
}
