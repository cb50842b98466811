package sluice.upstream.databricks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dialect;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Splice;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Puts the turns of a conversation in the form that a hosted model's endpoint takes, where the dialect allows others
/// that mean the same (facts/databricks.md sections 3.1 and 3.2, facts/llm-protocols.md section 14): one system message,
/// and that first; no role {@code developer}; no text that is empty; marks of the cache on blocks; ids of at most 64
/// characters. Whatever is in form already stays as it was written.
final class Turns {
    private static final int LONGEST_ID = 64;
    private static final String SYSTEM = "system";
    private static final String MARK = "cache_control";

    /// What may be out of form stands in the body so; most bodies are not read at all.
    private static final Mention SYSTEMS = Mention.of(SYSTEM);

    private static final Mention OTHERS = Mention.of("developer", "", " ", "\\n");
    private static final Mention MARKS = Mention.of(MARK);
    private static final Mention IDS = Mention.of("id");

    private final Bytes body;
    private final String top;
    private final boolean marks;
    private boolean changed;

    private Turns(Bytes body, String top, boolean marks) {
        this.body = body;
        this.top = top;
        this.marks = marks;
    }

    /// A search of the bytes only.
    ///
    /// @param models the names of the model that is asked
    /// @return null where all is in form
    static @Nullable Turns outOfForm(
            Bytes body, Dialect dialect, Surface surface, List<String> models) {
        boolean hosted =
                surface == Surface.GATEWAY
                        || models.stream()
                                .anyMatch(name ->
                                        name.startsWith("databricks-")
                                                || name.startsWith("system.ai."));
        if (!hosted) {
            return null;
        }
        boolean marks = ModelFamily.of(models) == ModelFamily.CLAUDE;
        return switch (dialect) {
            case CHAT ->
                    OTHERS.isIn(body) || SYSTEMS.isTwiceIn(body) || (marks && MARKS.isIn(body))
                            ? new Turns(body, "messages", marks)
                            : null;
            case RESPONSES ->
                    surface == Surface.SERVING && IDS.isIn(body)
                            ? new Turns(body, "input", marks)
                            : null;
            case MESSAGES, COMPLETIONS, EMBEDDINGS, COUNT_TOKENS, INVOCATIONS -> null;
        };
    }

    /// The body with its turns in form.
    ///
    /// @return null where they are so already
    @Nullable Bytes inForm() throws NotJson {
        var fields = Fields.scan(body, Governed.of(top), Limits.DEFAULT);
        var field = fields.find(top);
        if (field == null) {
            return null;
        }
        var value = field.value();
        try {
            var turns = ImageLinks.tree(value);
            if (!(turns instanceof ArrayNode all)) {
                return null;
            }
            var formed = top.equals("input") ? items(all) : messages(all);
            return changed
                    ? Splice.of(fields)
                            .put(top, Bytes.of(ImageLinks.JSON.writeValueAsBytes(formed)))
                            .pieces()
                            .joined()
                    : null;
        } catch (JacksonException not) {
            throw NotJson.field(top, "cannot be read");
        }
    }

    /// Model serving gives longer ids than it takes.
    private ArrayNode items(ArrayNode items) {
        for (var item : items) {
            var id = item.path("id");
            if (item instanceof ObjectNode object
                    && id.isString()
                    && id.stringValue().length() > LONGEST_ID) {
                object.put("id", id.stringValue().substring(0, LONGEST_ID));
                changed = true;
            }
        }
        return items;
    }

    private ArrayNode messages(ArrayNode given) {
        var systems = JsonNodeFactory.instance.arrayNode();
        var others = JsonNodeFactory.instance.arrayNode();
        for (var turn : given) {
            if (!(turn instanceof ObjectNode message)) {
                others.add(turn);
                continue;
            }
            withoutEmptyText(message);
            if (marks) {
                markInside(message);
            }
            var role = message.path("role").asString("");
            if (role.equals(SYSTEM) || role.equals("developer")) {
                changed |= !systems.isEmpty() || !others.isEmpty() || !role.equals(SYSTEM);
                systems.add(message.put("role", SYSTEM));
            } else {
                others.add(message);
            }
        }
        if (!changed || systems.isEmpty()) {
            return given;
        }
        var all = JsonNodeFactory.instance.arrayNode();
        all.add(systems.size() == 1 ? systems.get(0) : together(systems));
        return all.addAll(others);
    }

    /// Texts alone stay a text, which every model takes; blocks stay blocks, for the marks that they may carry.
    private static ObjectNode together(ArrayNode systems) {
        var whole = JsonNodeFactory.instance.objectNode().put("role", SYSTEM);
        boolean texts = systems.valueStream().allMatch(one -> one.path("content").isString());
        if (texts) {
            var text =
                    String.join(
                            "\n\n",
                            systems.valueStream()
                                    .map(one -> one.path("content").stringValue())
                                    .filter(one -> !one.isBlank())
                                    .toList());
            return whole.put("content", text);
        }
        var blocks = whole.putArray("content");
        for (var one : systems) {
            blocks.addAll(blocks(one.path("content")));
        }
        return whole;
    }

    private static ArrayNode blocks(JsonNode content) {
        if (content instanceof ArrayNode blocks) {
            return blocks;
        }
        var blocks = JsonNodeFactory.instance.arrayNode();
        if (content.isString() && !content.stringValue().isBlank()) {
            blocks.addObject().put("type", "text").set("text", content);
        }
        return blocks;
    }

    /// A message that says nothing at all is left to be refused; one that calls tools need not say anything.
    private void withoutEmptyText(ObjectNode message) {
        var content = message.path("content");
        boolean calls = !message.path("tool_calls").isEmpty();
        if (calls && content.isString() && content.stringValue().isBlank()) {
            message.putNull("content");
            changed = true;
        }
        if (!(content instanceof ArrayNode blocks)) {
            return;
        }
        var saying = JsonNodeFactory.instance.arrayNode();
        for (var block : blocks) {
            if (!isEmptyText(block)) {
                saying.add(block);
            }
        }
        if (saying.size() == blocks.size() && !(calls && blocks.isEmpty())) {
            return;
        }
        if (!saying.isEmpty()) {
            message.set("content", saying);
            changed = true;
        } else if (calls) {
            message.putNull("content");
            changed = true;
        }
    }

    private static boolean isEmptyText(JsonNode block) {
        return block.path("type").asString("").equals("text")
                && block.path("text").isString()
                && block.path("text").stringValue().isBlank();
    }

    private void markInside(ObjectNode message) {
        var mark = message.path(MARK);
        var blocks = blocks(message.path("content"));
        if (mark.isObject()
                && !blocks.isEmpty()
                && blocks.get(blocks.size() - 1) instanceof ObjectNode last) {
            last.set(MARK, mark);
            message.remove(MARK);
            message.set("content", blocks);
            changed = true;
        }
    }
}
