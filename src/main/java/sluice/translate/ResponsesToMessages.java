package sluice.translate;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.NotJson;
import sluice.translate.ResponsesRequest.Part;
import sluice.translate.ResponsesRequest.Said;
import sluice.translate.ResponsesRequest.Turn;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Responses in front of Anthropic's messages (facts/llm-protocols.md section 11): Codex before Claude. Signed thoughts
/// travel with the caller, see {@link SealedThought}.
final class ResponsesToMessages implements Pair {
    private final InstantSource clock;
    private final Supplier<String> ids;

    ResponsesToMessages(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Translation begin(Bytes asked, String model, ModelTraits traits, Dropped dropped)
            throws NotJson {
        var request = ResponsesRequest.read(asked, dropped);
        var question = new Question(request, traits, dropped);
        var sent = Tree.print(question.write(model));
        var told = new ResponsesText(request, model, ids.get(), clock);
        return new ResponsesReply(sent, told, new MessagesAnswer(told, question.structured));
    }

    /// Writes the request.
    private static final class Question {
        private final ResponsesRequest asked;
        private final ModelTraits traits;
        private final Dropped dropped;

        /// The tool whose input are the answer, because the model takes no schema; empty without one.
        private final String structured;

        Question(ResponsesRequest asked, ModelTraits traits, Dropped dropped) {
            this.asked = asked;
            this.traits = traits;
            this.dropped = dropped;
            this.structured = traits.structuredOutput() ? "" : AnswerTool.name(asked, dropped);
        }

        ObjectNode write(String model) throws NotJson {
            var request = Tree.object();
            long limit = asked.limit(traits);
            var thinking = thinking(limit);
            request.put("model", model).put("max_tokens", limit);
            if (!asked.system().isEmpty()) {
                var system = request.putArray("system");
                asked.system().forEach(text -> text(system, text));
            }
            messages(request.putArray("messages"));
            if (asked.streamed()) {
                request.put("stream", true);
            }
            asked.sampling(request, thinking, traits, dropped);
            adaptSampling(request);
            thinking.writeForMessages(request, asked.wantsThoughts(), dropped);
            tools(request);
            format(request);
            if (asked.verbosity() != null) {
                dropped.add("text.verbosity");
            }
            var user = asked.user();
            if (user != null) {
                request.putObject("metadata").put("user_id", user);
            }
            return request;
        }

        /// A model that is told to think must find its last thought before the calls it is now answered, or it refuses
        /// (facts section 4). A caller that did not keep the thought gets an answer without one.
        private Thinking thinking(long limit) throws NotJson {
            var thinking = asked.thinking(limit, !structured.isEmpty(), traits, dropped);
            boolean lost =
                    thinking.isOn()
                            && traits.reasoning() == ModelTraits.Reasoning.BUDGET
                            && asked.answersWithoutThought();
            if (lost) {
                dropped.add("reasoning.effort");
            }
            return lost ? Thinking.NONE : thinking;
        }

        /// This dialect ends at 1 where OpenAI's goes to 2, and newer models refuse both values together.
        private void adaptSampling(ObjectNode request) {
            var temperature = request.get("temperature");
            if (temperature == null) {
                return;
            }
            if (temperature.decimalValue().compareTo(BigDecimal.ONE) > 0) {
                request.put("temperature", 1);
            }
            if (request.remove("top_p") != null) {
                dropped.add("top_p");
            }
        }

        private void messages(ArrayNode messages) throws NotJson {
            for (var turn : asked.turns()) {
                switch (turn) {
                    case Turn.Model(var said) -> {
                        var content = message(messages, "assistant");
                        for (var one : said) {
                            said(one, content);
                        }
                    }
                    case Turn.Caller(var answers, var parts) -> {
                        var content = message(messages, "user");
                        for (var answer : answers) {
                            answer(answer, content);
                        }
                        parts(parts, content);
                    }
                }
            }
        }

        private static ArrayNode message(ArrayNode messages, String role) {
            return messages.addObject().put("role", role).putArray("content");
        }

        private static void said(Said one, ArrayNode content) {
            switch (one) {
                case Said.Text(var text) -> text(content, text);
                case Said.Thought(var block) -> content.add(block);
                case Said.Call(var id, var name, var arguments) -> {
                    var call =
                            content.addObject()
                                    .put("type", "tool_use")
                                    .put("id", ToolIds.legal(id));
                    call.put("name", name).set("input", input(arguments));
                }
            }
        }

        /// Arguments that the model wrote wrongly, or that were cut off, are shown to it as what they are: to refuse
        /// them would end the conversation.
        private static JsonNode input(String arguments) {
            var input = Tree.inText(arguments);
            return input != null ? input : Tree.object().put("invalid_arguments", arguments);
        }

        private static void answer(ResponsesRequest.Answer answer, ArrayNode content)
                throws NotJson {
            var result = content.addObject().put("type", "tool_result");
            result.put("tool_use_id", ToolIds.legal(answer.callId()));
            if (answer.parts().size() == 1
                    && answer.parts().getFirst() instanceof Part.Text(var text)) {
                result.put("content", text);
            } else if (!answer.parts().isEmpty()) {
                parts(answer.parts(), result.putArray("content"));
            }
        }

        private static void parts(List<Part> parts, ArrayNode content) throws NotJson {
            for (var part : parts) {
                switch (part) {
                    case Part.Text(var text) -> text(content, text);
                    case Part.Image(var url, _, var field) ->
                            source(content.addObject().put("type", "image"), url, field);
                    case Part.File file -> file(content.addObject(), file);
                }
            }
        }

        private static void text(ArrayNode content, String text) {
            content.addObject().put("type", "text").put("text", text);
        }

        private static void file(ObjectNode document, Part.File file) throws NotJson {
            document.put("type", "document");
            if (file.data() == null) {
                source(document, String.valueOf(file.url()), file.field() + ".file_url");
            } else {
                source(document, file.data(), file.field() + ".file_data");
            }
            if (file.name() != null) {
                document.put("title", file.name());
            }
        }

        private static void source(ObjectNode block, String url, String field) throws NotJson {
            var source = block.putObject("source");
            var lower = url.substring(0, Math.min(url.length(), 8)).toLowerCase(Locale.ROOT);
            if (lower.startsWith("https://") || lower.startsWith("http://")) {
                source.put("type", "url").put("url", url);
                return;
            }
            int comma = url.indexOf(',');
            var head = comma < 0 ? "" : url.substring(0, comma).toLowerCase(Locale.ROOT);
            if (!head.startsWith("data:") || !head.endsWith(";base64")) {
                throw NotJson.field(
                        field, "must be a URL or a data URI such as 'data:image/png;base64,...'");
            }
            var mediaType = head.substring("data:".length()).split(";", 2)[0];
            source.put("type", "base64").put("media_type", mediaType);
            source.put("data", url.substring(comma + 1));
        }

        private void tools(ObjectNode request) throws NotJson {
            if (asked.tools().isEmpty()) {
                nameToolsOfThePast(request);
                return;
            }
            var tools = request.putArray("tools");
            for (var tool : asked.tools()) {
                var written = tools.addObject().put("name", tool.name());
                if (tool.description() != null) {
                    written.put("description", tool.description());
                }
                written.set("input_schema", tool.schema());
                if (tool.strict() && traits.structuredOutput()) {
                    written.put("strict", true);
                } else if (tool.strict()) {
                    dropped.add("tools[].strict");
                }
            }
            var choice = asked.choice();
            boolean alone = Boolean.FALSE.equals(asked.parallel());
            if (choice == null && !alone) {
                return;
            }
            var written = request.putObject("tool_choice");
            if (choice == null) {
                written.put("type", "auto");
            } else {
                choose(written, choice);
            }
            if (alone && (choice == null || !choice.mode().equals("none"))) {
                written.put("disable_parallel_tool_use", true);
            }
        }

        /// A history with calls is refused without tools: name them, and forbid them.
        private void nameToolsOfThePast(ObjectNode request) {
            var names = asked.called();
            if (names.isEmpty()) {
                return;
            }
            var tools = request.putArray("tools");
            for (var name : names) {
                tools.addObject().put("name", name).set("input_schema", ResponsesRequest.NO_SCHEMA);
            }
            request.putObject("tool_choice").put("type", "none");
        }

        private static void choose(ObjectNode written, ResponsesRequest.Choice choice) {
            switch (choice.mode()) {
                case "required" -> written.put("type", "any");
                case "function" -> written.put("type", "tool").put("name", choice.name());
                default -> written.put("type", choice.mode());
            }
        }

        private void format(ObjectNode request) throws NotJson {
            var format = asked.format();
            if (format == null) {
                return;
            }
            var schema = AnswerTool.schema(format.schema());
            if (structured.isEmpty()) {
                if (!traits.structuredOutput()) {
                    return;
                }
                var written = Thinking.outputConfig(request).putObject("format");
                written.put("type", "json_schema").set("schema", schema);
                return;
            }
            var tools =
                    request.get("tools") instanceof ArrayNode given
                            ? given
                            : request.putArray("tools");
            var tool = tools.addObject().put("name", structured);
            tool.put("description", AnswerTool.DESCRIPTION).set("input_schema", schema);
            var choice = request.putObject("tool_choice");
            if (asked.mayCall()) {
                choice.put("type", "any");
            } else {
                choice.put("type", "tool").put("name", structured);
            }
            if (Boolean.FALSE.equals(asked.parallel())) {
                choice.put("disable_parallel_tool_use", true);
            }
        }
    }
}
