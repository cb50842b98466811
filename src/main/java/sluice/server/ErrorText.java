package sluice.server;

import sluice.call.Bytes;
import sluice.json.JsonText;

/// The body of a refusal as the OpenAI family writes it; all four keys are present and {@code code} is never a number
/// (facts/llm-protocols.md section 7).
final class ErrorText {
    private ErrorText() {}

    static Bytes of(OpenAiErrors error) {
        return new JsonText()
                .object()
                .object("error")
                .field("message", error.message())
                .field("type", error.type())
                .field("param", error.param())
                .field("code", error.code())
                .end()
                .end()
                .toBytes();
    }
}
