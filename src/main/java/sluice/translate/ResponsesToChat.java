package sluice.translate;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import sluice.translate.ResponsesRequest.Part;
import sluice.translate.ResponsesRequest.Said;
import sluice.translate.ResponsesRequest.Turn;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Responses in front of chat completions (facts/llm-protocols.md section 12), such as Codex before any model that a
/// workspace serves.
final class ResponsesToChat implements Pair {
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final String limitField;

    /// @param limitField how the target calls the most tokens to write: {@code max_tokens} or {@code
    ///     max_completion_tokens}
    ResponsesToChat(InstantSource clock, Supplier<String> ids, String limitField) {
        this.clock = clock;
        this.ids = ids;
        this.limitField = limitField;
    }

    @Override
    public Translation begin(Bytes asked, String model, ModelTraits traits, Dropped dropped)
            throws NotJson {
        var request = ResponsesRequest.read(asked, dropped);
        var question = new Question(request, traits, dropped);
        var sent = Tree.print(question.write(model, limitField));
        var told = new ResponsesText(request, model, ids.get(), clock);
        return new ResponsesReply(sent, told, new ChatAnswer(told, question.structured));
    }

    /// Writes the request.
    private static final class Question {
        private final ResponsesRequest asked;
        private final ModelTraits traits;
        private final Dropped dropped;

        /// The tool whose arguments are the answer, because the model takes no schema; empty without one.
        private final String structured;

        Question(ResponsesRequest asked, ModelTraits traits, Dropped dropped) {
            this.asked = asked;
            this.traits = traits;
            this.dropped = dropped;
            this.structured = traits.structuredOutput() ? "" : AnswerTool.name(asked, dropped);
        }

        ObjectNode write(String model, String limitField) throws NotJson {
            var chat = Tree.object();
            chat.put("model", model);
            messages(chat.putArray("messages"));
            if (asked.streamed()) {
                chat.put("stream", true).putObject("stream_options").put("include_usage", true);
            }
            long limit = asked.limit(traits);
            var thinking = asked.thinking(limit, !structured.isEmpty(), traits, dropped);
            if (asked.scalar("max_output_tokens") != null || thinking.isOn()) {
                chat.put(limitField, limit);
            }
            asked.sampling(chat, thinking, traits, dropped);
            thinking.writeForChat(chat);
            tools(chat);
            format(chat);
            var verbosity = asked.verbosity();
            if (verbosity != null) {
                chat.put("verbosity", verbosity);
            }
            var user = asked.user();
            if (user != null) {
                chat.put("user", user);
            }
            return chat;
        }

        /// One system message, at the top: some targets take no other.
        private void messages(ArrayNode messages) throws NotJson {
            if (!asked.system().isEmpty()) {
                var words = String.join("\n\n", asked.system());
                messages.addObject().put("role", "system").put("content", words);
            }
            for (var turn : asked.turns()) {
                switch (turn) {
                    case Turn.Model(var said) -> model(said, messages);
                    case Turn.Caller caller -> caller(caller, messages);
                }
            }
        }

        private void model(List<Said> said, ArrayNode messages) {
            var texts = new ArrayList<String>();
            var thoughts = Tree.array();
            var calls = Tree.array();
            for (var one : said) {
                switch (one) {
                    case Said.Text(var text) -> texts.add(text);
                    case Said.Thought(var block) -> thought(block, thoughts);
                    case Said.Call(var id, var name, var arguments) -> {
                        var call = calls.addObject().put("id", id).put("type", "function");
                        call.putObject("function").put("name", name).put("arguments", arguments);
                    }
                }
            }
            if (texts.isEmpty() && calls.isEmpty()) {
                return;
            }
            var message = messages.addObject().put("role", "assistant");
            if (!thoughts.isEmpty()) {
                var content = message.putArray("content").addAll(thoughts);
                texts.forEach(text -> content.addObject().put("type", "text").put("text", text));
            } else if (texts.isEmpty()) {
                message.putNull("content");
            } else {
                message.put("content", String.join("\n\n", texts));
            }
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
        }

        /// Databricks' Claude takes its signed thoughts back as it wrote them, as items of the content.
        private void thought(ObjectNode block, ArrayNode thoughts) {
            if (!traits.thinkingBack() || !block.has("signature")) {
                dropped.add("input[].reasoning");
                return;
            }
            var summary = thoughts.addObject().put("type", "reasoning").putArray("summary");
            summary.addObject()
                    .put("type", "summary_text")
                    .put("text", block.path("thinking").asString(""))
                    .put("signature", block.path("signature").asString(""));
        }

        /// The answers of tools are text in this dialect; what else they hold follows as the caller's.
        private void caller(Turn.Caller caller, ArrayNode messages) throws NotJson {
            var parts = new ArrayList<Part>();
            for (var answer : caller.answers()) {
                var texts = new ArrayList<String>();
                for (var part : answer.parts()) {
                    if (part instanceof Part.Text(var text)) {
                        texts.add(text);
                    } else {
                        parts.add(part);
                    }
                }
                if (texts.isEmpty() && !answer.parts().isEmpty()) {
                    texts.add("The result follows in the next message.");
                }
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", answer.callId())
                        .put("content", String.join("\n", texts));
            }
            parts.addAll(caller.parts());
            if (parts.size() == 1 && parts.getFirst() instanceof Part.Text(var text)) {
                messages.addObject().put("role", "user").put("content", text);
            } else if (!parts.isEmpty()) {
                var content = messages.addObject().put("role", "user").putArray("content");
                for (var part : parts) {
                    content.add(part(part));
                }
            }
        }

        private static ObjectNode part(Part part) throws NotJson {
            var written = Tree.object();
            switch (part) {
                case Part.Text(var text) -> written.put("type", "text").put("text", text);
                case Part.Image(var url, var detail, _) -> {
                    var image = written.put("type", "image_url").putObject("image_url");
                    image.put("url", url);
                    if (detail != null) {
                        image.put("detail", detail);
                    }
                }
                case Part.File(var data, _, var name, var field) -> {
                    if (data == null) {
                        throw NotJson.field(
                                field + ".file_url",
                                "cannot be given to the target; send the data");
                    }
                    var file = written.put("type", "file").putObject("file");
                    if (name != null) {
                        file.put("filename", name);
                    }
                    file.put("file_data", data);
                }
            }
            return written;
        }

        private void tools(ObjectNode chat) throws NotJson {
            if (asked.tools().isEmpty()) {
                return;
            }
            var tools = chat.putArray("tools");
            for (var tool : asked.tools()) {
                var function = tools.addObject().put("type", "function").putObject("function");
                function.put("name", tool.name());
                if (tool.description() != null) {
                    function.put("description", tool.description());
                }
                function.set("parameters", tool.schema());
                if (tool.strict() && traits.structuredOutput()) {
                    function.put("strict", true);
                } else if (tool.strict()) {
                    dropped.add("tools[].strict");
                }
            }
            var choice = asked.choice();
            if (choice != null && choice.name() != null) {
                var named = chat.putObject("tool_choice").put("type", "function");
                named.putObject("function").put("name", choice.name());
            } else if (choice != null) {
                chat.put("tool_choice", choice.mode());
            }
            if (Boolean.FALSE.equals(asked.parallel())) {
                chat.put("parallel_tool_calls", false);
            }
        }

        private void format(ObjectNode chat) {
            var format = asked.format();
            if (format == null) {
                return;
            }
            if (!structured.isEmpty()) {
                var tools =
                        chat.get("tools") instanceof ArrayNode given
                                ? given
                                : chat.putArray("tools");
                var function = tools.addObject().put("type", "function").putObject("function");
                function.put("name", structured).put("description", AnswerTool.DESCRIPTION);
                function.set("parameters", AnswerTool.schema(format.schema()));
                if (asked.mayCall()) {
                    chat.put("tool_choice", "required");
                } else {
                    var choice = chat.putObject("tool_choice").put("type", "function");
                    choice.putObject("function").put("name", structured);
                }
                return;
            }
            if (!traits.structuredOutput()) {
                return;
            }
            var written = chat.putObject("response_format");
            if (format.schema() == null) {
                written.put("type", "json_object");
                return;
            }
            var schema = written.put("type", "json_schema").putObject("json_schema");
            schema.put("name", format.name());
            if (format.description() != null) {
                schema.put("description", format.description());
            }
            schema.set("schema", format.schema());
            if (format.strict() != null && !format.strict().isNull()) {
                schema.set("strict", format.strict());
            }
        }
    }
}
