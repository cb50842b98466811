package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.JsonText;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.json.Splice;

/// A chat completion that a caller asks for: a view of the body, which itself stays as it came.
///
/// @param model the name as asked, not empty
/// @param stream whether the reply is to come as events
/// @param includesUsage whether the caller asked for the extra usage chunk of a stream
public record ChatRequest(Fields fields, String model, boolean stream, boolean includesUsage) {
    private static final Governed FIELDS =
            Governed.of("model", "messages", "stream", "stream_options").refusingOtherCase();
    private static final Governed OPTIONS = Governed.of("include_usage");
    private static final Bytes WITH_USAGE = Bytes.utf8("{\"include_usage\":true}");

    /// A name longer than this is no model's name.
    private static final int MAX_MODEL_LENGTH = 512;

    /// @param body the whole request body
    /// @throws NotJson when the body is no JSON object, gives a governed field twice, lacks {@code model} or
    ///     {@code messages}, or gives one of ours in the wrong type; worded for the caller
    public static ChatRequest read(Bytes body, Limits limits) throws NotJson {
        var fields = Fields.scan(body, FIELDS, limits);
        var model = fields.find("model");
        if (model == null) {
            throw NotJson.field("model", "is missing; name one of GET /v1/models");
        }
        var name = model.string();
        if (name.isEmpty() || name.length() > MAX_MODEL_LENGTH) {
            throw NotJson.field(
                    "model",
                    "must have 1 to " + MAX_MODEL_LENGTH + " characters, got " + name.length());
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw NotJson.field("model", "must not hold control characters");
        }
        var messages = fields.find("messages");
        if (messages == null || messages.kind() != Kind.ARRAY) {
            throw NotJson.field("messages", "is missing or not an array");
        }
        return new ChatRequest(
                fields, name, isTrue(fields.find("stream")), asksForUsage(fields, limits));
    }

    /// The body for a target that knows the model as {@code targetModel}: the original bytes, with the model replaced.
    ///
    /// @param withUsage also asks the target for the usage chunk of a stream
    public Pieces forTarget(String targetModel, boolean withUsage) {
        var splice = Splice.of(fields);
        if (!targetModel.equals(model)) {
            splice.put("model", targetModel);
        }
        if (withUsage && stream && !includesUsage) {
            splice.put("stream_options", usageOptions());
        }
        return splice.pieces();
    }

    /// The caller's other stream options survive.
    private Bytes usageOptions() {
        var options = fields.find("stream_options");
        if (options == null || options.kind() != Kind.OBJECT) {
            return WITH_USAGE;
        }
        try {
            var inside = options.object(OPTIONS, Limits.DEFAULT);
            return Splice.of(inside).put("include_usage", true).pieces().joined();
        } catch (NotJson alreadyRead) {
            throw new IllegalStateException("the options were read before", alreadyRead);
        }
    }

    private static boolean asksForUsage(Fields fields, Limits limits) throws NotJson {
        var options = fields.find("stream_options");
        if (options == null || options.kind() == Kind.NULL) {
            return false;
        }
        return isTrue(options.object(OPTIONS, limits).find("include_usage"));
    }

    private static boolean isTrue(@Nullable Field field) throws NotJson {
        return field != null && field.kind() != Kind.NULL && field.asBoolean();
    }

    /// The size only: the rest is a prompt.
    @Override
    public String toString() {
        return "ChatRequest[" + JsonText.quoted(model).utf8() + ", stream=" + stream + "]";
    }
}
