package sluice.line;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.JsonText;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Splice;
import sluice.protocol.ErrorEvent;
import sluice.protocol.ModelRequest;
import sluice.protocol.StreamEvent;
import sluice.protocol.openai.FailureCode;
import sluice.protocol.openai.UsageAtTheEnd;

/// The events of a stream whose two sides speak one dialect: as they came, but for the usage of a chat, which is put
/// where the standard has it.
sealed interface Untouched {

    static Untouched of(ModelRequest asked) {
        return switch (asked.dialect()) {
            case CHAT, COMPLETIONS -> new Chunks(new UsageAtTheEnd(asked.includesUsage()));
            case RESPONSES -> new Responses();
            case MESSAGES, COUNT_TOKENS -> new Messages();
            case EMBEDDINGS, INVOCATIONS -> new Plain();
        };
    }

    void pass(StreamEvent event, List<Bytes> out);

    /// The end of a stream that broke (facts/llm-protocols.md section 2).
    Bytes failed(String type, @Nullable String code, String message);

    record Chunks(UsageAtTheEnd usage) implements Untouched {
        @Override
        public void pass(StreamEvent event, List<Bytes> out) {
            usage.pass(event, out);
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return ErrorEvent.chat(type, code, message);
        }
    }

    record Plain() implements Untouched {
        @Override
        public void pass(StreamEvent event, List<Bytes> out) {
            out.add(event.source().raw());
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return ErrorEvent.chat(type, code, message);
        }
    }

    record Messages() implements Untouched {
        @Override
        public void pass(StreamEvent event, List<Bytes> out) {
            out.add(event.source().raw());
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return ErrorEvent.messages(type, message);
        }
    }

    /// Counts along, because the last event must carry the next number, and keeps what the response was announced as:
    /// agents take {@code response.failed} for an end and pass over {@code error} (facts/llm-protocols.md sections 2
    /// and 15).
    final class Responses implements Untouched {
        private static final Governed ENDED = Governed.of("status", "error");

        private long next;
        private @Nullable Fields announced;

        @Override
        public void pass(StreamEvent event, List<Bytes> out) {
            if (event instanceof StreamEvent.Part part) {
                next = number(part.fields().find("sequence_number")) + 1;
                if (announced == null) {
                    announced = response(part.fields().find("response"));
                }
            }
            out.add(event.source().raw());
        }

        private long number(@Nullable Field field) {
            try {
                return field == null || field.kind() != Kind.NUMBER ? next : field.asLong();
            } catch (NotJson fraction) {
                return next;
            }
        }

        private static @Nullable Fields response(@Nullable Field field) {
            try {
                return field == null || field.kind() != Kind.OBJECT
                        ? null
                        : field.object(ENDED, Limits.DEFAULT);
            } catch (NotJson twice) {
                return null; // one of the two fields stands there twice; the plain error serves
                // then
            }
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            var told = FailureCode.of(type, code);
            var response = announced;
            if (response == null) {
                return ErrorEvent.responses(type, told, message, next);
            }
            var error = new JsonText().object().field("code", told).field("message", message).end();
            var ended =
                    Splice.of(response)
                            .put("status", "failed")
                            .put("error", error.toBytes())
                            .pieces()
                            .joined();
            var text =
                    new JsonText()
                            .object()
                            .field("type", "response.failed")
                            .field("sequence_number", next)
                            .field("response", ended)
                            .end();
            return Bytes.utf8("event: response.failed\ndata: " + text.toBytes().utf8() + "\n\n");
        }
    }
}
