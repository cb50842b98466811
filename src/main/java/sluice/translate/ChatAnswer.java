package sluice.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.protocol.sse.SseEvent;
import sluice.translate.Blocks.Ending;
import sluice.translate.Blocks.Stop;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a Chat target answers into {@link Blocks}: the state machine of facts/llm-protocols.md section 10, with
/// the habits of section 14. A whole message is read as if it were one large delta.
final class ChatAnswer implements Answer {
    private enum Open {
        NOTHING,
        TEXT,
        THINKING,
        TOOL
    }

    private final Blocks told;
    private final String structured;
    private final Map<Integer, Call> callsByIndex = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();

    private Open open = Open.NOTHING;

    /// The call whose block is open, when one is.
    private @Nullable Call current;

    /// Thinking was told in the open block, and it was signed.
    private boolean thought;

    private String signed = "";
    private boolean begun;
    private boolean done;
    private boolean refused;
    private boolean called;
    private String finish = "";
    private @Nullable Usage usage;

    /// @param structured the name of a tool whose call is the answer's text, empty when there is none
    ChatAnswer(Blocks told, String structured) {
        this.told = told;
        this.structured = structured;
    }

    @Override
    public Ending whole(Bytes reply) throws BrokenReply {
        var tree = Tree.reply(reply);
        refuseError(tree);
        usage = UsageTree.fromChat(tree.path("usage"));
        var choice = tree.path("choices").path(0);
        if (!choice.path("message").isObject()) {
            throw new BrokenReply("a completion without a message");
        }
        begin(tree);
        say(choice.path("message"));
        finish = Tree.text(choice, "finish_reason");
        done = true;
        return end();
    }

    @Override
    public void event(SseEvent event) throws BrokenReply {
        if (event.data().isEmpty() || done) {
            return;
        }
        if (isDone(event.data())) {
            done = true;
            return;
        }
        var chunk = Tree.reply(event.data());
        refuseError(chunk);
        var counted = UsageTree.fromChat(chunk.path("usage"));
        usage = counted == null ? usage : counted;
        for (var choice : chunk.path("choices")) {
            if (UsageTree.count(choice, "index") == 0) {
                choice(chunk, choice);
            }
        }
    }

    /// The terminator was seen: what follows does not count.
    @Override
    public boolean isDone() {
        return done;
    }

    /// @throws BrokenReply when the target stopped in the middle
    @Override
    public Ending end() throws BrokenReply {
        if (!begun) {
            throw new BrokenReply("a stream without a beginning");
        }
        if (finish.isEmpty() && !done) {
            throw new BrokenReply("only a part of its stream");
        }
        closeAll();
        return new Ending(stop(), usage, "");
    }

    private void choice(ObjectNode chunk, JsonNode choice) throws BrokenReply {
        if (!begun) {
            begin(chunk);
        }
        say(choice.path("delta"));
        var reason = Tree.text(choice, "finish_reason");
        if (!reason.isEmpty()) {
            if (!finish.isEmpty()) {
                throw new BrokenReply("two ends of one choice");
            }
            closeAll();
            finish = reason;
        }
    }

    private void begin(ObjectNode answer) {
        begun = true;
        told.begins(Tree.text(answer, "id"), Tree.text(answer, "model"));
    }

    /// A delta, or a whole message, which has the same fields.
    private void say(JsonNode said) throws BrokenReply {
        var reasoning = Tree.text(said, "reasoning_content");
        think(reasoning.isEmpty() ? Tree.text(said, "reasoning") : reasoning);
        for (var block : said.path("thinking_blocks")) {
            thinkingBlock(block);
        }
        var content = said.path("content");
        if (content.isString()) {
            write(content.stringValue());
        }
        for (var item : content) {
            item(item);
        }
        var refusal = Tree.text(said, "refusal");
        if (!refusal.isEmpty()) {
            refused = true;
            open(Open.TEXT);
            told.refusal(refusal);
        }
        int position = 0;
        for (var call : said.path("tool_calls")) {
            call(call, position++);
        }
        if (said.path("function_call").isObject()) {
            call(Tree.object().set("function", said.path("function_call")), 0);
        }
    }

    /// One of the blocks that Databricks puts in the place of text (section 14).
    private void item(JsonNode item) throws BrokenReply {
        switch (Tree.text(item, "type")) {
            case "text" -> write(Tree.text(item, "text"));
            case "reasoning" -> {
                var summary = item.path("summary");
                if (summary.isString()) {
                    think(summary.stringValue());
                }
                for (var part : summary.isArray() ? summary : Tree.array().add(summary)) {
                    think(Tree.text(part, "text"));
                    sign(Tree.text(part, "signature"));
                    redact(
                            Tree.text(part, "type").equals("summary_encrypted_text")
                                    ? Tree.text(part, "data")
                                    : "");
                }
            }
            default -> {
                // A citation or an image: nothing that the caller could be shown in its dialect.
            }
        }
    }

    /// The extension that carries signatures. Who sends it sends the same thinking as {@code reasoning_content} too.
    private void thinkingBlock(JsonNode block) throws BrokenReply {
        if (open != Open.THINKING || !thought) {
            think(Tree.text(block, "thinking"));
        }
        sign(Tree.text(block, "signature"));
        redact(
                Tree.text(block, "type").equals("redacted_thinking")
                        ? Tree.text(block, "data")
                        : "");
    }

    private void write(String text) throws BrokenReply {
        if (!text.isEmpty()) {
            open(Open.TEXT);
            told.text(text);
        }
    }

    private void think(String text) throws BrokenReply {
        if (text.isEmpty()) {
            return;
        }
        if (!signed.isEmpty()) {
            close();
        }
        open(Open.THINKING);
        thought = true;
        told.thinking(text);
    }

    private void sign(String signature) throws BrokenReply {
        if (!signature.isEmpty() && !signature.equals(signed)) {
            open(Open.THINKING);
            signed = signature;
            told.signature(signature);
        }
    }

    private void redact(String data) throws BrokenReply {
        if (!data.isEmpty()) {
            refuseAfterEnd();
            close();
            told.redactedThinking(data);
        }
    }

    private void open(Open kind) throws BrokenReply {
        refuseAfterEnd();
        if (open == kind) {
            return;
        }
        close();
        open = kind;
        if (kind == Open.TEXT) {
            told.textBegins();
        } else {
            told.thinkingBegins();
        }
    }

    private void close() {
        if (current != null) {
            current.close();
            current = null;
        }
        if (open != Open.NOTHING) {
            told.ends();
        }
        open = Open.NOTHING;
        thought = false;
        signed = "";
    }

    private void refuseAfterEnd() throws BrokenReply {
        if (!finish.isEmpty()) {
            throw new BrokenReply("more of its answer after the end of it");
        }
    }

    /// @param position where it stands among the calls of this message, for targets that give no index
    private void call(JsonNode said, int position) throws BrokenReply {
        var function = said.path("function");
        var id = Tree.text(said, "id");
        var name = Tree.text(function, "name");
        int index = said.path("index").isInt() ? said.path("index").intValue() : position;
        var call = callsByIndex.get(index);
        if (call == null || call.isOther(id, name)) {
            refuseAfterEnd();
            call = new Call();
            callsByIndex.put(index, call);
            calls.add(call);
        }
        call.id = call.id.isEmpty() ? id : call.id;
        call.name = call.name.isEmpty() ? name : call.name;
        var arguments = function.path("arguments");
        call.add(arguments.isObject() ? Tree.printed(arguments) : Tree.text(function, "arguments"));
        advance();
    }

    /// Opens calls in their order. One that follows waits until the one before it is complete: until then, pieces of
    /// both may come mixed.
    private void advance() {
        for (var call : calls) {
            if (call.closed) {
                continue;
            }
            if (call.name.isEmpty()) {
                return;
            }
            if (call != current) {
                openCall(call);
            }
            call.flush();
            if (!call.isComplete() || call == calls.getLast()) {
                return;
            }
            close();
        }
    }

    private void openCall(Call call) {
        close();
        current = call;
        if (call.name.equals(structured)) {
            open = Open.TEXT;
            told.textBegins();
        } else {
            open = Open.TOOL;
            called = true;
            told.toolBegins(call.id, call.name);
        }
    }

    private void closeAll() throws BrokenReply {
        close();
        for (var call : calls) {
            if (!call.closed) {
                if (call.name.isEmpty()) {
                    throw new BrokenReply("a tool call without a name");
                }
                openCall(call);
                close();
            }
        }
    }

    /// A call cut off by the length must not run; any other call is to be made, whatever the target calls the end.
    private Stop stop() {
        boolean cut = calls.stream().anyMatch(call -> call.begun && !call.isComplete());
        if (called && !(cut && finish.equals("length"))) {
            return Stop.TOOLS;
        }
        return refused
                ? Stop.REFUSAL
                : switch (finish) {
                    case "length" -> Stop.LENGTH;
                    case "content_filter" -> Stop.REFUSAL;
                    default -> Stop.END;
                };
    }

    private static void refuseError(ObjectNode answer) throws BrokenReply {
        var error = answer.path("error");
        boolean isError = error.isObject() || (error.isString() && !error.stringValue().isEmpty());
        if (isError || (answer.has("error_code") && !answer.has("choices"))) {
            throw new BrokenReply("an error in the place of its answer");
        }
    }

    /// Clients end on any data that starts so (section 2).
    private static boolean isDone(Bytes data) {
        return data.length() >= 6
                && data.array()[data.from()] == '['
                && data.slice(0, 6).utf8().equals("[DONE]");
    }

    /// One tool call: what of it is known, what of it was told, and whether its arguments are complete.
    private final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder held = new StringBuilder();
        private boolean toldAny;
        private boolean closed;

        private boolean begun;
        private int depth;
        private boolean inString;
        private boolean escaped;

        /// Some servers give every call the index 0 and another id.
        boolean isOther(String otherId, String otherName) {
            return !otherId.isEmpty()
                    && !id.isEmpty()
                    && !otherId.equals(id)
                    && !otherName.isEmpty();
        }

        void add(String piece) throws BrokenReply {
            if (piece.isEmpty() || (piece.isBlank() && isComplete())) {
                return;
            }
            refuseAfterEnd();
            if (closed) {
                throw new BrokenReply("arguments of a tool call after the end of it");
            }
            if (isEmptyObject()) {
                held.setLength(0);
                begun = false;
            }
            held.append(piece);
            for (int i = 0; i < piece.length(); i++) {
                look(piece.charAt(i));
            }
        }

        /// Tells what is held, except an empty object: some targets begin so and then send the real arguments.
        void flush() {
            if (!held.isEmpty() && !isEmptyObject()) {
                tell(held.toString());
                held.setLength(0);
            }
        }

        void close() {
            if (!held.isEmpty()) {
                tell(held.toString());
            } else if (!toldAny) {
                tell("{}");
            }
            held.setLength(0);
            closed = true;
        }

        private void tell(String piece) {
            toldAny = true;
            if (open == Open.TEXT) {
                told.text(piece);
            } else {
                told.arguments(piece);
            }
        }

        private boolean isEmptyObject() {
            return !toldAny && held.length() == 2 && held.charAt(0) == '{' && held.charAt(1) == '}';
        }

        boolean isComplete() {
            return begun && depth == 0 && !inString;
        }

        private void look(char c) {
            if (inString) {
                inString = escaped || c != '"';
                escaped = !escaped && c == '\\';
                return;
            }
            switch (c) {
                case '"' -> inString = true;
                case '{', '[' -> {
                    depth++;
                    begun = true;
                }
                case '}', ']' -> depth--;
                default -> {
                    // Only the nesting matters.
                }
            }
        }
    }
}
