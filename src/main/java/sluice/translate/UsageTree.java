package sluice.translate;

import org.jspecify.annotations.Nullable;
import sluice.call.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Token counts as the dialects write them, to the one form and back (facts/llm-protocols.md section 13). What is no
/// count is none: an answer is worth more than its statistics.
final class UsageTree {
    /// No call has more tokens; what claims to is no count.
    private static final long MOST = 1L << 40;

    private UsageTree() {}

    /// Chat counts what was cached among the prompt; providers put the cached part in two places, and a prompt smaller
    /// than it was counted without it.
    static @Nullable Usage fromChat(JsonNode usage) {
        if (!usage.isObject()) {
            return null;
        }
        var details = usage.path("prompt_tokens_details");
        long read = firstOf(details, "cached_tokens", usage, "cache_read_input_tokens");
        long write = firstOf(details, "cache_write_tokens", usage, "cache_creation_input_tokens");
        long prompt = count(usage, "prompt_tokens");
        return new Usage(
                prompt >= read + write ? prompt - read - write : prompt,
                read,
                write,
                0,
                count(usage, "completion_tokens"),
                count(usage.path("completion_tokens_details"), "reasoning_tokens"));
    }

    /// Messages counts what was cached beside the input. The total of what was written is trusted; its parts may cover
    /// the first round of server tools only.
    static @Nullable Usage fromMessages(JsonNode usage) {
        if (!usage.isObject()) {
            return null;
        }
        var parts = usage.path("cache_creation");
        long hour = count(parts, "ephemeral_1h_input_tokens");
        long written =
                Math.max(
                        count(usage, "cache_creation_input_tokens"),
                        usage.has("cache_creation_input_tokens")
                                ? 0
                                : hour + count(parts, "ephemeral_5m_input_tokens"));
        return new Usage(
                count(usage, "input_tokens"),
                count(usage, "cache_read_input_tokens"),
                written - Math.min(hour, written),
                Math.min(hour, written),
                count(usage, "output_tokens"),
                count(usage.path("output_tokens_details"), "thinking_tokens"));
    }

    static ObjectNode toChat(Usage usage) {
        var tree =
                Tree.object()
                        .put("prompt_tokens", usage.input())
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", usage.total());
        tree.putObject("prompt_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite() + usage.cacheWriteHour());
        tree.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return tree;
    }

    /// @param usage null when the target told none: its clients need numbers, so they are zero
    static ObjectNode toMessages(@Nullable Usage usage) {
        var known = usage == null ? Usage.NONE : usage;
        var tree =
                Tree.object()
                        .put("input_tokens", known.freshInput())
                        .put(
                                "cache_creation_input_tokens",
                                known.cacheWrite() + known.cacheWriteHour())
                        .put("cache_read_input_tokens", known.cacheRead())
                        .put("output_tokens", known.output());
        if (known.reasoning() > 0) {
            tree.putObject("output_tokens_details").put("thinking_tokens", known.reasoning());
        }
        return tree;
    }

    private static long firstOf(JsonNode object, String field, JsonNode other, String otherField) {
        long count = count(object, field);
        return count > 0 ? count : count(other, otherField);
    }

    static long count(JsonNode object, String field) {
        var value = object.path(field);
        long count = value.isNumber() ? value.numberValue().longValue() : 0;
        return count < 0 || count > MOST ? 0 : count;
    }
}
