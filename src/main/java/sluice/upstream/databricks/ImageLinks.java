package sluice.upstream.databricks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Pieces;
import sluice.json.Splice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where a request names images by their address, in the three dialects that can: {@code image_url} of chat, {@code
/// source} of Messages, {@code input_image} of Responses; in what a tool answered too.
final class ImageLinks {
    /// Names, values and brackets of what is read as a tree, which takes up to fifty times the memory of its text.
    static final int MOST_TOKENS = 1_000_000;

    static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(Limits.DEFAULT.maxBytes())
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();
    private static final MemberStart URL = new MemberStart("url", "\"http");
    private static final MemberStart IMAGE_URL = new MemberStart("image_url", "\"http");

    private final Fields fields;
    private final String top;
    private final JsonNode turns;
    private final List<Link> links = new ArrayList<>();

    /// @param place the field as the caller would look for it
    record Link(String place, String url, Consumer<Inlined> put) {}

    /// An image as it stands in a request.
    record Inlined(String mediaType, String base64) {
        String dataUri() {
            return "data:" + mediaType + ";base64," + base64;
        }
    }

    private ImageLinks(Fields fields, String top, JsonNode turns) {
        this.fields = fields;
        this.top = top;
        this.turns = turns;
    }

    /// Given a part of an array, a reader without a table of names reads on behind it, as far as the part stands from the
    /// array's beginning; given a stream it does not.
    static JsonNode tree(Bytes part) {
        return JSON.readTree(part.stream());
    }

    /// A search of the bytes only: false means that there is none.
    static boolean mayBeIn(Bytes body) {
        return URL.isIn(body) || IMAGE_URL.isIn(body);
    }

    /// @return null when the dialect knows no images, or the body has no such field
    static @Nullable ImageLinks read(Bytes body, Dialect dialect) throws NotJson {
        var top =
                switch (dialect) {
                    case CHAT, MESSAGES -> "messages";
                    case RESPONSES -> "input";
                    case COMPLETIONS, EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> null;
                };
        if (top == null) {
            return null;
        }
        var fields = Fields.scan(body, Governed.of(top), Limits.DEFAULT);
        var field = fields.find(top);
        if (field == null) {
            return null;
        }
        var value = field.value();
        try {
            var turns = tree(value);
            var links = new ImageLinks(fields, top, turns);
            links.find();
            return links;
        } catch (JacksonException not) {
            throw NotJson.field(
                    top,
                    "cannot be searched for images: a part of it is too large, or it has more than "
                            + MOST_TOKENS
                            + " names, values and brackets");
        }
    }

    List<Link> links() {
        return links;
    }

    /// The body with all images in place of their addresses.
    Pieces with(Map<String, Inlined> byUrl) {
        for (var link : links) {
            var image = byUrl.get(link.url());
            if (image != null) {
                link.put().accept(image);
            }
        }
        return Splice.of(fields).put(top, Bytes.of(JSON.writeValueAsBytes(turns))).pieces();
    }

    private void find() {
        for (int i = 0; i < turns.size(); i++) {
            var place = top + "[" + i + "]";
            parts(turns.path(i).path("content"), place + ".content");
            parts(turns.path(i).path("output"), place + ".output");
        }
    }

    private void parts(JsonNode parts, String place) {
        if (!parts.isArray()) {
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof ObjectNode part) {
                part(part, place + "[" + i + "]");
            }
        }
    }

    private void part(ObjectNode part, String place) {
        switch (part.path("type").asString("")) {
            case "image_url", "input_image" -> {
                if (part.path("image_url") instanceof ObjectNode inside) {
                    link(inside, "url", place + ".image_url.url");
                } else {
                    link(part, "image_url", place + ".image_url");
                }
            }
            case "image" -> {
                if (part.path("source") instanceof ObjectNode source
                        && source.path("type").asString("").equals("url")
                        && isRemote(source.path("url"))) {
                    links.add(
                            new Link(
                                    place + ".source.url",
                                    source.path("url").stringValue(),
                                    image -> {
                                        source.remove("url");
                                        source.put("type", "base64")
                                                .put("media_type", image.mediaType())
                                                .put("data", image.base64());
                                    }));
                }
            }
            case "tool_result" -> parts(part.path("content"), place + ".content");
            default -> {}
        }
    }

    private void link(ObjectNode holder, String name, String place) {
        var url = holder.path(name);
        if (isRemote(url)) {
            links.add(
                    new Link(place, url.stringValue(), image -> holder.put(name, image.dataUri())));
        }
    }

    private static boolean isRemote(JsonNode url) {
        return url.isString()
                && url.stringValue()
                        .substring(0, Math.min(4, url.stringValue().length()))
                        .toLowerCase(Locale.ROOT)
                        .equals("http");
    }
}
