package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.protocol.sse.SseEvent;

/// One event of a streamed chat completion, as far as the gateway must understand it.
public sealed interface ChatEvent {

    /// The event as it came, to be passed on untouched.
    Bytes raw();

    /// A chunk of the reply.
    ///
    /// @param usage the token counts so far, when the chunk carries them; the last of a stream counts
    record Chunk(Bytes raw, Fields fields, @Nullable Usage usage) implements ChatEvent {

        /// True for the extra chunk that exists only to carry usage: no choice, or one that says nothing.
        public boolean isOnlyUsage() {
            if (usage == null) {
                return false;
            }
            var choices = fields.find("choices");
            return choices == null || choices.isEmpty() || (isAlone(choices) && saysNothing());
        }

        private static boolean isAlone(Field choices) {
            try {
                return choices.elements().size() == 1;
            } catch (NotJson noArray) {
                return true;
            }
        }

        private boolean saysNothing() {
            var choice = firstChoice();
            if (choice == null) {
                return true;
            }
            var delta = choice.find("delta");
            return (delta == null || delta.isEmpty()) && !hasText(choice, "finish_reason");
        }

        /// True when the first choice ends here. The rest of the stream is usage and the terminator.
        public boolean isFinish() {
            var choice = firstChoice();
            return choice != null && hasText(choice, "finish_reason");
        }

        private @Nullable Fields firstChoice() {
            var choices = fields.find("choices");
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

    /// The provider says in the stream that it failed; {@code data} is the error document.
    record Failed(Bytes raw, Bytes data) implements ChatEvent {}

    /// {@code [DONE]}.
    record Done(Bytes raw) implements ChatEvent {}

    /// A comment or an event without data: keeps the line open and means nothing.
    record Comment(Bytes raw) implements ChatEvent {}

    Governed CHUNK = Governed.of("choices", "usage", "error", "error_code");
    Governed CHOICE = Governed.of("delta", "finish_reason");

    /// @throws NotJson when the data is neither a JSON object nor the terminator
    static ChatEvent read(SseEvent event) throws NotJson {
        var data = event.data();
        if (data.isEmpty()) {
            return new Comment(event.raw());
        }
        if (isDone(data)) {
            return new Done(event.raw());
        }
        var fields = Fields.scan(data, CHUNK, Limits.DEFAULT);
        if (isError(fields)) {
            return new Failed(event.raw(), data);
        }
        return new Chunk(event.raw(), fields, UsageText.read(fields.find("usage")));
    }

    /// OpenAI's word, or Databricks' own where the choices would be (facts/databricks.md section 3.7).
    private static boolean isError(Fields fields) {
        var error = fields.find("error");
        if (error != null && (error.kind() == Kind.OBJECT || error.kind() == Kind.STRING)) {
            return true;
        }
        var code = fields.find("error_code");
        return code != null && code.kind() == Kind.STRING && !fields.has("choices");
    }

    /// Clients end on any data that starts so (facts/llm-protocols.md section 2).
    private static boolean isDone(Bytes data) {
        byte[] array = data.array();
        int at = data.from();
        return data.length() >= 6
                && array[at] == '['
                && array[at + 1] == 'D'
                && array[at + 2] == 'O'
                && array[at + 3] == 'N'
                && array[at + 4] == 'E'
                && array[at + 5] == ']';
    }
}
