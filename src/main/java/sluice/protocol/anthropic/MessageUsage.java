package sluice.protocol.anthropic;

import org.jspecify.annotations.Nullable;
import sluice.call.Usage;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// The counts of one message so far; what a later report does not mention stays (facts/llm-protocols.md section 13).
final class MessageUsage {
    private static final Governed USAGE =
            Governed.of(
                    "input_tokens",
                    "cache_creation_input_tokens",
                    "cache_read_input_tokens",
                    "cache_creation",
                    "output_tokens",
                    "output_tokens_details");
    private static final Governed WRITES =
            Governed.of("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens");
    private static final Governed DETAILS = Governed.of("thinking_tokens");

    private long input;
    private long cacheRead;
    private long cacheWrite;
    private long cacheWriteHour;
    private long output;
    private long thinking;

    /// @return the counts so far, or null when this is no usage
    @Nullable Usage read(@Nullable Field usage) throws NotJson {
        if (usage == null || usage.kind() != Kind.OBJECT) {
            return null;
        }
        var fields = usage.object(USAGE, Limits.DEFAULT);
        input = count(fields, "input_tokens", input);
        cacheRead = count(fields, "cache_read_input_tokens", cacheRead);
        cacheWrite = count(fields, "cache_creation_input_tokens", cacheWrite);
        cacheWriteHour =
                inside(fields.find("cache_creation"), "ephemeral_1h_input_tokens", cacheWriteHour);
        output = count(fields, "output_tokens", output);
        var details = fields.find("output_tokens_details");
        if (details != null && details.kind() == Kind.OBJECT) {
            thinking = count(details.object(DETAILS, Limits.DEFAULT), "thinking_tokens", thinking);
        }
        // The total is right where the split, made earlier, is smaller.
        long hour = Math.min(cacheWriteHour, cacheWrite);
        return new Usage(input, cacheRead, cacheWrite - hour, hour, output, thinking);
    }

    private static long inside(@Nullable Field writes, String name, long before) throws NotJson {
        return writes == null || writes.kind() != Kind.OBJECT
                ? before
                : count(writes.object(WRITES, Limits.DEFAULT), name, before);
    }

    /// A count that is absent, null, negative or no whole number changes nothing.
    private static long count(Fields fields, String name, long before) {
        var count = fields.find(name);
        if (count == null || count.kind() != Kind.NUMBER) {
            return before;
        }
        try {
            return Usage.believed(count.asLong());
        } catch (NotJson noCount) {
            return before;
        }
    }
}
