package sluice.translate;

import org.jspecify.annotations.Nullable;
import sluice.call.Dropped;
import tools.jackson.databind.JsonNode;

/// The tool that stands in where a model takes no schema for its answer: the model has to call it, and what it calls it
/// with is the answer (facts/llm-protocols.md section 14).
final class AnswerTool {
    static final String DESCRIPTION = "Gives the final answer. Call it exactly once, at the end.";

    private AnswerTool() {}

    /// A name that none of the caller's tools has; empty when no form was asked for, or when one of them has to be
    /// called, so that there is no answer to form.
    static String name(ResponsesRequest asked, Dropped dropped) {
        if (asked.format() == null) {
            return "";
        }
        if (asked.mustCall()) {
            dropped.add("text.format");
            return "";
        }
        var name = new StringBuilder(ChatToMessages.STRUCTURED);
        while (asked.tools().stream().anyMatch(tool -> tool.name().contentEquals(name))) {
            name.append('_');
        }
        return name.toString();
    }

    /// @param schema null when any JSON object will do
    static JsonNode schema(@Nullable JsonNode schema) {
        return schema != null
                ? schema
                : Tree.object().put("type", "object").put("additionalProperties", true);
    }
}
