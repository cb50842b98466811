package sluice.translate;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

/// The caller speaks Chat, the target Messages (facts/llm-protocols.md section 9).
///
/// Chosen where the facts leave a choice: a forced tool is stronger than thinking, which is left out then; of {@code
/// temperature} and {@code top_p} the first is sent, since newer models refuse both together; an effort for a model
/// that takes neither budgets nor adaptive thinking is left out.
final class ChatToMessages implements Pair {
    /// The tool that stands in for structured output.
    static final String STRUCTURED = "structured_output";

    private final InstantSource clock;
    private final Supplier<String> ids;

    ChatToMessages(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Translation begin(Bytes asked, String model, ModelTraits traits, Dropped dropped)
            throws NotJson {
        var chat = Tree.request(asked);
        var request = new Request(chat, traits, dropped);
        var sent = request.translated(model);
        var text =
                new ChatText(
                        clock.instant().getEpochSecond(),
                        model,
                        "chatcmpl-" + ids.get(),
                        Tree.isTrue(chat.path("stream_options"), "include_usage"));
        return new Call(Tree.print(sent), text, request.forcedTool);
    }

    /// One call: the request, and the answer as far as it came.
    private record Call(Bytes request, ChatText text, MessagesAnswer answer, String structured)
            implements Translation {
        Call(Bytes request, ChatText text, String structured) {
            this(request, text, new MessagesAnswer(text, structured), structured);
        }

        @Override
        public Bytes whole(Bytes reply) throws BrokenReply {
            var told = new WholeAnswer();
            var ending = new MessagesAnswer(told, structured).whole(reply);
            return text.whole(told, ending);
        }

        @Override
        public void event(SseEvent event, List<Bytes> out) throws BrokenReply {
            text.into(out);
            answer.event(event);
        }

        @Override
        public void end(List<Bytes> out) throws BrokenReply {
            text.into(out).end(answer.end());
        }

        @Override
        public Bytes failed(String type, @Nullable String code, String message) {
            return ErrorEvent.chat(type, code, message);
        }
    }

    /// One request on its way. The fields of the target are gathered here and put in order at the end.
    private static final class Request {
        private final ObjectNode chat;
        private final ModelTraits traits;
        private final Dropped dropped;

        private final ArrayNode system = Tree.array();
        private final ArrayNode messages = Tree.array();
        private ArrayNode tools = Tree.array();
        private @Nullable ObjectNode choice;
        private final ObjectNode outputConfig = Tree.object();
        private final ObjectNode sampling = Tree.object();
        private @Nullable ObjectNode thinking;
        private final long maxTokens;

        /// Whether tools were called before, and by which names.
        private final List<String> called = new ArrayList<>();

        /// Calls in the old form have no ids: these are the ones that wait for their result.
        private final Map<String, Deque<String>> waiting = new HashMap<>();

        /// The number of messages when the last result was added to the last of them, and how many results stand there:
        /// there may be a hundred thousand.
        private int answered;

        private int results;

        /// The name of the tool that stands in for structured output, empty without one.
        private String forcedTool = "";

        Request(ObjectNode chat, ModelTraits traits, Dropped dropped) throws NotJson {
            this.chat = chat;
            this.traits = traits;
            this.dropped = dropped;
            this.maxTokens = maxTokens();
        }

        ObjectNode translated(String model) throws NotJson {
            refuseOtherMeanings();
            readMessages();
            readTools();
            readChoice();
            readFormat();
            readReasoning();
            readSampling();
            var sent = Tree.object().put("model", model).put("max_tokens", maxTokens);
            setIfAny(sent, "system", system);
            sent.set("messages", messages);
            setIfAny(sent, "tools", tools);
            if (choice != null) {
                sent.set("tool_choice", choice);
            }
            if (thinking != null) {
                sent.set("thinking", thinking);
            }
            if (!outputConfig.isEmpty()) {
                sent.set("output_config", outputConfig);
            }
            sent.setAll(sampling);
            setIfAny(sent, "stop_sequences", stopSequences());
            if (!Tree.text(chat, "user").isEmpty()) {
                sent.putObject("metadata").put("user_id", Tree.text(chat, "user"));
            }
            if (Tree.isTrue(chat, "stream")) {
                sent.put("stream", true);
            }
            reportTheRest();
            return sent;
        }

        /// What stays behind and does not change the meaning. A field that is null or false asks for nothing.
        private void reportTheRest() {
            for (var field : chat.properties()) {
                switch (field.getKey()) {
                    case "model", "messages", "max_tokens", "max_completion_tokens" -> {}
                    case "tools", "tool_choice", "functions", "function_call" -> {}
                    case "parallel_tool_calls", "response_format", "reasoning_effort" -> {}
                    case "thinking", "temperature", "top_p", "top_k", "stop", "user" -> {}
                    case "stream", "stream_options", "n", "modalities" -> {}
                    default -> {
                        var value = field.getValue();
                        if (!value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
                            dropped.add(field.getKey());
                        }
                    }
                }
            }
        }

        private void refuseOtherMeanings() throws NotJson {
            var n = chat.path("n");
            if (!n.isMissingNode()
                    && !n.isNull()
                    && !(n.isNumber() && n.numberValue().doubleValue() == 1)) {
                throw NotJson.field("n", "must be 1: this model gives one answer to a call");
            }
            for (var modality : chat.path("modalities")) {
                if (!modality.isString() || !modality.stringValue().equals("text")) {
                    throw NotJson.field(
                            "modalities", "must be [\"text\"]: this model answers in text");
                }
            }
        }

        private long maxTokens() throws NotJson {
            for (var name : List.of("max_completion_tokens", "max_tokens")) {
                var given = chat.path(name);
                if (given.isMissingNode() || given.isNull()) {
                    continue;
                }
                if (!given.isIntegralNumber()
                        || !given.canConvertToLong()
                        || given.longValue() < 1) {
                    throw NotJson.field(name, "must be a whole number of at least 1");
                }
                return given.longValue();
            }
            return traits.maxOutputTokens();
        }

        private void readMessages() throws NotJson {
            var given = chat.path("messages");
            if (!given.isArray()) {
                throw NotJson.field("messages", "is missing or not an array");
            }
            for (int i = 0; i < given.size(); i++) {
                readMessage(given.path(i), "messages[" + i + "]");
            }
            if (messages.isEmpty()) {
                throw NotJson.field(
                        "messages",
                        "must hold a message of the user: this model needs one to answer");
            }
        }

        private void readMessage(JsonNode message, String path) throws NotJson {
            if (!message.isObject()) {
                throw NotJson.field(path, "must be an object");
            }
            if (message.has("name") && !Tree.text(message, "role").equals("function")) {
                dropped.add("messages[].name");
            }
            switch (Tree.text(message, "role")) {
                case "system", "developer" -> system.addAll(marked(message, texts(message, path)));
                case "user" -> {
                    var parts = marked(message, parts(message.path("content"), path));
                    if (!parts.isEmpty()) {
                        turn("user").addAll(parts);
                    }
                }
                case "assistant" -> readAssistant(message, path);
                case "tool" -> {
                    var id = Tree.text(message, "tool_call_id");
                    if (id.isEmpty()) {
                        throw NotJson.field(path + ".tool_call_id", "is missing");
                    }
                    addResult(id, marked(message, parts(message.path("content"), path)));
                }
                case "function" -> readFunctionResult(message, path);
                default ->
                        throw NotJson.field(
                                path + ".role",
                                "must be one of system, developer, user, assistant, tool");
            }
        }

        /// Thinking stands first, then text, then calls. Thinking that nobody vouches for would be refused.
        private void readAssistant(JsonNode message, String path) throws NotJson {
            if (message.path("audio").isObject()) {
                throw NotJson.field(path + ".audio", "is audio, which this model cannot take");
            }
            var blocks = Tree.array();
            readThinking(message, blocks);
            blocks.addAll(marked(message, texts(message, path)));
            addText(blocks, Tree.text(message, "refusal"), null);
            var calls = message.path("tool_calls");
            for (int i = 0; i < calls.size(); i++) {
                readCall(calls.path(i), path + ".tool_calls[" + i + "]", blocks);
            }
            var old = message.path("function_call");
            if (old.isObject()) {
                var id = "call_" + called.size();
                waiting.computeIfAbsent(Tree.text(old, "name"), _ -> new ArrayDeque<>()).add(id);
                addCall(id, old, path + ".function_call", blocks);
            }
            if (!blocks.isEmpty()) {
                turn("assistant").addAll(blocks);
            }
        }

        private void readThinking(JsonNode message, ArrayNode blocks) {
            var signature = Tree.text(message, "signature");
            var reasoning = Tree.text(message, "reasoning_content");
            boolean replayed = false;
            if (traits.reasoning() != Reasoning.NONE) {
                for (var block : message.path("thinking_blocks")) {
                    replayed |= addThinking(blocks, Tree.text(block, "thinking"), block);
                }
                for (var item : message.path("content")) {
                    for (var part : item.path("summary")) {
                        replayed |= addThinking(blocks, Tree.text(part, "text"), part);
                    }
                }
                if (!replayed && !signature.isEmpty()) {
                    replayed = addThinking(blocks, reasoning, message);
                }
            }
            if (!replayed && !reasoning.isEmpty()) {
                dropped.add("messages[].reasoning_content");
            }
            if (!replayed && message.path("thinking_blocks").size() > 0) {
                dropped.add("messages[].thinking_blocks");
            }
        }

        private static boolean addThinking(ArrayNode blocks, String thinking, JsonNode carrier) {
            var signature = Tree.text(carrier, "signature");
            var data = Tree.text(carrier, "data");
            if (!signature.isEmpty()) {
                blocks.addObject()
                        .put("type", "thinking")
                        .put("thinking", thinking)
                        .put("signature", signature);
            } else if (!data.isEmpty()) {
                blocks.addObject().put("type", "redacted_thinking").put("data", data);
            }
            return !signature.isEmpty() || !data.isEmpty();
        }

        private void readCall(JsonNode call, String path, ArrayNode blocks) throws NotJson {
            var id = Tree.text(call, "id");
            if (id.isEmpty()) {
                throw NotJson.field(path + ".id", "is missing");
            }
            if (!call.path("function").isObject()) {
                throw NotJson.field(path, "must be a call of a function");
            }
            var block = addCall(id, call.path("function"), path + ".function", blocks);
            copyMark(call, block);
        }

        private ObjectNode addCall(String id, JsonNode function, String path, ArrayNode blocks)
                throws NotJson {
            var name = Tree.text(function, "name");
            if (name.isEmpty()) {
                throw NotJson.field(path + ".name", "is missing");
            }
            called.add(name);
            var block = blocks.addObject().put("type", "tool_use").put("id", ToolIds.legal(id));
            block.put("name", name);
            block.set("input", MessagesText.input(Tree.text(function, "arguments")));
            return block;
        }

        /// Old results name the function only: they belong to the first call of it that waits.
        private void readFunctionResult(JsonNode message, String path) throws NotJson {
            var calls = waiting.get(Tree.text(message, "name"));
            var parts = parts(message.path("content"), path);
            if (calls == null || calls.isEmpty()) {
                turn("user").addAll(parts);
            } else {
                addResult(calls.remove(), parts);
            }
        }

        /// All results of a turn stand in one message, before anything else.
        private void addResult(String id, ArrayNode content) {
            var result = Tree.object().put("type", "tool_result");
            result.put("tool_use_id", ToolIds.legal(id));
            for (var block : content) {
                if (block.path("cache_control").isObject()) {
                    result.set("cache_control", block.path("cache_control"));
                    ((ObjectNode) block).remove("cache_control");
                }
            }
            if (content.size() == 1 && Tree.text(content.path(0), "type").equals("text")) {
                result.set("content", content.path(0).path("text"));
            } else {
                setIfAny(result, "content", content);
            }
            var turn = turn("user");
            if (messages.size() != answered) {
                answered = messages.size();
                results = 0;
            }
            turn.insert(results++, result);
        }

        /// The content of the last message when it is of this role, else of a new one.
        private ArrayNode turn(String role) {
            if (!messages.isEmpty()
                    && Tree.text(messages.path(messages.size() - 1), "role").equals(role)
                    && messages.path(messages.size() - 1).path("content")
                            instanceof ArrayNode open) {
                return open;
            }
            return messages.addObject().put("role", role).putArray("content");
        }

        /// Content of which only text is taken; Databricks' own items were read before.
        private ArrayNode texts(JsonNode message, String path) throws NotJson {
            var blocks = Tree.array();
            var content = message.path("content");
            if (content.isString()) {
                addText(blocks, content.stringValue(), null);
                return blocks;
            }
            for (int i = 0; i < content.size(); i++) {
                var part = content.path(i);
                switch (Tree.text(part, "type")) {
                    case "text" -> addText(blocks, Tree.text(part, "text"), part);
                    case "refusal" -> addText(blocks, Tree.text(part, "refusal"), part);
                    case "reasoning" -> {}
                    default -> throw NotJson.field(path + ".content[" + i + "]", "must be text");
                }
            }
            return blocks;
        }

        private ArrayNode parts(JsonNode content, String path) throws NotJson {
            var blocks = Tree.array();
            if (content.isString()) {
                addText(blocks, content.stringValue(), null);
                return blocks;
            }
            for (int i = 0; i < content.size(); i++) {
                readPart(content.path(i), path + ".content[" + i + "]", blocks);
            }
            return blocks;
        }

        private void readPart(JsonNode part, String path, ArrayNode blocks) throws NotJson {
            switch (Tree.text(part, "type")) {
                case "text" -> addText(blocks, Tree.text(part, "text"), part);
                case "image_url" -> {
                    var image = part.path("image_url");
                    var url = image.isString() ? image.stringValue() : Tree.text(image, "url");
                    if (image.has("detail") && !Tree.text(image, "detail").equals("auto")) {
                        dropped.add("image_url.detail");
                    }
                    var block = blocks.addObject().put("type", "image");
                    block.set("source", source(url, path + ".image_url.url"));
                    copyMark(part, block);
                }
                case "file" -> {
                    var file = part.path("file");
                    if (!file.path("file_data").isString()) {
                        throw NotJson.field(
                                path + ".file", "must hold the document itself, as file_data");
                    }
                    var block = blocks.addObject().put("type", "document");
                    block.set(
                            "source",
                            source(Tree.text(file, "file_data"), path + ".file.file_data"));
                    if (!Tree.text(file, "filename").isEmpty()) {
                        block.put("title", Tree.text(file, "filename"));
                    }
                    copyMark(part, block);
                }
                case "input_audio" ->
                        throw NotJson.field(path, "is audio, which this model cannot take");
                default ->
                        throw NotJson.field(
                                path, "must be of the type text, image_url or file for this model");
            }
        }

        private static ObjectNode source(String url, String path) throws NotJson {
            if (url.startsWith("http://") || url.startsWith("https://")) {
                return Tree.object().put("type", "url").put("url", url);
            }
            int comma = url.indexOf(',');
            if (!url.startsWith("data:") || comma < 0 || !url.startsWith(";base64", comma - 7)) {
                throw NotJson.field(path, "must be an http(s) URL or a data URL in base64");
            }
            int semicolon = url.indexOf(';');
            return Tree.object()
                    .put("type", "base64")
                    .put("media_type", url.substring("data:".length(), semicolon))
                    .put("data", url.substring(comma + 1));
        }

        /// Blank text would be refused.
        private static void addText(ArrayNode blocks, String text, @Nullable JsonNode part) {
            if (!text.isBlank()) {
                var block = blocks.addObject().put("type", "text").put("text", text);
                if (part != null) {
                    copyMark(part, block);
                }
            }
        }

        /// A mark on the whole message belongs on its last block.
        private static ArrayNode marked(JsonNode message, ArrayNode blocks) {
            if (!blocks.isEmpty() && blocks.path(blocks.size() - 1) instanceof ObjectNode last) {
                copyMark(message, last);
            }
            return blocks;
        }

        private static void copyMark(JsonNode from, ObjectNode to) {
            if (from.path("cache_control").isObject()) {
                to.set("cache_control", from.path("cache_control"));
            }
        }

        private void readTools() throws NotJson {
            var given = chat.path("tools");
            for (int i = 0; i < given.size(); i++) {
                var tool = given.path(i);
                var path = "tools[" + i + "]";
                if (Tree.text(tool, "type").equals("custom")) {
                    throw NotJson.field(path, "is a custom tool, which this model does not know");
                }
                if (tool.path("function").isObject()) {
                    copyMark(tool, addTool(tool.path("function"), path + ".function"));
                } else {
                    dropped.add(path);
                }
            }
            var functions = chat.path("functions");
            for (int i = 0; i < functions.size(); i++) {
                addTool(functions.path(i), "functions[" + i + "]");
            }
            if (tools.isEmpty() && !called.isEmpty()) {
                nameToolsOfThePast();
            }
        }

        private ObjectNode addTool(JsonNode function, String path) throws NotJson {
            var name = Tree.text(function, "name");
            if (name.isEmpty()) {
                throw NotJson.field(path + ".name", "is missing");
            }
            var tool = tools.addObject().put("name", name);
            if (function.path("description").isString()) {
                tool.set("description", function.path("description"));
            }
            tool.set("input_schema", objectSchema(function.path("parameters")));
            if (Tree.isTrue(function, "strict")) {
                if (traits.structuredOutput()) {
                    tool.put("strict", true);
                } else {
                    dropped.add("tools[].function.strict");
                }
            }
            copyMark(function, tool);
            return tool;
        }

        /// A history with calls is refused without tools: name them, and forbid them.
        private void nameToolsOfThePast() {
            for (var name : called.stream().distinct().toList()) {
                var tool = tools.addObject().put("name", name);
                tool.set("input_schema", objectSchema(Tree.object()));
            }
            choice = Tree.object().put("type", "none");
        }

        private static ObjectNode objectSchema(JsonNode given) {
            var schema = Tree.object();
            if (given instanceof ObjectNode object) {
                schema.setAll(object);
            }
            if (!Tree.text(schema, "type").equals("object")) {
                schema.put("type", "object");
            }
            if (schema.size() == 1) {
                schema.putObject("properties");
            }
            return schema;
        }

        private void readChoice() throws NotJson {
            if (tools.isEmpty() || choice != null) {
                return;
            }
            var given = chat.path("tool_choice");
            given = given.isMissingNode() ? chat.path("function_call") : given;
            if (given.isString()) {
                choice = Tree.object().put("type", choiceWord(given.stringValue()));
            } else if (given.path("allowed_tools").isObject()) {
                allowOnly(given.path("allowed_tools"));
            } else if (given.isObject()) {
                var function = given.path("function").isObject() ? given.path("function") : given;
                var name = Tree.text(function, "name");
                if (name.isEmpty()) {
                    throw NotJson.field("tool_choice.function.name", "is missing");
                }
                choice = Tree.object().put("type", "tool").put("name", name);
            }
            var parallel = chat.path("parallel_tool_calls");
            if (parallel.isBoolean() && !parallel.booleanValue()) {
                choice = choice == null ? Tree.object().put("type", "auto") : choice;
                if (!Tree.text(choice, "type").equals("none")) {
                    choice.put("disable_parallel_tool_use", true);
                }
            }
        }

        private static String choiceWord(String word) throws NotJson {
            return switch (word) {
                case "none" -> "none";
                case "auto" -> "auto";
                case "required" -> "any";
                default ->
                        throw NotJson.field(
                                "tool_choice", "must be none, auto, required or name a function");
            };
        }

        private void allowOnly(JsonNode allowed) throws NotJson {
            var names = new HashSet<String>();
            for (var tool : allowed.path("tools")) {
                names.add(Tree.text(tool.path("function"), "name"));
            }
            var kept = Tree.array();
            for (var tool : tools) {
                if (names.contains(Tree.text(tool, "name"))) {
                    kept.add(tool);
                }
            }
            if (kept.isEmpty()) {
                throw NotJson.field("tool_choice.allowed_tools", "names none of the tools");
            }
            tools = kept;
            var mode = Tree.text(allowed, "mode");
            choice = Tree.object().put("type", choiceWord(mode.isEmpty() ? "auto" : mode));
        }

        private void readFormat() throws NotJson {
            var format = chat.path("response_format");
            if (format.isMissingNode() || format.isNull()) {
                return;
            }
            var schema =
                    switch (Tree.text(format, "type")) {
                        case "text" -> null;
                        case "json_object" ->
                                Tree.object()
                                        .put("type", "object")
                                        .put("additionalProperties", true);
                        case "json_schema" -> format.at("/json_schema/schema");
                        default ->
                                throw NotJson.field(
                                        "response_format.type",
                                        "must be text, json_object or json_schema");
                    };
            if (schema == null) {
                return;
            }
            if (!schema.isObject()) {
                throw NotJson.field("response_format.json_schema.schema", "must be an object");
            }
            if (traits.structuredOutput()) {
                outputConfig.putObject("format").put("type", "json_schema").set("schema", schema);
            } else {
                force(schema, format.path("json_schema"));
            }
        }

        /// A tool whose arguments are the answer. Where the caller's own tools may be called, any of them may be; where
        /// one of them must be, there is no answer to form.
        private void force(JsonNode schema, JsonNode described) {
            var kind = choice == null ? "auto" : Tree.text(choice, "type");
            if (kind.equals("any") || kind.equals("tool")) {
                return;
            }
            forcedTool = STRUCTURED;
            while (hasTool(forcedTool)) {
                forcedTool += "_";
            }
            boolean alone = tools.isEmpty() || kind.equals("none");
            var tool = tools.addObject().put("name", forcedTool);
            var description = Tree.text(described, "description");
            tool.put("description", description.isEmpty() ? "Gives the answer." : description);
            tool.set("input_schema", objectSchema(schema));
            choice =
                    alone
                            ? Tree.object().put("type", "tool").put("name", forcedTool)
                            : Tree.object().put("type", "any");
        }

        private boolean hasTool(String name) {
            return tools.valueStream().anyMatch(tool -> Tree.text(tool, "name").equals(name));
        }

        private void readReasoning() throws NotJson {
            var given = chat.path("reasoning_effort");
            if (given.isString()) {
                var effort = Effort.of(given.stringValue());
                if (effort == null) {
                    throw NotJson.field("reasoning_effort", Effort.WORDS);
                }
                if (effort != Effort.NONE) {
                    think("reasoning_effort", effort, effort.budget(maxTokens));
                }
                return;
            }
            var extra = chat.path("thinking");
            switch (Tree.text(extra, "type")) {
                case "enabled" -> {
                    long budget = UsageTree.count(extra, "budget_tokens");
                    think("thinking", Effort.ofBudget(budget), Effort.capped(budget, maxTokens));
                }
                case "adaptive" -> think("thinking", Effort.HIGH, Effort.HIGH.budget(maxTokens));
                default -> {
                    // Not thinking is what happens when nothing is said.
                }
            }
        }

        /// @param budget 0 when there is no room to think
        private void think(String field, Effort effort, long budget) {
            boolean forced =
                    choice != null && List.of("any", "tool").contains(Tree.text(choice, "type"));
            switch (traits.reasoning()) {
                case NONE, EFFORT -> dropped.add(field);
                case BUDGET -> {
                    if (forced || budget < Effort.LEAST_BUDGET || isAmongCallsWithoutThinking()) {
                        dropped.add(field);
                    } else {
                        thinking =
                                Tree.object().put("type", "enabled").put("budget_tokens", budget);
                    }
                }
                case ADAPTIVE -> {
                    outputConfig.put("effort", effort.wordFromLow());
                    if (forced) {
                        dropped.add(field);
                    } else {
                        thinking = Tree.object().put("type", "adaptive");
                    }
                }
            }
        }

        /// With a budget, a turn that calls tools must begin with its signed thinking. Callers that do not keep it have
        /// none to send back.
        private boolean isAmongCallsWithoutThinking() {
            for (int i = messages.size() - 1; i >= 0; i--) {
                var message = messages.path(i);
                var first = Tree.text(message.path("content").path(0), "type");
                if (Tree.text(message, "role").equals("user")) {
                    if (!first.equals("tool_result")) {
                        return false;
                    }
                } else {
                    return !first.endsWith("thinking");
                }
            }
            return false;
        }

        private void readSampling() throws NotJson {
            var temperature = number("temperature");
            var topP = number("top_p");
            var topK = number("top_k");
            if (temperature != null) {
                if (!traits.sampling()
                        || (thinking != null && temperature.numberValue().doubleValue() != 1)) {
                    dropped.add("temperature");
                } else if (temperature.numberValue().doubleValue() > 1) {
                    sampling.put("temperature", 1);
                } else {
                    sampling.set("temperature", temperature);
                }
            }
            if (topP != null) {
                boolean tooWide = thinking != null && topP.numberValue().doubleValue() < 0.95;
                if (!traits.sampling() || tooWide || sampling.has("temperature")) {
                    dropped.add("top_p");
                } else {
                    sampling.set("top_p", topP);
                }
            }
            if (topK != null) {
                if (!traits.sampling() || thinking != null) {
                    dropped.add("top_k");
                } else {
                    sampling.set("top_k", topK);
                }
            }
        }

        private @Nullable JsonNode number(String field) throws NotJson {
            var given = chat.path(field);
            if (given.isMissingNode() || given.isNull()) {
                return null;
            }
            if (!given.isNumber()) {
                throw NotJson.field(field, "must be a number");
            }
            return given;
        }

        private ArrayNode stopSequences() throws NotJson {
            var given = chat.path("stop");
            var sequences = Tree.array();
            if (given.isMissingNode() || given.isNull()) {
                return sequences;
            }
            var all = given.isArray() ? given : Tree.array().add(given);
            for (var sequence : all) {
                if (!sequence.isString()) {
                    throw NotJson.field("stop", "must be a string or an array of strings");
                }
                if (sequence.stringValue().isBlank()) {
                    dropped.add("stop");
                } else {
                    sequences.add(sequence);
                }
            }
            return sequences;
        }

        private static void setIfAny(ObjectNode object, String field, ArrayNode values) {
            if (!values.isEmpty()) {
                object.set(field, values);
            }
        }
    }
}
