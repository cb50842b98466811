package sluice.translate;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Usage;
import sluice.json.JsonText;
import sluice.protocol.openai.FailureCode;
import tools.jackson.databind.JsonNode;

/// The answer as a caller of Responses sees it, in the canonical order of facts/llm-protocols.md section 5: each event
/// with its number, each item announced, told in pieces and told again whole, and at the end the response with
/// everything in it. A whole answer is made the same way, with the events thrown away, so that both are equal.
///
/// Text and thinking are told one after the other. Calls may stay open beside each other, because some targets write
/// the arguments of several in turns; an item is addressed by its place, so a client tells them apart.
final class ResponsesText implements Blocks {
    private static final Event CREATED = new Event("response.created");
    private static final Event IN_PROGRESS = new Event("response.in_progress");
    private static final Event COMPLETED = new Event("response.completed");
    private static final Event INCOMPLETE = new Event("response.incomplete");
    private static final Event FAILED = new Event("response.failed");
    private static final Event ITEM_ADDED = new Event("response.output_item.added");
    private static final Event ITEM_DONE = new Event("response.output_item.done");
    private static final Event PART_ADDED = new Event("response.content_part.added");
    private static final Event PART_DONE = new Event("response.content_part.done");
    private static final Event TEXT_DELTA = new Event("response.output_text.delta");
    private static final Event TEXT_DONE = new Event("response.output_text.done");
    private static final Event REFUSAL_DELTA = new Event("response.refusal.delta");
    private static final Event REFUSAL_DONE = new Event("response.refusal.done");
    private static final Event ARGUMENTS_DELTA =
            new Event("response.function_call_arguments.delta");
    private static final Event ARGUMENTS_DONE = new Event("response.function_call_arguments.done");
    private static final Event INPUT_DELTA = new Event("response.custom_tool_call_input.delta");
    private static final Event INPUT_DONE = new Event("response.custom_tool_call_input.done");
    private static final Event SUMMARY_ADDED = new Event("response.reasoning_summary_part.added");
    private static final Event SUMMARY_DELTA = new Event("response.reasoning_summary_text.delta");
    private static final Event SUMMARY_DONE = new Event("response.reasoning_summary_text.done");
    private static final Event SUMMARY_PART_DONE =
            new Event("response.reasoning_summary_part.done");

    private final String id;
    private final String suffix;
    private final InstantSource clock;
    private final long createdAt;
    private final ResponsesRequest asked;

    private final JsonText text = new JsonText();

    /// Each item at its place, once it is done.
    private final List<@Nullable Bytes> output = new ArrayList<>();

    /// Calls that ended before their arguments were whole.
    private final List<Call> unfinished = new ArrayList<>(0);

    private @Nullable Call current;
    private @Nullable Message message;
    private @Nullable Thought thought;
    private boolean thinks;
    private String signature = "";
    private String model;
    private long sequence;
    private boolean begun;
    private boolean over;
    private boolean refused;
    private List<Bytes> out = List.of();

    /// @param suffix what makes this response's ids its own: letters and digits
    ResponsesText(ResponsesRequest asked, String model, String suffix, InstantSource clock) {
        this.asked = asked;
        this.model = model;
        this.suffix = suffix;
        this.id = "resp_" + suffix;
        this.clock = clock;
        this.createdAt = clock.instant().getEpochSecond();
    }

    /// What is told from now on is added here.
    ResponsesText into(List<Bytes> list) {
        out = list;
        return this;
    }

    @Override
    public void begins(String given, String answering) {
        begun = true;
        model = answering.isEmpty() ? model : answering;
        out.add(lifecycle(CREATED, "in_progress", null, null, null, null));
        out.add(lifecycle(IN_PROGRESS, "in_progress", null, null, null, null));
    }

    /// Texts that follow each other are one: what comes between them is not told here.
    @Override
    public void textBegins() {
        closeThought(false);
    }

    @Override
    public void text(String piece) {
        say(piece, false);
    }

    @Override
    public void refusal(String piece) {
        refused = true;
        say(piece, true);
    }

    private void say(String piece, boolean refusal) {
        var open = message == null ? openMessage() : message;
        if (open.said == null || open.refusal != refusal) {
            closePart(open);
            openPart(open, refusal);
        }
        open.said().append(piece);
        start(refusal ? REFUSAL_DELTA : TEXT_DELTA);
        place(open.id, open.index).field("content_index", open.part).field("delta", piece);
        if (!refusal) {
            text.array("logprobs").end();
        }
        out.add(finish(refusal ? REFUSAL_DELTA : TEXT_DELTA));
    }

    /// The form of sources in Messages has no counterpart here.
    @Override
    public void citation(JsonNode citation) {}

    @Override
    public void thinkingBegins() {
        closeMessage(false);
        signature = "";
        thinks = true;
    }

    @Override
    public void thinking(String piece) {
        var open = thought == null ? openThought() : thought;
        if (open.said.isEmpty()) {
            start(SUMMARY_ADDED);
            place(open.id, open.index).field("summary_index", 0).object("part");
            text.field("type", "summary_text").field("text", "").end();
            out.add(finish(SUMMARY_ADDED));
        }
        open.said.append(piece);
        start(SUMMARY_DELTA);
        place(open.id, open.index).field("summary_index", 0).field("delta", piece);
        out.add(finish(SUMMARY_DELTA));
    }

    @Override
    public void signature(String given) {
        signature = given;
    }

    /// Nothing of it may be read, but it can be sent back.
    @Override
    public void redactedThinking(String data) {
        if (asked.sealing()) {
            closeMessage(false);
            openThought().sealed = SealedThought.redacted(data);
            closeThought(false);
        }
    }

    /// The item has an id of its own; the caller answers to the one that the target gave.
    @Override
    public void toolBegins(String given, String name) {
        closeThought(false);
        closeMessage(false);
        int index = output.size();
        boolean custom = asked.isCustom(name);
        var callId = given.isEmpty() ? "call_" + suffix + "_" + index : given;
        var itemId = (custom ? "ctc_" : "fc_") + suffix + "_" + index;
        var call = new Call(itemId, index, callId, name, custom);
        output.add(null);
        current = call;
        start(ITEM_ADDED);
        text.field("output_index", call.index);
        item(call, "in_progress", "");
        out.add(finish(ITEM_ADDED));
    }

    /// The input of a custom tool stands inside its arguments, so it waits until all of them are there.
    @Override
    public void arguments(String piece) {
        var call = current;
        if (call == null) {
            throw new IllegalStateException("no call is open");
        }
        call.arguments.append(piece);
        if (!call.custom) {
            start(ARGUMENTS_DELTA);
            place(call.id, call.index).field("delta", piece);
            out.add(finish(ARGUMENTS_DELTA));
        }
    }

    /// A call whose arguments are not whole may have been cut off, which the end of the answer tells: it stays open. A
    /// text stays open too, for the next may go on with it.
    @Override
    public void ends() {
        var call = current;
        current = null;
        if (thinks) {
            thinks = false;
            endThought();
        } else if (call != null && Tree.inText(call.arguments.toString()) != null) {
            closeCall(call, false);
        } else if (call != null) {
            unfinished.add(call);
        }
    }

    private void endThought() {
        if (asked.sealing() && !signature.isEmpty()) {
            var open = thought == null ? openThought() : thought;
            open.sealed = SealedThought.thinking(open.said.toString(), signature);
        }
        closeThought(false);
    }

    /// The target has finished: closes what is open and tells the whole response.
    void end(Ending ending) {
        over = true;
        var reason = reason(ending);
        close(ending, reason != null);
        out.add(
                reason == null
                        ? lifecycle(COMPLETED, "completed", null, null, null, ending.usage())
                        : lifecycle(INCOMPLETE, "incomplete", null, null, reason, ending.usage()));
    }

    /// The same, as the document of a whole answer.
    Bytes whole(Ending ending) {
        var reason = reason(ending);
        close(ending, reason != null);
        text.clear();
        text.object();
        responseFields(
                reason == null ? "completed" : "incomplete", null, null, reason, ending.usage());
        return text.end().toBytes();
    }

    /// @param cut the model did not come to its end
    private void close(Ending ending, boolean cut) {
        if (!ending.explanation().isEmpty()) {
            closeThought(cut);
            refusal(ending.explanation());
        }
        closeThought(cut);
        closeMessage(cut);
        for (var call : unfinished) {
            closeCall(call, cut);
        }
        unfinished.clear();
    }

    /// Why the answer is incomplete; null when it is not. A refusal in the model's own words is a complete answer.
    private @Nullable String reason(Ending ending) {
        return switch (ending.stop()) {
            case END, SEQUENCE, TOOLS, PAUSE -> null;
            case LENGTH -> "max_output_tokens";
            case REFUSAL -> refused ? null : "content_filter";
        };
    }

    /// The whole response was told: nothing may follow.
    boolean isOver() {
        return over;
    }

    /// What ends the stream when the call fails: {@code response.failed}, with the items that were complete by then.
    Bytes failed(String type, @Nullable String code, String words) {
        if (over) {
            return Bytes.EMPTY;
        }
        over = true;
        out = new ArrayList<>(3);
        if (!begun) {
            begins("", "");
        }
        out.add(lifecycle(FAILED, "failed", FailureCode.of(type, code), words, null, null));
        return Sse.joined(out);
    }

    private Message openMessage() {
        var open = new Message("msg_" + suffix + "_" + output.size(), output.size());
        message = open;
        output.add(null);
        start(ITEM_ADDED);
        text.field("output_index", open.index).object("item").field("id", open.id);
        text.field("type", "message").field("status", "in_progress");
        text.field("role", "assistant").array("content").end().end();
        out.add(finish(ITEM_ADDED));
        return open;
    }

    private void openPart(Message open, boolean refusal) {
        open.said = new StringBuilder();
        open.refusal = refusal;
        start(PART_ADDED);
        place(open.id, open.index).field("content_index", open.part).field("part", part(open));
        out.add(finish(PART_ADDED));
    }

    private void closePart(Message open) {
        if (open.said == null) {
            return;
        }
        var done = open.refusal ? REFUSAL_DONE : TEXT_DONE;
        start(done);
        place(open.id, open.index).field("content_index", open.part);
        text.field(open.refusal ? "refusal" : "text", open.said.toString());
        if (!open.refusal) {
            text.array("logprobs").end();
        }
        out.add(finish(done));
        var part = part(open);
        start(PART_DONE);
        place(open.id, open.index).field("content_index", open.part).field("part", part);
        out.add(finish(PART_DONE));
        open.parts.add(part);
        open.part++;
        open.said = null;
    }

    private static Bytes part(Message open) {
        var part = new JsonText().object();
        if (open.refusal) {
            part.field("type", "refusal").field("refusal", open.said().toString());
        } else {
            part.field("type", "output_text").array("annotations").end();
            part.array("logprobs").end().field("text", open.said().toString());
        }
        return part.end().toBytes();
    }

    private void closeMessage(boolean cut) {
        var open = message;
        if (open == null) {
            return;
        }
        message = null;
        closePart(open);
        var item = new JsonText().object().field("id", open.id).field("type", "message");
        item.field("status", cut ? "incomplete" : "completed").field("role", "assistant");
        item.array("content");
        open.parts.forEach(item::value);
        itemDone(open.index, item.end().end().toBytes());
    }

    private Thought openThought() {
        var open = new Thought("rs_" + suffix + "_" + output.size(), output.size());
        thought = open;
        output.add(null);
        start(ITEM_ADDED);
        text.field("output_index", open.index).object("item").field("id", open.id);
        text.field("type", "reasoning").array("summary").end().end();
        out.add(finish(ITEM_ADDED));
        return open;
    }

    private void closeThought(boolean cut) {
        var open = thought;
        if (open == null) {
            return;
        }
        thought = null;
        var said = open.said.toString();
        if (!said.isEmpty()) {
            start(SUMMARY_DONE);
            place(open.id, open.index).field("summary_index", 0).field("text", said);
            out.add(finish(SUMMARY_DONE));
            start(SUMMARY_PART_DONE);
            place(open.id, open.index).field("summary_index", 0).object("part");
            text.field("type", "summary_text").field("text", said).end();
            out.add(finish(SUMMARY_PART_DONE));
        }
        var item = new JsonText().object().field("id", open.id).field("type", "reasoning");
        item.array("summary");
        if (!said.isEmpty()) {
            item.object().field("type", "summary_text").field("text", said).end();
        }
        item.end();
        if (open.sealed != null) {
            item.field("encrypted_content", open.sealed);
        }
        if (cut) {
            item.field("status", "incomplete");
        }
        itemDone(open.index, item.end().toBytes());
    }

    private void closeCall(Call call, boolean cut) {
        var arguments = call.arguments.toString();
        if (call.custom) {
            arguments = ResponsesRequest.customInput(arguments);
            if (!arguments.isEmpty()) {
                start(INPUT_DELTA);
                place(call.id, call.index).field("delta", arguments);
                out.add(finish(INPUT_DELTA));
            }
            start(INPUT_DONE);
            place(call.id, call.index).field("input", arguments);
            out.add(finish(INPUT_DONE));
        } else {
            start(ARGUMENTS_DONE);
            place(call.id, call.index).field("name", call.name).field("arguments", arguments);
            out.add(finish(ARGUMENTS_DONE));
        }
        text.clear();
        text.object();
        itemFields(call, cut ? "incomplete" : "completed", arguments);
        text.end();
        var item = text.toBytes();
        text.clear();
        itemDone(call.index, item);
    }

    private void item(Call call, String status, String arguments) {
        text.object("item");
        itemFields(call, status, arguments);
        text.end();
    }

    private void itemFields(Call call, String status, String arguments) {
        text.field("id", call.id).field("type", call.custom ? "custom_tool_call" : "function_call");
        text.field("status", status).field("call_id", call.callId).field("name", call.name);
        text.field(call.custom ? "input" : "arguments", arguments);
    }

    private void itemDone(int index, Bytes item) {
        output.set(index, item);
        start(ITEM_DONE);
        text.field("output_index", index).field("item", item);
        out.add(finish(ITEM_DONE));
    }

    private Bytes lifecycle(
            Event event,
            String status,
            @Nullable String code,
            @Nullable String words,
            @Nullable String reason,
            @Nullable Usage usage) {
        start(event);
        text.object("response");
        responseFields(status, code, words, reason, usage);
        text.end();
        return finish(event);
    }

    private void responseFields(
            String status,
            @Nullable String code,
            @Nullable String words,
            @Nullable String reason,
            @Nullable Usage usage) {
        text.field("id", id).field("object", "response").field("created_at", createdAt);
        text.field("status", status);
        if (status.equals("completed")) {
            text.field("completed_at", clock.instant().getEpochSecond());
        }
        if (code == null) {
            text.field("error", (String) null);
        } else {
            text.object("error").field("code", code).field("message", words).end();
        }
        if (reason == null) {
            text.field("incomplete_details", (String) null);
        } else {
            text.object("incomplete_details").field("reason", reason).end();
        }
        text.field("model", model).array("output");
        for (var item : output) {
            if (item != null) {
                text.value(item);
            }
        }
        text.end();
        asked.echo(text);
        usage(usage);
    }

    /// {@code input_tokens} includes what was cached, {@code output_tokens} what was thought (facts section 5).
    private void usage(@Nullable Usage usage) {
        if (usage == null) {
            text.field("usage", (String) null);
            return;
        }
        text.object("usage").field("input_tokens", usage.input());
        text.object("input_tokens_details").field("cached_tokens", usage.cacheRead());
        text.field("cache_write_tokens", usage.cacheWrite() + usage.cacheWriteHour()).end();
        text.field("output_tokens", usage.output());
        text.object("output_tokens_details").field("reasoning_tokens", usage.reasoning()).end();
        text.field("total_tokens", usage.total()).end();
    }

    private void start(Event event) {
        text.clear();
        text.object().field("type", event.name).field("sequence_number", sequence++);
    }

    private JsonText place(String itemId, int index) {
        return text.field("item_id", itemId).field("output_index", index);
    }

    private Bytes finish(Event event) {
        return Sse.event(event.head, text.end().view());
    }

    /// A kind of event and what stands before its data.
    private record Event(String name, Bytes head) {
        Event(String name) {
            this(name, Sse.head(name));
        }
    }

    private static final class Message {
        private final String id;
        private final int index;
        private final List<Bytes> parts = new ArrayList<>(1);
        private int part;
        private boolean refusal;
        private @Nullable StringBuilder said;

        Message(String id, int index) {
            this.id = id;
            this.index = index;
        }

        StringBuilder said() {
            if (said == null) {
                throw new IllegalStateException("no part is open");
            }
            return said;
        }
    }

    private static final class Thought {
        private final String id;
        private final int index;
        private final StringBuilder said = new StringBuilder();

        /// What the caller sends back so that the target knows its thought again.
        private @Nullable String sealed;

        Thought(String id, int index) {
            this.id = id;
            this.index = index;
        }
    }

    private static final class Call {
        private final String id;
        private final int index;
        private final String callId;
        private final String name;
        private final boolean custom;
        private final StringBuilder arguments = new StringBuilder();

        Call(String id, int index, String callId, String name, boolean custom) {
            this.id = id;
            this.index = index;
            this.callId = callId;
            this.name = name;
            this.custom = custom;
        }
    }
}
