package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Usage;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// Reads a {@code usage} object, with the places where different providers put their cached and reasoning tokens
/// (facts/llm-protocols.md section 13).
final class UsageText {
    private static final Governed USAGE =
            Governed.of(
                    "prompt_tokens",
                    "completion_tokens",
                    "prompt_tokens_details",
                    "completion_tokens_details",
                    "cache_read_input_tokens",
                    "cache_creation_input_tokens");
    private static final Governed DETAILS =
            Governed.of("cached_tokens", "cache_write_tokens", "reasoning_tokens");

    private UsageText() {}

    /// @return null when there is no usage object
    static @Nullable Usage read(@Nullable Field usage) throws NotJson {
        if (usage == null || usage.kind() != Kind.OBJECT) {
            return null;
        }
        var fields = usage.object(USAGE, Limits.DEFAULT);
        long read = detail(fields, "prompt_tokens_details", "cached_tokens");
        long cacheRead = read > 0 ? read : tokens(fields, "cache_read_input_tokens");
        long written = detail(fields, "prompt_tokens_details", "cache_write_tokens");
        long cacheWrite = written > 0 ? written : tokens(fields, "cache_creation_input_tokens");
        return new Usage(
                fresh(tokens(fields, "prompt_tokens"), cacheRead + cacheWrite),
                cacheRead,
                cacheWrite,
                0,
                tokens(fields, "completion_tokens"),
                detail(fields, "completion_tokens_details", "reasoning_tokens"));
    }

    /// The dialect counts what was cached among the prompt. A prompt smaller than its cached part was counted without
    /// it (facts/databricks.md section 3.6 has both).
    static long fresh(long prompt, long cached) {
        return prompt >= cached ? prompt - cached : prompt;
    }

    private static long detail(Fields usage, String details, String name) throws NotJson {
        var inside = usage.find(details);
        return inside == null || inside.kind() != Kind.OBJECT
                ? 0
                : tokens(inside.object(DETAILS, Limits.DEFAULT), name);
    }

    /// A count that is absent, null, negative or no whole number is none: the reply is worth more than its statistics.
    static long tokens(@Nullable Fields fields, String name) {
        var count = fields == null ? null : fields.find(name);
        if (count == null || count.kind() != Kind.NUMBER) {
            return 0;
        }
        try {
            return Usage.believed(count.asLong());
        } catch (NotJson noCount) {
            return 0;
        }
    }
}
