package sluice.translate;

import org.jspecify.annotations.Nullable;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.call.ModelTraits.Reasoning;
import sluice.json.NotJson;
import tools.jackson.databind.node.ObjectNode;

/// How hard a model is told to think, and what it cannot be told beside (facts/llm-protocols.md section 9).
final class Thinking {
    /// Nothing is said of it.
    static final Thinking NONE = new Thinking(Reasoning.NONE, null, 0, false);

    private final Reasoning how;
    private final @Nullable String effort;
    private final long budget;
    private final boolean forced;

    private Thinking(Reasoning how, @Nullable String effort, long budget, boolean forced) {
        this.how = how;
        this.effort = effort;
        this.budget = budget;
        this.forced = forced;
    }

    /// @param effort null when the caller said nothing
    /// @param limit the most tokens the model may write
    /// @param forced it has to call a tool, so it must not think first
    /// @param field how the caller's dialect names the effort
    static Thinking asked(
            @Nullable String effort,
            long limit,
            boolean forced,
            ModelTraits traits,
            String field,
            Dropped dropped)
            throws NotJson {
        var how = traits.reasoning();
        if (effort == null) {
            return NONE;
        }
        if (how == Reasoning.EFFORT) {
            return new Thinking(how, effort, 0, forced);
        }
        var known = Effort.of(effort);
        if (known == null) {
            throw NotJson.field(field, Effort.WORDS);
        }
        if (known == Effort.NONE) {
            return NONE;
        }
        long budget = known.budget(limit);
        boolean noRoom = how == Reasoning.BUDGET && (budget == 0 || forced);
        if (how == Reasoning.NONE || noRoom) {
            dropped.add(field);
            return NONE;
        }
        return new Thinking(how, known.wordFromLow(), budget, forced);
    }

    /// It thinks before it answers, so it samples as it likes.
    boolean isOn() {
        return how == Reasoning.BUDGET || (how == Reasoning.ADAPTIVE && !forced);
    }

    void writeForChat(ObjectNode chat) {
        if (how == Reasoning.EFFORT) {
            chat.put("reasoning_effort", effort);
        } else {
            write(chat, false);
        }
    }

    /// @param shown the caller wants to read the thoughts
    void writeForMessages(ObjectNode messages, boolean shown, Dropped dropped) {
        if (how == Reasoning.EFFORT) {
            dropped.add("reasoning.effort");
        } else {
            write(messages, shown);
        }
    }

    private void write(ObjectNode request, boolean shown) {
        if (how == Reasoning.BUDGET) {
            request.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        } else if (how == Reasoning.ADAPTIVE) {
            if (!forced) {
                var thinking = request.putObject("thinking").put("type", "adaptive");
                if (shown) {
                    thinking.put("display", "summarized");
                }
            }
            outputConfig(request).put("effort", effort);
        }
    }

    static ObjectNode outputConfig(ObjectNode request) {
        return request.get("output_config") instanceof ObjectNode there
                ? there
                : request.putObject("output_config");
    }
}
