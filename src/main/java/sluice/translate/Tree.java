package sluice.translate;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Limits;
import sluice.json.NotJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Documents as trees: fields stay in order, and numbers stay as they were written, however long.
///
/// A tree takes up to fifty times the memory of its document, most where the values are smallest, so their number has a
/// limit of its own.
final class Tree {
    /// Names, values and brackets of one document: ten times what the longest conversations have.
    static final int MOST_TOKENS = 1_000_000;

    private static final JsonMapper JSON = mapper(true);

    /// Without the reader's table of names, which a caller could fill and which searches long ones slowly.
    private static final JsonMapper REQUESTS = mapper(false);

    private static JsonMapper mapper(boolean tableOfNames) {
        var limits =
                StreamReadConstraints.builder()
                        .maxStringLength(Limits.DEFAULT.maxBytes())
                        .maxNestingDepth(4 * Limits.DEFAULT.maxDepth())
                        .maxTokenCount(MOST_TOKENS)
                        .build();
        var factory =
                JsonFactory.builder()
                        .streamReadConstraints(limits)
                        .configure(
                                TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES,
                                tableOfNames)
                        .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    private Tree() {}

    /// @throws NotJson worded for the caller who sent it
    static ObjectNode request(Bytes document) throws NotJson {
        try {
            // Given a part of an array, this reader reads on behind it; given a stream it does not.
            if (REQUESTS.readTree(document.stream()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException tooMuch) {
            // said below: the document was scanned before, so a part of it is larger than is read
        }
        throw NotJson.because(
                "The body cannot be translated for this model: a part of it is too large, or it has"
                        + " more than "
                        + MOST_TOKENS
                        + " names, values and brackets.");
    }

    /// @throws BrokenReply when it is no JSON object
    static ObjectNode reply(Bytes document) throws BrokenReply {
        try {
            if (JSON.readTree(document.array(), document.from(), document.length())
                    instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException noJson) {
            throw new BrokenReply("something that is not JSON");
        }
        throw new BrokenReply("something that is not a JSON object");
    }

    /// An object that is written in a text, as the arguments of a tool call are; null when it is not whole.
    static @Nullable ObjectNode inText(String text) {
        try {
            return text.isBlank()
                    ? object()
                    : JSON.readTree(text) instanceof ObjectNode object ? object : null;
        } catch (JacksonException notWhole) {
            return null;
        }
    }

    static Bytes print(JsonNode tree) {
        return Bytes.of(JSON.writeValueAsBytes(tree));
    }

    static String printed(JsonNode tree) {
        return JSON.writeValueAsString(tree);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// The field's text; empty when it is absent or no text.
    static String text(JsonNode object, String field) {
        var value = object.path(field);
        return value.isString() ? value.stringValue() : "";
    }

    static boolean isTrue(JsonNode object, String field) {
        var value = object.path(field);
        return value.isBoolean() && value.booleanValue();
    }
}
