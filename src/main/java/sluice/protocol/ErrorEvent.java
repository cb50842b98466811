package sluice.protocol;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.JsonText;

/// The last event of a stream that cannot go on, as each dialect writes it (facts/llm-protocols.md section 2).
public final class ErrorEvent {
    private static final String NAMED = "event: error\ndata: ";

    private ErrorEvent() {}

    /// For Chat and what is like it: all four keys are there, and no {@code [DONE]} follows.
    public static Bytes chat(String type, @Nullable String code, String message) {
        return event(
                "data: ",
                new JsonText()
                        .object()
                        .object("error")
                        .field("message", message)
                        .field("type", type)
                        .field("param", (String) null)
                        .field("code", code)
                        .end()
                        .end());
    }

    /// For Messages: blocks that are open are not closed.
    public static Bytes messages(String type, String message) {
        return event(
                NAMED,
                new JsonText()
                        .object()
                        .field("type", "error")
                        .object("error")
                        .field("type", type)
                        .field("message", message)
                        .end()
                        .end());
    }

    /// For Responses.
    ///
    /// @param number the event's {@code sequence_number}
    public static Bytes responses(String type, @Nullable String code, String message, long number) {
        return event(
                NAMED,
                new JsonText()
                        .object()
                        .field("type", "error")
                        .field("code", code == null ? type : code)
                        .field("message", message)
                        .field("param", (String) null)
                        .field("sequence_number", number)
                        .end());
    }

    private static Bytes event(String before, JsonText data) {
        return Bytes.utf8(before + data.toBytes().utf8() + "\n\n");
    }
}
