package sluice.server;

import sluice.call.Bytes;
import sluice.call.Dialect.Family;
import sluice.json.JsonText;

/// The body of a refusal as each family writes it. OpenAI's has all four keys, and {@code code} is never a number
/// (facts/llm-protocols.md section 7).
final class ErrorText {
    private ErrorText() {}

    static Bytes of(Refusal refusal, Family family, String requestId) {
        return switch (family) {
            case OPENAI -> openAi(refusal);
            case ANTHROPIC -> anthropic(refusal, requestId);
        };
    }

    private static Bytes openAi(Refusal refusal) {
        return new JsonText()
                .object()
                .object("error")
                .field("message", refusal.message(Family.OPENAI))
                .field("type", refusal.type())
                .field("param", refusal.param())
                .field("code", refusal.code())
                .end()
                .end()
                .toBytes();
    }

    private static Bytes anthropic(Refusal refusal, String requestId) {
        return new JsonText()
                .object()
                .field("type", "error")
                .object("error")
                .field("type", refusal.type(Family.ANTHROPIC))
                .field("message", refusal.message(Family.ANTHROPIC))
                .end()
                .field("request_id", requestId)
                .end()
                .toBytes();
    }
}
