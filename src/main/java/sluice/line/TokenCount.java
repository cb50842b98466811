package sluice.line;

import sluice.call.Bytes;
import sluice.call.CallFailed;
import sluice.call.Failure;
import sluice.json.JsonText;
import sluice.loop.Work;
import sluice.route.Journey;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// {@code count_tokens}: asked of the target where that counts, estimated here where it does not. Agents call it often
/// and stumble over a 404 (facts/llm-protocols.md section 4); it costs nothing either way.
final class TokenCount {
    /// The provider's own rule of thumb (facts/databricks.md section 3.6).
    private static final int CHARACTERS_PER_TOKEN = 4;

    /// A picture costs what it shows and not what its encoding weighs; this is a middle one.
    private static final int TOKENS_PER_PICTURE = 1_600;

    private static final int LONGEST_TEXT_CALLED_DATA = 1_000;

    /// Without its table of names, which a caller could fill and which searches long ones slowly.
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build();

    private TokenCount() {}

    static void answer(Call call, Journey journey) {
        try {
            ModelCalls.answer(call, journey);
        } catch (CallFailed refused) {
            if (call.exchange().hasBegun() || !cannotCount(refused.failure())) {
                throw refused;
            }
            call.resolved(journey.here().model());
            var count =
                    new JsonText()
                            .object()
                            .field("input_tokens", estimate(call))
                            .field("estimated", true)
                            .end();
            call.exchange().answer(200, "application/json", count.toBytes());
        }
    }

    private static boolean cannotCount(Failure failure) {
        return failure instanceof Failure.NotSpoken
                || (failure instanceof Failure.Rejected rejected
                        && (rejected.status() == 404 || rejected.status() == 405))
                || (failure instanceof Failure.Faulted faulted && faulted.status() == 501);
    }

    private static long estimate(Call call) {
        var body = call.asked().body();
        try (var _ = call.aside(Work.TRANSLATION, body)) {
            return estimate(body);
        }
    }

    /// All text of the request, names of fields included, because tools are described by them.
    private static long estimate(Bytes body) {
        long characters = 0;
        long pictures = 0;
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body.stream())) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
                    int length = parser.getStringLength();
                    boolean picture = isPicture(parser, token, length);
                    pictures += picture ? 1 : 0;
                    characters += picture ? 0 : length;
                }
            }
        } catch (JacksonException alreadyRead) {
            characters = body.length(); // the scan let it through, so this is a limit of the reader
        }
        return pictures * TOKENS_PER_PICTURE
                + (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private static boolean isPicture(JsonParser parser, JsonToken token, int length) {
        return token == JsonToken.VALUE_STRING
                && length > LONGEST_TEXT_CALLED_DATA
                && "data".equals(parser.currentName());
    }
}
