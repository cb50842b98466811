package sluice.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.json.JsonText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer in Chat, as chunks (facts/llm-protocols.md section 3). The extensions {@code reasoning_content},
/// {@code thinking_blocks} and {@code annotations} carry what the dialect has no words for.
final class ChatText implements Blocks {
    private static final Bytes DATA = Bytes.utf8("data: ");
    private static final Bytes END = Bytes.utf8("\n\n");
    private static final Bytes DONE = Bytes.utf8("data: [DONE]\n\n");
    private static final Bytes NULL = Bytes.utf8("null");
    private static final Bytes NOTHING = Bytes.utf8("{}");

    private final long created;
    private final String modelAsSent;
    private final String madeId;
    private final boolean usageAsked;

    private List<Bytes> out = List.of();
    private String id = "";
    private String model = "";
    private int tools = -1;

    /// Characters told as text, and where the open block of text began.
    private int length;

    private int blockBegan;
    private boolean inThinking;
    private final StringBuilder thinking = new StringBuilder();
    private String signature = "";

    /// @param created seconds since 1970
    /// @param madeId the answer's id when the target gives none
    ChatText(long created, String modelAsSent, String madeId, boolean usageAsked) {
        this.created = created;
        this.modelAsSent = modelAsSent;
        this.madeId = madeId;
        this.usageAsked = usageAsked;
    }

    /// What is written from now on is added here.
    ChatText into(List<Bytes> list) {
        out = list;
        return this;
    }

    @Override
    public void begins(String givenId, String givenModel) {
        id = givenId.isEmpty() ? madeId : givenId;
        model = givenModel.isEmpty() ? modelAsSent : givenModel;
        write(delta().field("role", "assistant").field("content", ""));
    }

    @Override
    public void textBegins() {
        blockBegan = length;
    }

    @Override
    public void text(String piece) {
        length += piece.length();
        write(delta().field("content", piece));
    }

    @Override
    public void citation(JsonNode citation) {
        var annotation = annotation(citation, blockBegan, length);
        if (annotation != null) {
            write(delta().field("annotations", Tree.print(Tree.array().add(annotation))));
        } else {
            var extra = Tree.object();
            extra.putArray("citations").add(citation);
            write(delta().field("provider_specific_fields", Tree.print(extra)));
        }
    }

    @Override
    public void thinkingBegins() {
        inThinking = true;
    }

    @Override
    public void thinking(String piece) {
        thinking.append(piece);
        write(delta().field("reasoning_content", piece));
    }

    @Override
    public void signature(String given) {
        signature = given;
    }

    @Override
    public void toolBegins(String givenId, String name) {
        tools++;
        write(
                delta().array("tool_calls")
                        .object()
                        .field("index", tools)
                        .field("id", givenId.isEmpty() ? "call_" + madeId + "_" + tools : givenId)
                        .field("type", "function")
                        .object("function")
                        .field("name", name)
                        .field("arguments", "")
                        .end()
                        .end()
                        .end());
    }

    @Override
    public void arguments(String piece) {
        write(
                delta().array("tool_calls")
                        .object()
                        .field("index", tools)
                        .object("function")
                        .field("arguments", piece)
                        .end()
                        .end()
                        .end());
    }

    /// Signed thinking is told once more, whole, because only whole it can be sent back.
    @Override
    public void ends() {
        if (inThinking && !signature.isEmpty()) {
            write(
                    delta().field(
                                    "thinking_blocks",
                                    Tree.print(
                                            Tree.array()
                                                    .add(signed(thinking.toString(), signature)))));
        }
        inThinking = false;
        thinking.setLength(0);
        signature = "";
    }

    @Override
    public void redactedThinking(String data) {
        write(delta().field("thinking_blocks", Tree.print(Tree.array().add(redacted(data)))));
    }

    /// The finish, the usage if asked for and told, and the terminator.
    void end(Ending ending) {
        if (!ending.explanation().isEmpty()) {
            write(delta().field("refusal", ending.explanation()));
        }
        send(
                chunk().array("choices")
                        .object()
                        .field("index", 0)
                        .field("delta", NOTHING)
                        .field("finish_reason", ending.stop().inChat)
                        .end()
                        .end());
        var usage = ending.usage();
        if (usageAsked && usage != null) {
            out.add(DATA);
            out.add(
                    chunk().array("choices")
                            .end()
                            .field("usage", Tree.print(UsageTree.toChat(usage)))
                            .end()
                            .toBytes());
            out.add(END);
        }
        out.add(DONE);
    }

    /// The whole answer as one document.
    Bytes whole(WholeAnswer answer, Ending ending) {
        var reply = Tree.object();
        reply.put("id", answer.id().isEmpty() ? madeId : answer.id());
        reply.put("object", "chat.completion").put("created", created);
        reply.put("model", answer.model().isEmpty() ? modelAsSent : answer.model());
        var choice = reply.putArray("choices").addObject().put("index", 0);
        message(choice.putObject("message").put("role", "assistant"), answer.blocks(), ending);
        choice.put("finish_reason", ending.stop().inChat).putNull("logprobs");
        var usage = ending.usage();
        if (usage != null) {
            reply.set("usage", UsageTree.toChat(usage));
        }
        return Tree.print(reply);
    }

    private void message(ObjectNode message, List<WholeAnswer.Block> blocks, Ending ending) {
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var thoughts = Tree.array();
        var calls = Tree.array();
        var annotations = Tree.array();
        var citations = Tree.array();
        for (var block : blocks) {
            switch (block) {
                case WholeAnswer.Text(var said, var sources) -> {
                    int began = text.length();
                    text.append(said);
                    cite(sources, began, text.length(), annotations, citations);
                }
                case WholeAnswer.Thinking(var thought, var signed) -> {
                    reasoning.append(thought);
                    if (!signed.isEmpty()) {
                        thoughts.add(signed(thought.toString(), signed));
                    }
                }
                case WholeAnswer.Redacted(var data) -> thoughts.add(redacted(data));
                case WholeAnswer.Tool tool -> calls.add(call(tool, calls.size()));
            }
        }
        message.put("content", text.isEmpty() && !calls.isEmpty() ? null : text.toString());
        var explanation = ending.explanation();
        message.put("refusal", explanation.isEmpty() ? null : explanation);
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        setIfAny(message, "thinking_blocks", thoughts);
        setIfAny(message, "annotations", annotations);
        if (!citations.isEmpty()) {
            message.putObject("provider_specific_fields").set("citations", citations);
        }
        setIfAny(message, "tool_calls", calls);
    }

    private ObjectNode call(WholeAnswer.Tool tool, int index) {
        var call = Tree.object();
        call.put("id", tool.id().isEmpty() ? "call_" + madeId + "_" + index : tool.id());
        call.put("type", "function");
        call.putObject("function")
                .put("name", tool.name())
                .put("arguments", tool.arguments().toString());
        return call;
    }

    private JsonText chunk() {
        return new JsonText()
                .object()
                .field("id", id)
                .field("object", "chat.completion.chunk")
                .field("created", created)
                .field("model", model);
    }

    private JsonText delta() {
        return chunk().array("choices").object().field("index", 0).object("delta");
    }

    /// @param delta with its delta still open
    private void write(JsonText delta) {
        send(delta.end().field("finish_reason", NULL).end().end());
    }

    /// @param chunk with only itself still open
    private void send(JsonText chunk) {
        if (usageAsked) {
            chunk.field("usage", NULL);
        }
        out.add(DATA);
        out.add(chunk.end().toBytes());
        out.add(END);
    }

    private static void cite(
            List<JsonNode> sources, int began, int ended, ArrayNode annotations, ArrayNode others) {
        for (var source : sources) {
            var annotation = annotation(source, began, ended);
            if (annotation == null) {
                others.add(source);
            } else {
                annotations.add(annotation);
            }
        }
    }

    /// @return null for a source that is not on the web
    private static @Nullable ObjectNode annotation(JsonNode citation, int began, int ended) {
        var url = Tree.text(citation, "url");
        if (url.isEmpty()) {
            return null;
        }
        var annotation = Tree.object().put("type", "url_citation");
        annotation
                .putObject("url_citation")
                .put("url", url)
                .put("title", Tree.text(citation, "title"))
                .put("start_index", began)
                .put("end_index", ended);
        return annotation;
    }

    private static ObjectNode signed(String thinking, String signature) {
        return Tree.object()
                .put("type", "thinking")
                .put("thinking", thinking)
                .put("signature", signature);
    }

    private static ObjectNode redacted(String data) {
        return Tree.object().put("type", "redacted_thinking").put("data", data);
    }

    private static void setIfAny(ObjectNode object, String field, ArrayNode values) {
        if (!values.isEmpty()) {
            object.set(field, values);
        }
    }
}
