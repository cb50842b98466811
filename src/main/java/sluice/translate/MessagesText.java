package sluice.translate;

import java.util.List;
import sluice.call.Bytes;
import sluice.json.JsonText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an answer in Messages, as events or whole (facts/llm-protocols.md section 4).
final class MessagesText implements Blocks {
    private static final Bytes START = Sse.head("content_block_start");
    private static final Bytes DELTA = Sse.head("content_block_delta");
    private static final Bytes STOP = Sse.head("content_block_stop");
    private static final Bytes END = Bytes.utf8("\n\n");
    private static final Bytes MESSAGE_STOP =
            Bytes.utf8("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

    private final String modelAsSent;
    private final String madeId;

    private List<Bytes> out = List.of();
    private int index;
    private int tools;

    /// @param madeId unique, letters and digits; names what the target left nameless
    MessagesText(String modelAsSent, String madeId) {
        this.modelAsSent = modelAsSent;
        this.madeId = madeId;
    }

    /// What is written from now on is added here.
    MessagesText into(List<Bytes> list) {
        out = list;
        return this;
    }

    /// What was counted is known at the end only, and told there.
    @Override
    public void begins(String id, String model) {
        var event = Tree.object().put("type", "message_start");
        var message = event.putObject("message");
        head(message, id, model);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", UsageTree.toMessages(null));
        out.add(Sse.head("message_start"));
        out.add(Tree.print(event));
        out.add(END);
    }

    @Override
    public void textBegins() {
        start(block("text").field("text", ""));
    }

    @Override
    public void text(String piece) {
        delta(part("text_delta").field("text", piece));
    }

    @Override
    public void citation(JsonNode citation) {
        delta(part("citations_delta").field("citation", Tree.print(citation)));
    }

    @Override
    public void thinkingBegins() {
        start(block("thinking").field("thinking", "").field("signature", ""));
    }

    @Override
    public void thinking(String piece) {
        delta(part("thinking_delta").field("thinking", piece));
    }

    @Override
    public void signature(String signature) {
        delta(part("signature_delta").field("signature", signature));
    }

    @Override
    public void toolBegins(String id, String name) {
        start(block("tool_use").field("id", toolId(id)).field("name", name).object("input").end());
    }

    @Override
    public void arguments(String piece) {
        delta(part("input_json_delta").field("partial_json", piece));
    }

    @Override
    public void ends() {
        out.add(STOP);
        out.add(
                new JsonText()
                        .object()
                        .field("type", "content_block_stop")
                        .field("index", index++)
                        .end()
                        .toBytes());
        out.add(END);
    }

    @Override
    public void redactedThinking(String data) {
        start(block("redacted_thinking").field("data", data));
        ends();
    }

    void end(Ending ending) {
        var event = Tree.object().put("type", "message_delta");
        event.putObject("delta")
                .put("stop_reason", ending.stop().inMessages)
                .putNull("stop_sequence");
        event.set("usage", UsageTree.toMessages(ending.usage()));
        out.add(Sse.head("message_delta"));
        out.add(Tree.print(event));
        out.add(END);
        out.add(MESSAGE_STOP);
    }

    /// The whole answer as one document.
    Bytes whole(WholeAnswer answer, Ending ending) {
        var message = Tree.object();
        head(message, answer.id(), answer.model());
        var content = message.putArray("content");
        for (var block : answer.blocks()) {
            content.add(
                    switch (block) {
                        case WholeAnswer.Text(var text, _) ->
                                typed("text").put("text", text.toString());
                        case WholeAnswer.Thinking(var thinking, var signature) ->
                                typed("thinking")
                                        .put("thinking", thinking.toString())
                                        .put("signature", signature);
                        case WholeAnswer.Redacted(var data) ->
                                typed("redacted_thinking").put("data", data);
                        case WholeAnswer.Tool(var id, var name, var arguments) ->
                                typed("tool_use")
                                        .put("id", toolId(id))
                                        .put("name", name)
                                        .set("input", input(arguments.toString()));
                    });
        }
        message.put("stop_reason", ending.stop().inMessages).putNull("stop_sequence");
        message.set("usage", UsageTree.toMessages(ending.usage()));
        return Tree.print(message);
    }

    private void head(ObjectNode message, String id, String model) {
        message.put("id", id.startsWith("msg_") ? id : "msg_" + (id.isEmpty() ? madeId : id));
        message.put("type", "message").put("role", "assistant");
        message.put("model", model.isEmpty() ? modelAsSent : model);
    }

    private String toolId(String given) {
        int number = tools++;
        return given.isEmpty() ? "toolu_" + madeId + "_" + number : ToolIds.legal(given);
    }

    private JsonText block(String type) {
        return new JsonText()
                .object()
                .field("type", "content_block_start")
                .field("index", index)
                .object("content_block")
                .field("type", type);
    }

    private JsonText part(String type) {
        return new JsonText()
                .object()
                .field("type", "content_block_delta")
                .field("index", index)
                .object("delta")
                .field("type", type);
    }

    private void start(JsonText block) {
        out.add(START);
        out.add(block.end().end().toBytes());
        out.add(END);
    }

    private void delta(JsonText part) {
        out.add(DELTA);
        out.add(part.end().end().toBytes());
        out.add(END);
    }

    /// Arguments as an object. What is not whole is kept as a text, so that nobody takes it for whole.
    static ObjectNode input(String arguments) {
        var object = Tree.inText(arguments);
        return object == null ? Tree.object().put("arguments", arguments) : object;
    }

    private static ObjectNode typed(String type) {
        return Tree.object().put("type", type);
    }
}
