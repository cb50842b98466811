package sluice.meter;

import java.io.ByteArrayInputStream;
import sluice.call.Bytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// How many tokens a request may be, before anybody counted. Meant to be too many rather than too few: money is held by
/// it.
public final class Estimate {
    /// English has four bytes a token (facts/databricks.md section 3.6), code and other scripts have fewer.
    private static final int BYTES_PER_TOKEN = 3;

    /// A picture costs what it shows and not what its encoding weighs; this is a large one.
    private static final int TOKENS_PER_PICTURE = 3_200;

    /// A smaller body is not worth reading for pictures.
    private static final int SMALL_BODY = 16 * 1024;

    private static final int SHORTEST_PICTURE = 4 * 1024;

    /// Without its table of names, which a caller could fill and which searches long ones slowly.
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build();

    private Estimate() {}

    /// @param body a request that is known to be JSON
    public static long ofInput(Bytes body) {
        if (body.length() <= SMALL_BODY) {
            return tokens(body.length());
        }
        long pictures = 0;
        long pictureBytes = 0;
        var bytes = new ByteArrayInputStream(body.array(), body.from(), body.length());
        try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && isPicture(parser)) {
                    pictures++;
                    pictureBytes += parser.getStringLength();
                }
            }
        } catch (JacksonException alreadyRead) {
            return tokens(
                    body.length()); // the scan let it through, so this is a limit of the reader
        }
        return tokens(body.length() - pictureBytes) + pictures * TOKENS_PER_PICTURE;
    }

    /// As if none of it were pictures.
    public static long ofBytes(long bytes) {
        return tokens(bytes);
    }

    private static boolean isPicture(JsonParser parser) {
        if (parser.getStringLength() < SHORTEST_PICTURE) {
            return false;
        }
        return switch (String.valueOf(parser.currentName())) {
            case "data", "b64_json" -> true;
            case "url", "image_url", "file_data" -> parser.getString().startsWith("data:");
            default -> false;
        };
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
