package sluice.protocol.openai;

import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;

/// A whole reply, as far as the gateway must understand it.
///
/// @param body the reply as it came
/// @param usage the token counts, when the provider told them
/// @param isError true when the document has no choices, or says that the call failed, whatever its status was
public record ChatCompletion(Bytes body, @Nullable Usage usage, boolean isError) {
    private static final Governed FIELDS = Governed.of("usage", "error", "choices");

    public static ChatCompletion read(Bytes body) throws NotJson {
        var fields = Fields.scan(body, FIELDS, Limits.DEFAULT);
        var error = fields.find("error");
        return new ChatCompletion(
                body,
                UsageText.read(fields.find("usage")),
                (error != null && error.kind() != Kind.NULL) || !fields.has("choices"));
    }
}
