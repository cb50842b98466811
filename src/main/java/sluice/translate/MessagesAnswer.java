package sluice.translate;

import java.util.Map;
import sluice.call.Bytes;
import sluice.protocol.sse.SseEvent;
import sluice.translate.Blocks.Ending;
import sluice.translate.Blocks.Stop;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a Messages target answers into {@link Blocks}, and holds a stream to its grammar (facts/llm-protocols.md
/// section 4). Blocks that only their maker understands, such as its own tools' calls, are passed over.
final class MessagesAnswer implements Answer {
    private enum Open {
        NOTHING,
        TEXT,
        THINKING,
        TOOL,
        STRUCTURED,
        PASSED_OVER
    }

    private final Blocks told;
    private final String structured;

    private Open open = Open.NOTHING;
    private long index = -1;

    /// What the start of a tool's block says of its input: the input when no piece of it follows.
    private String input = "";

    private boolean begun;
    private boolean stopped;
    private boolean called;
    private String reason = "";
    private String explanation = "";

    /// Counts are cumulative and overwrite, each for itself.
    private final ObjectNode usage = Tree.object();

    /// @param structured the name of a tool whose call is the answer's text, empty when there is none
    MessagesAnswer(Blocks told, String structured) {
        this.told = told;
        this.structured = structured;
    }

    @Override
    public Ending whole(Bytes reply) throws BrokenReply {
        var message = Tree.reply(reply);
        if (Tree.text(message, "type").equals("error") || message.path("error").isObject()) {
            throw new BrokenReply("an error in the place of its answer");
        }
        if (!message.path("content").isArray()) {
            throw new BrokenReply("a message without content");
        }
        begin(message);
        for (var block : message.path("content")) {
            start(block);
            if (open == Open.TEXT) {
                block.path("citations").forEach(told::citation);
            }
            close();
        }
        learnEnd(message);
        stopped = true;
        return end();
    }

    @Override
    public void event(SseEvent event) throws BrokenReply {
        if (event.data().isEmpty()) {
            return;
        }
        var data = Tree.reply(event.data());
        var given = Tree.text(data, "type");
        var type = given.isEmpty() ? event.name() : given;
        if (type.equals("ping")) {
            return;
        }
        if (type.equals("error") || data.path("error").isObject()) {
            throw new BrokenReply("an error in the place of its answer");
        }
        if (begun == type.equals("message_start")) {
            throw new BrokenReply(
                    begun ? "two beginnings of one message" : "a stream without a beginning");
        }
        if (stopped) {
            throw new BrokenReply("more of its answer after the end of it");
        }
        switch (type) {
            case "message_start" -> begin(data.path("message"));
            case "content_block_start" -> {
                long next = UsageTree.count(data, "index");
                if (next <= index) {
                    throw new BrokenReply("a content block that begins twice");
                }
                close();
                index = next;
                start(data.path("content_block"));
            }
            case "content_block_delta" -> {
                expectOpen(data);
                delta(data.path("delta"));
            }
            case "content_block_stop" -> {
                expectOpen(data);
                close();
            }
            case "message_delta" -> {
                learnEnd(data.path("delta"));
                learnUsage(data.path("usage"));
            }
            case "message_stop" -> {
                stopped = true;
                close();
            }
            default -> {
                // A kind that came later than this was written: clients ignore it too.
            }
        }
    }

    @Override
    public boolean isDone() {
        return stopped;
    }

    /// @throws BrokenReply when the target stopped in the middle
    @Override
    public Ending end() throws BrokenReply {
        if (!begun) {
            throw new BrokenReply("a stream without a beginning");
        }
        if (!stopped && reason.isEmpty()) {
            throw new BrokenReply("only a part of its stream");
        }
        close();
        return new Ending(
                stop(), usage.isEmpty() ? null : UsageTree.fromMessages(usage), explanation);
    }

    private void begin(JsonNode message) {
        begun = true;
        told.begins(Tree.text(message, "id"), Tree.text(message, "model"));
        learnUsage(message.path("usage"));
    }

    private void start(JsonNode block) throws BrokenReply {
        switch (Tree.text(block, "type")) {
            case "text" -> {
                open = Open.TEXT;
                told.textBegins();
                write(Tree.text(block, "text"));
            }
            case "thinking" -> {
                open = Open.THINKING;
                told.thinkingBegins();
                think(Tree.text(block, "thinking"));
                sign(Tree.text(block, "signature"));
            }
            case "redacted_thinking" -> {
                open = Open.PASSED_OVER;
                told.redactedThinking(Tree.text(block, "data"));
            }
            case "tool_use" -> startTool(block);
            default -> open = Open.PASSED_OVER;
        }
    }

    private void startTool(JsonNode block) throws BrokenReply {
        var name = Tree.text(block, "name");
        if (name.isEmpty()) {
            throw new BrokenReply("a tool call without a name");
        }
        input = block.path("input").isObject() ? Tree.printed(block.path("input")) : "{}";
        if (name.equals(structured)) {
            open = Open.STRUCTURED;
            told.textBegins();
        } else {
            open = Open.TOOL;
            called = true;
            told.toolBegins(Tree.text(block, "id"), name);
        }
    }

    private void expectOpen(JsonNode event) throws BrokenReply {
        if (open == Open.NOTHING || UsageTree.count(event, "index") != index) {
            throw new BrokenReply("a part of a content block that is not open");
        }
    }

    private void delta(JsonNode delta) throws BrokenReply {
        switch (Tree.text(delta, "type")) {
            case "text_delta" -> {
                if (isIn(Open.TEXT)) {
                    write(Tree.text(delta, "text"));
                }
            }
            case "citations_delta" -> {
                if (isIn(Open.TEXT) && delta.path("citation").isObject()) {
                    told.citation(delta.path("citation"));
                }
            }
            case "thinking_delta" -> {
                if (isIn(Open.THINKING)) {
                    think(Tree.text(delta, "thinking"));
                }
            }
            case "signature_delta" -> {
                if (isIn(Open.THINKING)) {
                    sign(Tree.text(delta, "signature"));
                }
            }
            case "input_json_delta" -> {
                var piece = Tree.text(delta, "partial_json");
                if (open == Open.STRUCTURED || isIn(Open.TOOL)) {
                    input = piece.isEmpty() ? input : "";
                    tell(piece);
                }
            }
            default -> {
                // As with events: a kind that came later.
            }
        }
    }

    /// @return false for a block that is passed over, with all that belongs to it
    private boolean isIn(Open kind) throws BrokenReply {
        if (open != kind && open != Open.PASSED_OVER) {
            throw new BrokenReply("a part that does not belong in its content block");
        }
        return open == kind;
    }

    private void write(String text) {
        if (!text.isEmpty()) {
            told.text(text);
        }
    }

    private void think(String text) {
        if (!text.isEmpty()) {
            told.thinking(text);
        }
    }

    private void sign(String signature) {
        if (!signature.isEmpty()) {
            told.signature(signature);
        }
    }

    private void tell(String piece) {
        if (piece.isEmpty()) {
            return;
        }
        if (open == Open.STRUCTURED) {
            told.text(piece);
        } else {
            told.arguments(piece);
        }
    }

    private void close() {
        switch (open) {
            case TOOL, STRUCTURED -> {
                tell(input);
                told.ends();
            }
            case TEXT, THINKING -> told.ends();
            case NOTHING, PASSED_OVER -> {}
        }
        open = Open.NOTHING;
        input = "";
    }

    private void learnEnd(JsonNode end) {
        var given = Tree.text(end, "stop_reason");
        reason = given.isEmpty() ? reason : given;
        var why = Tree.text(end.path("stop_details"), "explanation");
        explanation = why.isEmpty() ? explanation : why;
    }

    private void learnUsage(JsonNode counts) {
        for (Map.Entry<String, JsonNode> count : counts.properties()) {
            if (!count.getValue().isNull()) {
                usage.set(count.getKey(), count.getValue());
            }
        }
    }

    private Stop stop() {
        return switch (reason) {
            case "stop_sequence" -> Stop.SEQUENCE;
            case "max_tokens", "model_context_window_exceeded" -> Stop.LENGTH;
            case "tool_use" -> called ? Stop.TOOLS : Stop.END;
            case "refusal" -> Stop.REFUSAL;
            case "pause_turn" -> Stop.PAUSE;
            default -> called ? Stop.TOOLS : Stop.END;
        };
    }
}
