package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// What the choices of a streamed chunk say.
final class ChatChoices {
    private static final Governed CHOICE = Governed.of("delta", "text", "finish_reason");

    /// Where a delta says something; {@code role} is none of them.
    private static final Governed DELTA =
            Governed.of(
                    "content",
                    "reasoning_content",
                    "reasoning",
                    "refusal",
                    "tool_calls",
                    "function_call");

    private ChatChoices() {}

    /// True when the first choice ends here. The rest of the stream is usage and the terminator.
    static boolean isFinish(Fields chunk) {
        var choice = first(chunk);
        return choice != null && hasText(choice, "finish_reason");
    }

    /// True when the first choice brings text, thinking or a part of a tool call.
    static boolean isToken(Fields chunk) {
        var choice = first(chunk);
        if (choice == null) {
            return false;
        }
        var delta = choice.find("delta");
        if (delta == null || delta.kind() != Kind.OBJECT) {
            return !isBlank(choice.find("text"));
        }
        try {
            var said = delta.object(DELTA, Limits.DEFAULT);
            for (int index = 0; index < DELTA.size(); index++) {
                if (!isBlank(said.find(DELTA.name(index)))) {
                    return true;
                }
            }
            return false;
        } catch (NotJson twice) {
            return true; // it says something, in a way of its own
        }
    }

    /// True when the chunk has no choice, or one that says nothing: it exists to carry something else.
    static boolean sayNothing(Fields chunk) {
        var choices = chunk.find("choices");
        return choices == null || choices.isEmpty() || (isAlone(choices) && saysNothing(chunk));
    }

    private static boolean isAlone(Field choices) {
        try {
            return choices.elements().size() == 1;
        } catch (NotJson noArray) {
            return true;
        }
    }

    private static boolean saysNothing(Fields chunk) {
        var choice = first(chunk);
        if (choice == null) {
            return true;
        }
        return isBlank(choice.find("delta"))
                && isBlank(choice.find("text"))
                && !hasText(choice, "finish_reason");
    }

    private static boolean isBlank(@Nullable Field said) {
        return said == null || said.kind() == Kind.NULL || said.isEmpty();
    }

    private static @Nullable Fields first(Fields chunk) {
        var choices = chunk.find("choices");
        if (choices == null || choices.kind() != Kind.ARRAY || choices.isEmpty()) {
            return null;
        }
        try {
            return choices.first(CHOICE, Limits.DEFAULT);
        } catch (NotJson notAnObject) {
            return null;
        }
    }

    private static boolean hasText(Fields choice, String name) {
        var field = choice.find(name);
        return field != null && field.kind() == Kind.STRING;
    }
}
