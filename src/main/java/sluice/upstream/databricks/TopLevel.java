package sluice.upstream.databricks;

import java.util.LinkedHashSet;
import java.util.Set;
import sluice.call.Bytes;
import sluice.json.NotJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// The names at the top level of a document that is known to be a JSON object.
final class TopLevel {
    /// Without its table of names, which a caller could fill and which searches long ones slowly.
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build();

    private TopLevel() {}

    static Set<String> names(Bytes document) throws NotJson {
        var names = new LinkedHashSet<String>();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), document.stream())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (JacksonException not) {
            throw NotJson.field("the body", "cannot be read");
        }
        return names;
    }
}
