package sluice.upstream.databricks;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Splice;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Brings a workspace's chat replies into the shape that clients of the format read (facts/databricks.md sections 3.2
/// and 3.3, facts/llm-protocols.md section 14): content that comes as a list of text and reasoning becomes a string,
/// {@code reasoning_content}, and {@code thinking_blocks} where there are signatures; and a tool call's first fragment
/// {@code "{}"} goes when real ones follow it.
///
/// A reply with nothing to fold is not read at all but for a search of its bytes. One instance per stream, because the
/// fragments of a tool call come one by one.
public final class ContentLists {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();
    private static final Governed CHOICES = Governed.of("choices");
    private static final MemberStart LIST = new MemberStart("content", "[");

    /// Every fragment counts: in the middle of arguments {@code "{}"} is one.
    private static final MemberStart ARGUMENTS = new MemberStart("arguments", "\"");

    /// A stream with more tool calls at once than this is no longer looked after.
    private static final int MAX_PENDING = 256;

    /// The tool calls of which only {@code "{}"} has come, by choice and index.
    private final Map<Call, Boolean> pending = new LinkedHashMap<>();

    /// The tool calls that have begun, so that a later {@code "{}"} counts as it stands.
    private final Map<Call, Boolean> begun = new HashMap<>();

    private record Call(long choice, long index) {}

    /// Whether there may be something to fold in a whole reply: a search of its bytes.
    static boolean mayBeIn(Bytes reply) {
        return LIST.isIn(reply);
    }

    /// A whole reply.
    ///
    /// @return the reply as clients read it, or null when it is that already
    /// @throws NotJson when it is no JSON object
    public static @Nullable Bytes whole(Bytes reply) throws NotJson {
        if (!mayBeIn(reply)) {
            return null;
        }
        var fields = Fields.scan(reply, CHOICES, Limits.DEFAULT);
        var choices = choices(fields);
        boolean folded = false;
        for (var choice : choices) {
            folded |= choice.path("message") instanceof ObjectNode message && fold(message, false);
        }
        return folded ? with(fields, choices) : null;
    }

    /// Whether a chunk of a stream must be read: a search of its bytes.
    boolean concerns(Bytes chunk) {
        return LIST.isIn(chunk) || !pending.isEmpty() || ARGUMENTS.isIn(chunk);
    }

    /// One chunk of a stream, in order.
    ///
    /// @return the chunk as clients read it, or null when it is that already
    /// @throws NotJson when it is no JSON object
    public @Nullable Bytes chunk(Bytes chunk) throws NotJson {
        boolean lists = LIST.isIn(chunk);
        boolean arguments = !pending.isEmpty() || ARGUMENTS.isIn(chunk);
        if (!lists && !arguments) {
            return null;
        }
        var fields = Fields.scan(chunk, CHOICES, Limits.DEFAULT);
        var choices = choices(fields);
        boolean changed = false;
        for (var choice : choices) {
            if (choice.path("delta") instanceof ObjectNode delta) {
                changed |= lists && fold(delta, true);
                changed |= arguments && holdBack(choice, delta);
            }
            changed |= giveBack(choice);
        }
        return changed ? with(fields, choices) : null;
    }

    // ---- lists ----

    /// A list that holds something else than text and reasoning stays: nothing of a reply may be lost.
    private static boolean fold(ObjectNode message, boolean delta) {
        if (!(message.path("content") instanceof ArrayNode items)) {
            return false;
        }
        var folded = new Folded();
        for (var item : items) {
            if (!folded.take(item)) {
                return false;
            }
        }
        folded.into(message, delta);
        return true;
    }

    private static final class Folded {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final ArrayNode thinking = JSON.createArrayNode();
        private final ArrayNode citations = JSON.createArrayNode();
        private boolean hasText;

        boolean take(JsonNode item) {
            return switch (item.path("type").asString("")) {
                case "text" -> {
                    hasText = true;
                    text.append(item.path("text").asString(""));
                    if (item.path("citations") instanceof ArrayNode cited) {
                        citations.addAll(cited);
                    }
                    yield true;
                }
                case "reasoning" -> {
                    reasoning(item.path("summary"));
                    yield true;
                }
                default -> item.isNull();
            };
        }

        private void reasoning(JsonNode summary) {
            if (summary.isString()) {
                reasoning.append(summary.stringValue());
            }
            if (summary instanceof ObjectNode) {
                part(summary);
            }
            if (summary instanceof ArrayNode) {
                summary.forEach(this::part);
            }
        }

        private void part(JsonNode part) {
            var words = part.path("text").asString("");
            reasoning.append(words);
            var signature = part.path("signature").asString("");
            if (!signature.isEmpty()) {
                thinking.addObject()
                        .put("type", "thinking")
                        .put("thinking", words)
                        .put("signature", signature);
            }
            var data = part.path("data").asString("");
            if (part.path("type").asString("").equals("summary_encrypted_text")
                    && !data.isEmpty()) {
                thinking.addObject().put("type", "redacted_thinking").put("data", data);
            }
        }

        /// A delta without text has no content; a whole message without any has none to show.
        void into(ObjectNode message, boolean delta) {
            if (hasText) {
                message.put("content", text.toString());
            } else if (delta) {
                message.remove("content");
            } else {
                message.putNull("content");
            }
            if (!reasoning.isEmpty()) {
                message.put("reasoning_content", reasoning.toString());
            }
            if (!thinking.isEmpty()) {
                message.set("thinking_blocks", thinking);
            }
            if (!citations.isEmpty()) {
                message.set("citations", citations);
            }
        }
    }

    // ---- fragments of arguments ----

    /// A first fragment {@code "{}"} is held back until it is known whether anything follows.
    private boolean holdBack(JsonNode choice, ObjectNode delta) {
        boolean changed = false;
        for (var call : delta.path("tool_calls")) {
            if (!(call.path("function") instanceof ObjectNode function)) {
                continue;
            }
            var fragment = function.path("arguments").asString("");
            var which = new Call(choice.path("index").asLong(0), call.path("index").asLong(0));
            if (fragment.isEmpty()) {
                continue;
            }
            boolean first = begun.size() < MAX_PENDING && begun.putIfAbsent(which, true) == null;
            if (first && fragment.equals("{}")) {
                pending.put(which, true);
                function.put("arguments", "");
                changed = true;
            } else {
                pending.remove(which);
            }
        }
        return changed;
    }

    /// A choice that ends has no further fragments: what is held back was all there is, and is given now.
    private boolean giveBack(JsonNode choice) {
        if (pending.isEmpty()
                || !choice.path("finish_reason").isString()
                || !(choice instanceof ObjectNode ended)) {
            return false;
        }
        long number = choice.path("index").asLong(0);
        boolean changed = false;
        for (var which : pending.keySet().toArray(Call[]::new)) {
            if (which.choice() == number) {
                pending.remove(which);
                var delta =
                        ended.path("delta") instanceof ObjectNode there
                                ? there
                                : ended.putObject("delta");
                var calls =
                        delta.path("tool_calls") instanceof ArrayNode there
                                ? there
                                : delta.putArray("tool_calls");
                arguments(calls, which.index()).put("arguments", "{}");
                changed = true;
            }
        }
        return changed;
    }

    /// The function of the call in these, which is added when it is not there.
    private static ObjectNode arguments(ArrayNode calls, long index) {
        for (var call : calls) {
            if (call.path("index").asLong(0) == index
                    && call.path("function") instanceof ObjectNode function) {
                return function;
            }
        }
        return calls.addObject().put("index", index).putObject("function");
    }

    // ---- the document around ----

    private static ArrayNode choices(Fields fields) throws NotJson {
        var field = fields.find("choices");
        if (field == null) {
            return JSON.createArrayNode();
        }
        var value = field.value();
        try {
            return JSON.readTree(value.array(), value.from(), value.length())
                            instanceof ArrayNode choices
                    ? choices
                    : JSON.createArrayNode();
        } catch (JacksonException not) {
            throw NotJson.field("choices", "cannot be read");
        }
    }

    private static Bytes with(Fields fields, ArrayNode choices) {
        return Splice.of(fields)
                .put("choices", Bytes.of(JSON.writeValueAsBytes(choices)))
                .pieces()
                .joined();
    }
}
