package sluice.translate;

import org.jspecify.annotations.Nullable;
import sluice.call.Usage;
import tools.jackson.databind.JsonNode;

/// Takes a target's answer as it is told, whole or in pieces: first {@link #begins}, then blocks one after another,
/// each with its beginning, its pieces and its end. However the target mixed them, here they never interleave. Pieces
/// are not empty.
///
/// {@link ChatAnswer} and {@link MessagesAnswer} read targets into it; each pair writes it in the caller's dialect.
interface Blocks {

    /// @param id the answer's id, empty when the target gave none
    /// @param model the model as the target names it, empty when it does not
    void begins(String id, String model);

    void textBegins();

    void text(String piece);

    /// A piece of the text in which the model says that it will not answer; told as any text where the caller's dialect
    /// knows no other.
    default void refusal(String piece) {
        text(piece);
    }

    /// A source for the text so far, in the form of Messages.
    void citation(JsonNode citation);

    void thinkingBegins();

    void thinking(String piece);

    /// Vouches for the thinking before it; follows the last piece.
    void signature(String signature);

    /// @param id empty when the target gave none
    void toolBegins(String id, String name);

    /// A piece of the JSON object of a tool's arguments. There is at least one; {@code {}} stands for none.
    void arguments(String piece);

    /// The open block is complete.
    void ends();

    /// A block of its own: thinking that nobody but its maker can read.
    void redactedThinking(String data);

    /// How an answer ended.
    ///
    /// @param usage null when the target told none
    /// @param explanation why it was refused, empty when not told
    record Ending(Stop stop, @Nullable Usage usage, String explanation) {}

    /// Why a model stopped, with the words for it in Chat and in Messages (facts/llm-protocols.md sections 9 and 10).
    enum Stop {
        END("stop", "end_turn"),
        SEQUENCE("stop", "stop_sequence"),
        LENGTH("length", "max_tokens"),
        TOOLS("tool_calls", "tool_use"),
        REFUSAL("content_filter", "refusal"),
        PAUSE("stop", "pause_turn");

        final String inChat;
        final String inMessages;

        Stop(String inChat, String inMessages) {
            this.inChat = inChat;
            this.inMessages = inMessages;
        }
    }
}
