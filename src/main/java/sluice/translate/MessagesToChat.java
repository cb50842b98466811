package sluice.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.call.ModelTraits.Reasoning;
import sluice.json.NotJson;
import sluice.protocol.ErrorEvent;
import sluice.protocol.sse.SseEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The caller speaks Messages, the target Chat (facts/llm-protocols.md section 10, and 14 for Databricks).
///
/// Chosen where the facts leave a choice: system messages in the middle move up, since Databricks takes one only; a
/// forced tool is stronger than thinking; {@code strict} of a tool is left out, since half of the targets refuse it.
final class MessagesToChat implements Pair {
    private static final int LONGEST_USER = 64;

    private final Supplier<String> ids;
    private final String maxTokensField;

    /// @param maxTokensField {@code max_tokens}, which most servers take, or {@code max_completion_tokens}, which
    ///     OpenAI's newer models demand
    MessagesToChat(Supplier<String> ids, String maxTokensField) {
        this.ids = ids;
        this.maxTokensField = maxTokensField;
    }

    @Override
    public Translation begin(Bytes asked, String model, ModelTraits traits, Dropped dropped)
            throws NotJson {
        var request = new Request(Tree.request(asked), traits, dropped);
        var sent = request.translated(model, maxTokensField);
        return new Call(Tree.print(sent), new MessagesText(model, ids.get()), request.forcedTool);
    }

    /// One call: the request, and the answer as far as it came.
    private static final class Call implements Translation {
        private final Bytes request;
        private final MessagesText text;
        private final ChatAnswer answer;
        private final String structured;
        private boolean ended;

        Call(Bytes request, MessagesText text, String structured) {
            this.request = request;
            this.text = text;
            this.answer = new ChatAnswer(text, structured);
            this.structured = structured;
        }

        @Override
        public Bytes request() {
            return request;
        }

        @Override
        public Bytes whole(Bytes reply) throws BrokenReply {
            var told = new WholeAnswer();
            var ending = new ChatAnswer(told, structured).whole(reply);
            return text.whole(told, ending);
        }

        /// Usage may still follow the finish, so the end is told with the terminator, or else when the stream ends.
        @Override
        public void event(SseEvent event, List<Bytes> out) throws BrokenReply {
            text.into(out);
            answer.event(event);
            if (answer.isDone()) {
                end(out);
            }
        }

        @Override
        public void end(List<Bytes> out) throws BrokenReply {
            if (!ended) {
                text.into(out).end(answer.end());
                ended = true;
            }
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return ErrorEvent.messages(type, message);
        }
    }

    /// One request on its way.
    private static final class Request {
        private final ObjectNode asked;
        private final ModelTraits traits;
        private final Dropped dropped;

        private final ArrayNode system = Tree.array();
        private final ArrayNode messages = Tree.array();
        private final ArrayNode tools = Tree.array();
        private @Nullable JsonNode choice;
        private @Nullable ObjectNode format;
        private final ObjectNode reasoning = Tree.object();
        private final List<String> called = new ArrayList<>();

        /// The name of the tool that stands in for structured output, empty without one.
        private String forcedTool = "";

        Request(ObjectNode asked, ModelTraits traits, Dropped dropped) {
            this.asked = asked;
            this.traits = traits;
            this.dropped = dropped;
        }

        ObjectNode translated(String model, String maxTokensField) throws NotJson {
            readSystem(asked.path("system"), "system");
            readMessages();
            readTools();
            readChoice();
            readFormat();
            readReasoning();
            var sent = Tree.object().put("model", model);
            var all = sent.putArray("messages");
            if (!system.isEmpty()) {
                content(all.addObject().put("role", "system"), system);
            }
            all.addAll(messages);
            setMaxTokens(sent, maxTokensField);
            if (!tools.isEmpty()) {
                sent.set("tools", tools);
                if (choice != null) {
                    sent.set("tool_choice", choice);
                }
                setParallel(sent);
            }
            sent.setAll(reasoning);
            if (format != null) {
                sent.set("response_format", format);
            }
            setSampling(sent);
            if (asked.path("stop_sequences").size() > 0) {
                sent.set("stop", asked.path("stop_sequences"));
            }
            var user = Tree.text(asked.path("metadata"), "user_id");
            if (!user.isEmpty()) {
                sent.put("user", cut(user));
            }
            if (Tree.isTrue(asked, "stream")) {
                sent.put("stream", true).putObject("stream_options").put("include_usage", true);
            }
            reportTheRest();
            return sent;
        }

        private void reportTheRest() {
            for (var field : asked.properties()) {
                switch (field.getKey()) {
                    case "model", "messages", "system", "max_tokens", "tools", "tool_choice" -> {}
                    case "thinking", "output_config", "temperature", "top_p" -> {}
                    case "stop_sequences", "metadata", "stream" -> {}
                    case "service_tier" -> {
                        if (!Tree.text(asked, "service_tier").equals("auto")) {
                            dropped.add("service_tier");
                        }
                    }
                    default -> {
                        if (!field.getValue().isNull()) {
                            dropped.add(field.getKey());
                        }
                    }
                }
            }
        }

        /// The boundaries of blocks stay, for the marks they may carry.
        private void readSystem(JsonNode given, String path) throws NotJson {
            if (given.isString()) {
                addText(system, given.stringValue(), given);
            }
            for (int i = 0; i < given.size(); i++) {
                if (!Tree.text(given.path(i), "type").equals("text")) {
                    throw NotJson.field(path + "[" + i + "]", "must be text");
                }
                addText(system, Tree.text(given.path(i), "text"), given.path(i));
            }
        }

        private void readMessages() throws NotJson {
            var given = asked.path("messages");
            if (!given.isArray()) {
                throw NotJson.field("messages", "is missing or not an array");
            }
            for (int i = 0; i < given.size(); i++) {
                var message = given.path(i);
                var path = "messages[" + i + "]";
                switch (Tree.text(message, "role")) {
                    case "user" -> readUser(message.path("content"), path);
                    case "assistant" -> readAssistant(message.path("content"), path);
                    case "system" -> readSystem(message.path("content"), path + ".content");
                    default -> throw NotJson.field(path + ".role", "must be user or assistant");
                }
            }
            if (messages.isEmpty()) {
                throw NotJson.field("messages", "must hold a message that is not empty");
            }
        }

        /// Results first, each as a message of its own, then what else the user says.
        private void readUser(JsonNode content, String path) throws NotJson {
            var parts = Tree.array();
            if (content.isString()) {
                addText(parts, content.stringValue(), content);
            }
            for (int i = 0; i < content.size(); i++) {
                var block = content.path(i);
                var at = path + ".content[" + i + "]";
                if (Tree.text(block, "type").equals("tool_result")) {
                    addResult(block, at, parts);
                } else {
                    addPart(block, at, parts);
                }
            }
            if (!parts.isEmpty()) {
                content(messages.addObject().put("role", "user"), parts);
            }
        }

        /// A tool's message is text only: pictures follow in the message of the user.
        private void addResult(JsonNode block, String path, ArrayNode parts) throws NotJson {
            var id = Tree.text(block, "tool_use_id");
            if (id.isEmpty()) {
                throw NotJson.field(path + ".tool_use_id", "is missing");
            }
            var content = block.path("content");
            var texts = new ArrayList<String>();
            if (content.isString()) {
                texts.add(content.stringValue());
            }
            for (int i = 0; i < content.size(); i++) {
                var part = content.path(i);
                switch (Tree.text(part, "type")) {
                    case "image" -> {
                        texts.add("(The image follows in the next message of the user.)");
                        addPart(part, path + ".content[" + i + "]", parts);
                    }
                    case "tool_reference" -> texts.add(Tree.text(part, "tool_name"));
                    default -> texts.add(extracted(part, path + ".content[" + i + "]"));
                }
            }
            texts.removeIf(String::isBlank);
            var text = String.join("\n", texts);
            boolean failed = Tree.isTrue(block, "is_error");
            var told = failed ? ("Error: " + text).strip() : text.isEmpty() ? "(no output)" : text;
            var message = messages.addObject().put("role", "tool").put("tool_call_id", id);
            var only = Tree.array();
            addText(only, told, block);
            content(message, only);
        }

        private void addPart(JsonNode block, String path, ArrayNode parts) throws NotJson {
            if (Tree.text(block, "type").equals("image")) {
                var part = parts.addObject().put("type", "image_url");
                part.putObject("image_url").put("url", url(block.path("source"), path));
                mark(block, part);
            } else {
                addText(parts, extracted(block, path), block);
            }
        }

        /// The text of a block that has some; empty for one that this dialect knows nothing like.
        private String extracted(JsonNode block, String path) throws NotJson {
            return switch (Tree.text(block, "type")) {
                case "text" -> Tree.text(block, "text");
                case "document" -> document(block, path);
                case "search_result" -> {
                    var lines = new ArrayList<String>();
                    lines.add(Tree.text(block, "title"));
                    lines.add(Tree.text(block, "source"));
                    block.path("content").forEach(part -> lines.add(Tree.text(part, "text")));
                    lines.removeIf(String::isBlank);
                    yield String.join("\n", lines);
                }
                default -> {
                    dropped.add("messages[].content[]");
                    yield "";
                }
            };
        }

        private static String document(JsonNode block, String path) throws NotJson {
            var source = block.path("source");
            var lines = new ArrayList<String>();
            lines.add(Tree.text(block, "title"));
            lines.add(Tree.text(block, "context"));
            switch (Tree.text(source, "type")) {
                case "text" -> lines.add(Tree.text(source, "data"));
                case "content" -> {
                    if (source.path("content").isString()) {
                        lines.add(source.path("content").stringValue());
                    }
                    for (var part : source.path("content")) {
                        if (!Tree.text(part, "type").equals("text")) {
                            throw NotJson.field(path + ".source.content", "must be text");
                        }
                        lines.add(Tree.text(part, "text"));
                    }
                }
                default ->
                        throw NotJson.field(
                                path + ".source",
                                "must be text: this model takes no other document");
            }
            lines.removeIf(String::isBlank);
            return String.join("\n", lines);
        }

        private static String url(JsonNode source, String path) throws NotJson {
            return switch (Tree.text(source, "type")) {
                case "base64" ->
                        "data:"
                                + Tree.text(source, "media_type")
                                + ";base64,"
                                + Tree.text(source, "data");
                case "url" -> Tree.text(source, "url");
                default ->
                        throw NotJson.field(
                                path + ".source",
                                "must be base64 or a URL: this model takes no files");
            };
        }

        private void readAssistant(JsonNode content, String path) throws NotJson {
            var parts = Tree.array();
            var calls = Tree.array();
            var thoughts = Tree.array();
            if (content.isString()) {
                addText(parts, content.stringValue(), content);
            }
            for (int i = 0; i < content.size(); i++) {
                var block = content.path(i);
                switch (Tree.text(block, "type")) {
                    case "text" -> addText(parts, Tree.text(block, "text"), block);
                    case "thinking", "redacted_thinking" -> thoughts.add(block);
                    case "tool_use" -> addCall(block, path + ".content[" + i + "]", calls);
                    default -> dropped.add("messages[].content[]");
                }
            }
            if (parts.isEmpty() && calls.isEmpty()) {
                if (!thoughts.isEmpty()) {
                    dropped.add("messages[].content[].thinking");
                }
                return;
            }
            var message = messages.addObject().put("role", "assistant");
            setAssistantContent(message, parts, thoughts);
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
        }

        /// Databricks' Claude takes its signed thinking back among the content; other models that take any, beside it.
        private void setAssistantContent(ObjectNode message, ArrayNode parts, ArrayNode thoughts) {
            var items = Tree.array();
            if (!traits.thinkingBack()) {
                if (!thoughts.isEmpty()) {
                    dropped.add("messages[].content[].thinking");
                }
            } else if (traits.cacheMarks()) {
                thoughts.forEach(block -> addReasoning(block, items));
            } else {
                setReasoningBeside(message, thoughts);
            }
            if (parts.isEmpty() && items.isEmpty()) {
                message.putNull("content");
            } else if (items.isEmpty() && !isMarked(parts)) {
                var text = new StringBuilder();
                parts.forEach(part -> text.append(Tree.text(part, "text")));
                message.put("content", text.toString());
            } else {
                message.set("content", items.addAll(parts));
            }
        }

        private void addReasoning(JsonNode block, ArrayNode items) {
            var signature = Tree.text(block, "signature");
            var data = Tree.text(block, "data");
            if (signature.isEmpty() && data.isEmpty()) {
                dropped.add("messages[].content[].thinking");
                return;
            }
            var part = items.addObject().put("type", "reasoning").putArray("summary").addObject();
            if (data.isEmpty()) {
                part.put("type", "summary_text");
                part.put("text", Tree.text(block, "thinking")).put("signature", signature);
            } else {
                part.put("type", "summary_encrypted_text").put("data", data);
            }
        }

        private static void setReasoningBeside(ObjectNode message, ArrayNode thoughts) {
            var text = new StringBuilder();
            var signed = Tree.array();
            for (var block : thoughts) {
                text.append(Tree.text(block, "thinking"));
                if (block.has("data") || !Tree.text(block, "signature").isEmpty()) {
                    signed.add(block);
                }
            }
            if (!text.isEmpty()) {
                message.put("reasoning_content", text.toString());
            }
            if (!signed.isEmpty()) {
                message.set("thinking_blocks", signed);
            }
        }

        private void addCall(JsonNode block, String path, ArrayNode calls) throws NotJson {
            var id = Tree.text(block, "id");
            var name = Tree.text(block, "name");
            if (id.isEmpty() || name.isEmpty()) {
                throw NotJson.field(path, "must have an id and a name");
            }
            called.add(name);
            var input = block.path("input");
            var call = calls.addObject().put("id", id).put("type", "function");
            call.putObject("function")
                    .put("name", name)
                    .put("arguments", input.isObject() ? Tree.printed(input) : "{}");
            mark(block, call);
        }

        /// Blank text would be refused by some.
        private void addText(ArrayNode parts, String text, JsonNode block) {
            if (!text.isBlank()) {
                mark(block, parts.addObject().put("type", "text").put("text", text));
            }
        }

        private void mark(JsonNode from, ObjectNode to) {
            if (from.path("cache_control").isObject()) {
                if (traits.cacheMarks()) {
                    to.set("cache_control", from.path("cache_control"));
                } else {
                    dropped.add("cache_control");
                }
            }
        }

        /// One plain text is a string, which every server takes.
        private static void content(ObjectNode message, ArrayNode parts) {
            boolean plain =
                    parts.size() == 1
                            && Tree.text(parts.path(0), "type").equals("text")
                            && !isMarked(parts);
            message.set("content", plain ? parts.path(0).path("text") : parts);
        }

        private static boolean isMarked(ArrayNode parts) {
            return parts.valueStream().anyMatch(part -> part.has("cache_control"));
        }

        private void setMaxTokens(ObjectNode sent, String field) throws NotJson {
            var given = asked.path("max_tokens");
            if (given.isMissingNode() || given.isNull()) {
                return;
            }
            if (!given.isIntegralNumber() || !given.canConvertToLong() || given.longValue() < 1) {
                throw NotJson.field(
                        "max_tokens", "must be a whole number of at least 1 for this model");
            }
            sent.set(field, given);
        }

        private void readTools() throws NotJson {
            var given = asked.path("tools");
            for (int i = 0; i < given.size(); i++) {
                var tool = given.path(i);
                var type = Tree.text(tool, "type");
                if (!type.isEmpty() && !type.equals("custom")) {
                    dropped.add("tools[" + i + "]");
                    continue;
                }
                var name = Tree.text(tool, "name");
                if (name.isEmpty()) {
                    throw NotJson.field("tools[" + i + "].name", "is missing");
                }
                var sent = addTool(name, tool.path("description"), tool.path("input_schema"));
                mark(tool, sent);
                for (var field : tool.properties()) {
                    switch (field.getKey()) {
                        case "type", "name", "description", "input_schema", "cache_control" -> {}
                        default -> dropped.add("tools[]." + field.getKey());
                    }
                }
            }
            if (tools.isEmpty() && !called.isEmpty()) {
                for (var name : called.stream().distinct().toList()) {
                    addTool(name, Tree.object(), Tree.object());
                }
                choice = Tree.array().add("none").path(0);
            }
        }

        private ObjectNode addTool(String name, JsonNode description, JsonNode schema) {
            var tool = tools.addObject().put("type", "function");
            var function = tool.putObject("function").put("name", name);
            if (description.isString()) {
                function.set("description", description);
            }
            if (schema.isObject() && !schema.isEmpty()) {
                function.set("parameters", schema);
            } else {
                function.putObject("parameters").put("type", "object").putObject("properties");
            }
            return tool;
        }

        private void readChoice() throws NotJson {
            var given = asked.path("tool_choice");
            if (tools.isEmpty() || choice != null || !given.isObject()) {
                return;
            }
            switch (Tree.text(given, "type")) {
                case "auto" -> choose("auto");
                case "any" -> choose("required");
                case "none" -> choose("none");
                case "tool" -> {
                    var name = Tree.text(given, "name");
                    if (name.isEmpty()) {
                        throw NotJson.field("tool_choice.name", "is missing");
                    }
                    choose(name, tools);
                }
                default ->
                        throw NotJson.field(
                                "tool_choice.type", "must be one of auto, any, tool, none");
            }
        }

        private void choose(String word) {
            choice = Tree.array().add(word).path(0);
        }

        /// A choice of a tool that was left out would be refused.
        private void choose(String name, ArrayNode among) {
            if (among.valueStream()
                    .anyMatch(tool -> Tree.text(tool.path("function"), "name").equals(name))) {
                var chosen = Tree.object().put("type", "function");
                chosen.putObject("function").put("name", name);
                choice = chosen;
            } else {
                dropped.add("tool_choice");
            }
        }

        private void setParallel(ObjectNode sent) {
            var disabled = asked.path("tool_choice").path("disable_parallel_tool_use");
            if (disabled.isBoolean()) {
                sent.put("parallel_tool_calls", !disabled.booleanValue());
            }
        }

        private void readFormat() throws NotJson {
            var given = asked.path("output_config").path("format");
            if (!given.isObject()) {
                return;
            }
            var schema = given.path("schema");
            if (!Tree.text(given, "type").equals("json_schema") || !schema.isObject()) {
                throw NotJson.field("output_config.format", "must be a json_schema with a schema");
            }
            if (traits.structuredOutput()) {
                format = Tree.object().put("type", "json_schema");
                format.putObject("json_schema")
                        .put("name", ChatToMessages.STRUCTURED)
                        .set("schema", schema);
            } else if (!isForced()) {
                force(schema);
            }
        }

        /// A tool whose arguments are the answer. Where the caller's own tools may be called, any of them may be.
        private void force(JsonNode schema) {
            forcedTool = ChatToMessages.STRUCTURED;
            while (tools.valueStream()
                    .anyMatch(t -> Tree.text(t.path("function"), "name").equals(forcedTool))) {
                forcedTool += "_";
            }
            boolean alone =
                    tools.isEmpty()
                            || (choice != null
                                    && choice.isString()
                                    && choice.stringValue().equals("none"));
            addTool(forcedTool, Tree.array().add("Gives the answer.").path(0), schema);
            if (alone) {
                choose(forcedTool, tools);
            } else {
                choose("required");
            }
        }

        private boolean isForced() {
            return choice != null && (choice.isObject() || choice.stringValue().equals("required"));
        }

        private void readReasoning() throws NotJson {
            var thinking = asked.path("thinking");
            var word = Tree.text(asked.path("output_config"), "effort");
            var effort = Effort.of(word);
            if (!word.isEmpty() && effort == null) {
                throw NotJson.field("output_config.effort", Effort.WORDS);
            }
            switch (Tree.text(thinking, "type")) {
                case "enabled" -> {
                    long budget = UsageTree.count(thinking, "budget_tokens");
                    think("thinking", effort == null ? Effort.ofBudget(budget) : effort, budget);
                }
                case "adaptive" -> {
                    var told = effort == null ? Effort.HIGH : effort;
                    think("thinking", told, told.budget(Long.MAX_VALUE));
                }
                default -> {
                    if (effort != null) {
                        adviseOnly(effort);
                    }
                }
            }
        }

        private void think(String field, Effort effort, long budget) {
            switch (traits.reasoning()) {
                case NONE -> dropped.add(field);
                case EFFORT -> reasoning.put("reasoning_effort", effort.word());
                case BUDGET -> {
                    long most = UsageTree.count(asked, "max_tokens");
                    long capped = Effort.capped(budget, most == 0 ? Long.MAX_VALUE : most);
                    if (isForced() || capped < Effort.LEAST_BUDGET) {
                        dropped.add(field);
                    } else {
                        reasoning
                                .putObject("thinking")
                                .put("type", "enabled")
                                .put("budget_tokens", capped);
                    }
                }
                case ADAPTIVE -> {
                    if (isForced()) {
                        dropped.add(field);
                    } else {
                        reasoning.putObject("thinking").put("type", "adaptive");
                    }
                    reasoning.putObject("output_config").put("effort", effort.wordFromLow());
                }
            }
        }

        /// An effort without thinking.
        private void adviseOnly(Effort effort) {
            switch (traits.reasoning()) {
                case NONE, BUDGET -> dropped.add("output_config.effort");
                case EFFORT -> reasoning.put("reasoning_effort", effort.word());
                case ADAPTIVE ->
                        reasoning.putObject("output_config").put("effort", effort.wordFromLow());
            }
        }

        private void setSampling(ObjectNode sent) throws NotJson {
            for (var field : List.of("temperature", "top_p")) {
                var given = asked.path(field);
                if (given.isMissingNode() || given.isNull()) {
                    continue;
                }
                if (!given.isNumber()) {
                    throw NotJson.field(field, "must be a number");
                }
                boolean refused =
                        traits.reasoning() != Reasoning.EFFORT
                                && reasoning.has("thinking")
                                && (field.equals("temperature")
                                        ? given.numberValue().doubleValue() != 1
                                        : given.numberValue().doubleValue() < 0.95);
                if (!traits.sampling() || refused) {
                    dropped.add(field);
                } else {
                    sent.set(field, given);
                }
            }
        }

        /// Counted in characters as people do, so that none is cut in two.
        private static String cut(String user) {
            return user.codePointCount(0, user.length()) <= LONGEST_USER
                    ? user
                    : user.substring(0, user.offsetByCodePoints(0, LONGEST_USER));
        }
    }
}
