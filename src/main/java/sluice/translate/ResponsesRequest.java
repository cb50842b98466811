package sluice.translate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.call.ModelTraits;
import sluice.json.JsonText;
import sluice.json.NotJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a request in the Responses dialect asks (facts/llm-protocols.md section 5), read once for every target that
/// speaks another: its items put together to turns, its tools in one form. What would need a store of earlier responses
/// is refused here; what no other dialect knows is left out and named.
final class ResponsesRequest {
    /// The one field of the function that stands for a custom tool.
    static final String CUSTOM_INPUT = "input";

    /// What a tool takes that says nothing of it. Nobody changes it.
    static final JsonNode NO_SCHEMA =
            Tree.object().put("type", "object").set("properties", Tree.object());

    /// What comes back in the response as it was asked, with what stands there when it was not.
    private static final Map<String, String> ECHO = echoed();

    /// A part of what somebody says.
    sealed interface Part {
        record Text(String text) implements Part {}

        /// @param url where it lies, or the image itself as a data URI
        record Image(String url, @Nullable String detail, String field) implements Part {}

        /// @param data the file itself as a data URI; null when {@code url} says where it lies
        record File(
                @Nullable String data, @Nullable String url, @Nullable String name, String field)
                implements Part {}
    }

    /// What the model said before, in its order.
    sealed interface Said {
        record Text(String text) implements Said {}

        record Call(String id, String name, String arguments) implements Said {}

        /// A thought that the gateway sealed when it told it, as the target wrote it.
        record Thought(ObjectNode block) implements Said {}
    }

    record Answer(String callId, List<Part> parts) {}

    /// Turns alternate, whatever the order of the items was.
    sealed interface Turn {
        record Model(List<Said> said) implements Turn {}

        /// @param answers to the calls of the turn before; they come first
        record Caller(List<Answer> answers, List<Part> parts) implements Turn {}
    }

    /// @param parameters null when the tool says nothing of them
    record Tool(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            boolean strict) {

        /// A tool that takes nothing still has to say that it takes an object.
        JsonNode schema() {
            return parameters == null ? NO_SCHEMA : parameters;
        }
    }

    /// Which tool has to be called: {@code auto}, {@code none}, {@code required}, or {@code function} with its name.
    record Choice(String mode, @Nullable String name) {}

    /// The form of the answer.
    ///
    /// @param schema null when any JSON object will do
    record Format(
            String name,
            @Nullable JsonNode schema,
            @Nullable JsonNode strict,
            @Nullable String description) {}

    private final ObjectNode tree;
    private final Dropped dropped;

    private final List<String> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    /// The turn of each call by its id, the last one where a caller gives an id twice.
    private final Map<String, Integer> calledIn = new HashMap<>();

    private final List<Tool> tools = new ArrayList<>();
    private final Set<String> custom = new HashSet<>();
    private final Map<String, Bytes> echo = new LinkedHashMap<>();
    private @Nullable Choice choice;
    private @Nullable Format format;
    private @Nullable String effort;
    private boolean sealing;

    private ResponsesRequest(ObjectNode tree, Dropped dropped) {
        this.tree = tree;
        this.dropped = dropped;
    }

    static ResponsesRequest read(Bytes asked, Dropped dropped) throws NotJson {
        var request = new ResponsesRequest(Tree.request(asked), dropped);
        request.refuseWhatNeedsAStore();
        request.readFields();
        request.readTools();
        request.readChoice();
        request.readInput();
        request.keepForEcho();
        return request;
    }

    /// The instructions and all items of {@code system} and {@code developer}, in their order.
    List<String> system() {
        return system;
    }

    List<Turn> turns() {
        return turns;
    }

    /// True when calls are answered whose turn the caller sent back without the thought that led to them.
    boolean answersWithoutThought() {
        return turns.size() > 1
                && turns.getLast() instanceof Turn.Caller(var answers, _)
                && !answers.isEmpty()
                && turns.get(turns.size() - 2) instanceof Turn.Model(var said)
                && !(said.getFirst() instanceof Said.Thought);
    }

    List<Tool> tools() {
        return tools;
    }

    /// Null when nothing was said, or when there is nothing to choose from.
    @Nullable Choice choice() {
        return choice;
    }

    /// One of the tools has to be called.
    boolean mustCall() {
        return choice != null && Set.of("required", "function").contains(choice.mode());
    }

    /// A tool may be called and need not be.
    boolean mayCall() {
        return !tools.isEmpty() && (choice == null || choice.mode().equals("auto"));
    }

    /// The names of the tools that were called before.
    Set<String> called() {
        var names = new LinkedHashSet<String>();
        for (var turn : turns) {
            if (turn instanceof Turn.Model(var said)) {
                said.forEach(one ->
                        names.addAll(
                                one instanceof Said.Call call ? Set.of(call.name()) : Set.of()));
            }
        }
        return names;
    }

    @Nullable Format format() {
        return format;
    }

    /// How hard to think; null when nothing was said.
    @Nullable String effort() {
        return effort;
    }

    boolean streamed() {
        return tree.path("stream").asBoolean(false);
    }

    /// True when the caller keeps the conversation itself and wants its thoughts in a form that it can send back.
    boolean sealing() {
        return sealing;
    }

    /// A number or a text of the request as it was written; null when it has none.
    @Nullable JsonNode scalar(String name) throws NotJson {
        var value = tree.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isContainer()) {
            throw NotJson.field(name, "must be a single value");
        }
        return value;
    }

    /// The most tokens the model may write: as asked, or all that it can.
    long limit(ModelTraits traits) throws NotJson {
        var asked = scalar("max_output_tokens");
        if (asked == null) {
            return traits.maxOutputTokens();
        }
        if (!asked.isIntegralNumber() || !asked.canConvertToLong() || asked.longValue() < 1) {
            throw NotJson.field("max_output_tokens", "must be a whole number of at least 1");
        }
        return asked.longValue();
    }

    /// @param answerIsTool the answer itself is a tool that has to be called
    Thinking thinking(long limit, boolean answerIsTool, ModelTraits traits, Dropped dropped)
            throws NotJson {
        boolean forced = answerIsTool || mustCall();
        return Thinking.asked(effort, limit, forced, traits, "reasoning.effort", dropped);
    }

    /// Writes how to sample, as far as the model may be told it.
    void sampling(ObjectNode request, Thinking thinking, ModelTraits traits, Dropped dropped)
            throws NotJson {
        for (var name : List.of("temperature", "top_p")) {
            var value = scalar(name);
            if (value == null) {
                continue;
            }
            if (!value.isNumber()) {
                throw NotJson.field(name, "must be a number");
            }
            boolean free = !thinking.isOn() || value.decimalValue().compareTo(BigDecimal.ONE) == 0;
            if (traits.sampling() && free) {
                request.set(name, value);
            } else {
                dropped.add(name);
            }
        }
    }

    /// @return null when nothing was said
    @Nullable Boolean parallel() throws NotJson {
        var parallel = scalar("parallel_tool_calls");
        return parallel == null ? null : Boolean.valueOf(parallel.asBoolean(true));
    }

    /// Who asks, as the caller names its own users.
    @Nullable String user() throws NotJson {
        var user = scalar("user");
        user = user == null ? scalar("safety_identifier") : user;
        return user == null || user.asString("").isBlank() ? null : user.asString("");
    }

    /// How many words to use; null when nothing was said.
    @Nullable String verbosity() {
        return optional(tree.path("text"), "verbosity");
    }

    /// True when the caller wants to read what the model thinks.
    boolean wantsThoughts() {
        return !tree.path("reasoning").path("summary").asString("none").equals("none");
    }

    boolean isCustom(String tool) {
        return custom.contains(tool);
    }

    /// What clients expect back in the response.
    void echo(JsonText response) {
        echo.forEach(response::field);
    }

    /// Takes the text out of the one field that a custom tool's function has. A model that wrote anything else meant
    /// that to be the text.
    static String customInput(String arguments) {
        var whole = Tree.inText(arguments);
        var input = whole == null ? null : whole.get(CUSTOM_INPUT);
        return input != null && input.isString() ? input.stringValue() : arguments;
    }

    private void refuseWhatNeedsAStore() throws NotJson {
        refuse("previous_response_id", "asks for an earlier response, and none is kept here");
        refuse("conversation", "asks for a conversation, and none is kept here");
        if (tree.path("background").asBoolean(false)) {
            throw NotJson.field(
                    "background", "asks to run on without the caller; send it without, and stream");
        }
        var prompt = tree.get("prompt");
        if (prompt != null && !prompt.isNull()) {
            throw NotJson.field(
                    "prompt", "names a stored prompt, and none is kept here; send its text");
        }
    }

    private void refuse(String name, String why) throws NotJson {
        var value = tree.get(name);
        if (value != null && !value.isNull()) {
            throw NotJson.field(name, why + "; send the items before in 'input'");
        }
    }

    private void readFields() throws NotJson {
        for (var field : tree.properties()) {
            var value = field.getValue();
            if (value.isNull()) {
                continue;
            }
            switch (field.getKey()) {
                case "model",
                        "stream",
                        "input",
                        "instructions",
                        "tools",
                        "tool_choice",
                        "parallel_tool_calls",
                        "max_output_tokens",
                        "temperature",
                        "top_p",
                        "user",
                        "metadata",
                        "store",
                        "background" -> {}
                case "safety_identifier" -> {
                    if (tree.hasNonNull("user")) {
                        dropped.add("safety_identifier");
                    }
                }
                case "reasoning" -> readReasoning(value);
                case "text" -> readText(value);
                case "include" -> readInclude(value);
                case "truncation" -> dropUnless(value, "truncation", Set.of("disabled"));
                case "service_tier" -> dropUnless(value, "service_tier", Set.of("auto", "default"));
                case "stream_options" -> {
                    if (value.path("include_obfuscation").asBoolean(false)) {
                        dropped.add("stream_options.include_obfuscation");
                    }
                }
                default -> dropped.add(field.getKey());
            }
        }
    }

    private void dropUnless(JsonNode value, String field, Set<String> meaningless) {
        if (!meaningless.contains(value.asString(""))) {
            dropped.add(field);
        }
    }

    private void readReasoning(JsonNode reasoning) throws NotJson {
        if (!reasoning.isObject()) {
            throw NotJson.field("reasoning", "must be an object");
        }
        for (var field : reasoning.properties()) {
            switch (field.getKey()) {
                // A target tells what it tells of its thoughts; all of it is passed on.
                case "summary", "generate_summary" -> {}
                case "effort" ->
                        effort =
                                field.getValue().isNull()
                                        ? null
                                        : string(field.getValue(), "reasoning.effort");
                default -> {
                    if (!field.getValue().isNull()) {
                        dropped.add("reasoning." + field.getKey());
                    }
                }
            }
        }
    }

    private void readText(JsonNode text) throws NotJson {
        if (!text.isObject()) {
            throw NotJson.field("text", "must be an object");
        }
        for (var field : text.properties()) {
            switch (field.getKey()) {
                case "format" -> readFormat(field.getValue());
                case "verbosity" -> {}
                default -> dropped.add("text." + field.getKey());
            }
        }
    }

    private void readFormat(JsonNode asked) throws NotJson {
        if (asked.isNull()) {
            return;
        }
        switch (asked.path("type").asString("")) {
            case "text" -> {}
            case "json_object" -> format = new Format("json_object", null, null, null);
            case "json_schema" -> {
                if (!asked.path("schema").isObject()) {
                    throw NotJson.field("text.format.schema", "must be an object");
                }
                format =
                        new Format(
                                asked.path("name").asString("answer"),
                                asked.path("schema"),
                                asked.get("strict"),
                                optional(asked, "description"));
            }
            default ->
                    throw NotJson.field(
                            "text.format.type", "must be text, json_object or json_schema");
        }
    }

    private void readInclude(JsonNode include) {
        for (var one : include) {
            if (one.asString("").equals("reasoning.encrypted_content")) {
                sealing = true;
            } else {
                dropped.add("include");
            }
        }
    }

    private void readTools() throws NotJson {
        var asked = list("tools");
        for (int i = 0; i < asked.size(); i++) {
            var tool = asked.get(i);
            var type = tool.path("type").asString("");
            switch (type) {
                case "function" ->
                        tools.add(
                                new Tool(
                                        name(tool, "tools[" + i + "]"),
                                        optional(tool, "description"),
                                        tool.hasNonNull("parameters")
                                                ? tool.get("parameters")
                                                : null,
                                        tool.path("strict").asBoolean(false)));
                case "custom" -> tools.add(customTool(tool, "tools[" + i + "]"));
                default -> dropped.add("tools[]." + (type.isEmpty() ? "type" : type));
            }
        }
    }

    /// A tool that takes free text becomes a function of one string. A grammar cannot be enforced, but the model can be
    /// told it.
    private Tool customTool(JsonNode tool, String field) throws NotJson {
        var name = name(tool, field);
        custom.add(name);
        var description = new StringBuilder(tool.path("description").asString(""));
        var form = tool.path("format");
        if (form.path("type").asString("").equals("grammar")) {
            description.append(description.isEmpty() ? "" : "\n\n");
            description
                    .append("The input must follow this ")
                    .append(form.path("syntax").asString(""))
                    .append(" grammar:\n")
                    .append(form.path("definition").asString(""));
            dropped.add("tools[].format");
        }
        var parameters = Tree.object();
        parameters.put("type", "object");
        var input = parameters.putObject("properties").putObject(CUSTOM_INPUT);
        input.put("type", "string").put("description", "The input of the tool, as plain text.");
        parameters.putArray("required").add(CUSTOM_INPUT);
        parameters.put("additionalProperties", false);
        return new Tool(
                name, description.isEmpty() ? null : description.toString(), parameters, false);
    }

    private void readChoice() throws NotJson {
        var asked = tree.get("tool_choice");
        if (asked == null || asked.isNull()) {
            return;
        }
        if (asked.path("type").asString("").equals("allowed_tools")) {
            allowOnly(asked.path("tools"));
            asked = asked.path("mode");
        }
        if (asked.isString()) {
            chooseFreely(asked.asString());
            return;
        }
        var name = asked.path("name").asString("");
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw NotJson.field("tool_choice", "names a tool that the target cannot be given");
        }
        choice = new Choice("function", name);
    }

    private void chooseFreely(String mode) throws NotJson {
        if (!Set.of("auto", "none", "required").contains(mode)) {
            throw NotJson.field(
                    "tool_choice", "must be auto, none, required, or an object that names a tool");
        }
        if (tools.isEmpty() && mode.equals("required")) {
            throw NotJson.field(
                    "tool_choice", "requires a tool, and the target can be given none of them");
        }
        choice = tools.isEmpty() ? null : new Choice(mode, null);
    }

    /// What may not be called need not be shown.
    private void allowOnly(JsonNode allowed) {
        var names = new HashSet<String>();
        allowed.forEach(tool -> names.add(tool.path("name").asString("")));
        tools.removeIf(tool -> !names.contains(tool.name()));
    }

    private void readInput() throws NotJson {
        var instructions = scalar("instructions");
        if (instructions != null) {
            instruct(string(instructions, "instructions"));
        }
        var input = tree.get("input");
        if (input == null || input.isNull()) {
            throw NotJson.field("input", "is missing");
        }
        if (input.isString()) {
            caller().parts().add(new Part.Text(input.asString()));
        } else if (input instanceof ArrayNode items) {
            for (int i = 0; i < items.size(); i++) {
                readItem(items.get(i), "input[" + i + "]");
            }
        } else {
            throw NotJson.field("input", "must be a string or an array of items");
        }
        turns.removeIf(turn ->
                switch (turn) {
                    case Turn.Caller(var answers, var parts) ->
                            answers.isEmpty() && parts.isEmpty();
                    case Turn.Model(var said) -> said.isEmpty();
                });
        if (turns.isEmpty()) {
            throw NotJson.field("input", "holds nothing that the model could answer to");
        }
    }

    private void readItem(JsonNode item, String field) throws NotJson {
        if (!item.isObject()) {
            throw NotJson.field(field, "must be an object");
        }
        var type = item.path("type").asString(item.has("role") ? "message" : "");
        switch (type) {
            case "message" -> readMessage(item, field);
            case "function_call" -> called(item, item.path("arguments").asString("{}"), field);
            case "custom_tool_call" -> {
                var arguments = Tree.object();
                arguments.put(CUSTOM_INPUT, item.path("input").asString(""));
                called(item, Tree.printed(arguments), field);
            }
            case "function_call_output", "custom_tool_call_output" -> readAnswer(item, field);
            case "reasoning" -> readThought(item);
            case "item_reference" ->
                    throw NotJson.field(
                            field, "refers to a stored item, and none is kept here; send the item");
            case "" -> throw NotJson.field(field + ".type", "is missing");
            default -> dropped.add("input[]." + type);
        }
    }

    private void readMessage(JsonNode item, String field) throws NotJson {
        var role = item.path("role").asString("");
        switch (role) {
            case "system", "developer" -> {
                for (var part : parts(item.path("content"), field + ".content")) {
                    if (!(part instanceof Part.Text(var text))) {
                        throw NotJson.field(field + ".content", "must be text for " + role);
                    }
                    instruct(text);
                }
            }
            case "user" -> caller().parts().addAll(parts(item.path("content"), field + ".content"));
            case "assistant" -> {
                for (var part : parts(item.path("content"), field + ".content")) {
                    if (!(part instanceof Part.Text(var text))) {
                        throw NotJson.field(field + ".content", "must be text for assistant");
                    }
                    model().said().add(new Said.Text(text));
                }
            }
            default ->
                    throw NotJson.field(
                            field + ".role", "must be user, assistant, system or developer");
        }
    }

    private void instruct(String text) {
        if (!text.isBlank()) {
            system.add(text);
        }
    }

    private void called(JsonNode item, String arguments, String field) throws NotJson {
        var name = name(item, field);
        var callId = callId(item, field);
        model().said().add(new Said.Call(callId, name, arguments));
        calledIn.put(callId, turns.size() - 1);
    }

    /// An answer belongs behind the calls it answers, whatever was said in between.
    private void readAnswer(JsonNode item, String field) throws NotJson {
        var callId = callId(item, field);
        var output = item.path("output");
        var parts = parts(output, field + ".output");
        var turn = calledIn.get(callId);
        if (turn == null) {
            throw NotJson.field(field + ".call_id", "answers no call that comes before it");
        }
        if (turn == turns.size() - 1) {
            caller();
        }
        if (turns.get(turn + 1) instanceof Turn.Caller(var answers, _)) {
            answers.add(new Answer(callId, parts));
        }
    }

    private void readThought(JsonNode item) {
        var block = SealedThought.open(item.path("encrypted_content").asString(""));
        if (block == null) {
            dropped.add("input[].reasoning");
        } else {
            model().said().add(new Said.Thought(block));
        }
    }

    private Turn.Caller caller() {
        if (turns.isEmpty() || !(turns.getLast() instanceof Turn.Caller)) {
            turns.add(new Turn.Caller(new ArrayList<>(), new ArrayList<>()));
        }
        return (Turn.Caller) turns.getLast();
    }

    private Turn.Model model() {
        if (turns.isEmpty() || !(turns.getLast() instanceof Turn.Model)) {
            turns.add(new Turn.Model(new ArrayList<>()));
        }
        return (Turn.Model) turns.getLast();
    }

    /// Blank text is left out: targets refuse it.
    private List<Part> parts(JsonNode content, String field) throws NotJson {
        var parts = new ArrayList<Part>();
        if (content.isString()) {
            addText(parts, content.asString());
            return parts;
        }
        if (!content.isArray()) {
            throw NotJson.field(field, "must be a string or an array of parts");
        }
        for (int i = 0; i < content.size(); i++) {
            readPart(content.get(i), field + "[" + i + "]", parts);
        }
        return parts;
    }

    private void readPart(JsonNode part, String field, List<Part> parts) throws NotJson {
        var type = part.path("type").asString("");
        switch (type) {
            case "input_text", "output_text", "text", "summary_text" ->
                    addText(parts, part.path("text").asString(""));
            case "refusal" -> addText(parts, part.path("refusal").asString(""));
            case "input_image" -> {
                refuseFileId(part, field);
                var url = optional(part, "image_url");
                if (url == null) {
                    throw NotJson.field(field + ".image_url", "must be a URL or a data URI");
                }
                parts.add(new Part.Image(url, optional(part, "detail"), field + ".image_url"));
            }
            case "input_file" -> {
                refuseFileId(part, field);
                var data = optional(part, "file_data");
                var url = optional(part, "file_url");
                if (data == null && url == null) {
                    throw NotJson.field(field, "must have 'file_data' or 'file_url'");
                }
                parts.add(new Part.File(data, url, optional(part, "filename"), field));
            }
            default ->
                    throw NotJson.field(
                            field + ".type", "is of a kind that the target cannot be given");
        }
    }

    private static void addText(List<Part> parts, String text) {
        if (!text.isBlank()) {
            parts.add(new Part.Text(text));
        }
    }

    private static void refuseFileId(JsonNode part, String field) throws NotJson {
        if (part.hasNonNull("file_id")) {
            throw NotJson.field(
                    field + ".file_id",
                    "names a stored file, and none is kept here; send the data");
        }
    }

    private ArrayNode list(String name) throws NotJson {
        var value = tree.get(name);
        if (value == null || value.isNull()) {
            return Tree.array();
        }
        if (value instanceof ArrayNode list) {
            return list;
        }
        throw NotJson.field(name, "must be an array");
    }

    private static String callId(JsonNode item, String field) throws NotJson {
        var id = item.path("call_id").asString("");
        if (id.isEmpty()) {
            throw NotJson.field(field + ".call_id", "is missing");
        }
        return id;
    }

    private static String name(JsonNode named, String field) throws NotJson {
        var name = named.path("name").asString("");
        if (name.isEmpty()) {
            throw NotJson.field(field + ".name", "is missing");
        }
        return name;
    }

    private static @Nullable String optional(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString() ? value.asString() : null;
    }

    private static String string(JsonNode value, String field) throws NotJson {
        if (!value.isString()) {
            throw NotJson.field(field, "must be a string");
        }
        return value.asString();
    }

    private void keepForEcho() {
        ECHO.forEach((name, absent) -> {
            var value = tree.get(name);
            boolean kept = value != null && !value.isNull();
            echo.put(name, kept ? Tree.print(value) : Bytes.utf8(absent));
        });
    }

    private static Map<String, String> echoed() {
        var echoed = new LinkedHashMap<String, String>();
        for (var name :
                List.of(
                        "instructions",
                        "max_output_tokens",
                        "max_tool_calls",
                        "temperature",
                        "top_p")) {
            echoed.put(name, "null");
        }
        echoed.put("parallel_tool_calls", "true");
        echoed.put("previous_response_id", "null");
        echoed.put("reasoning", "{\"effort\":null,\"summary\":null}");
        echoed.put("text", "{\"format\":{\"type\":\"text\"}}");
        echoed.put("tool_choice", "\"auto\"");
        echoed.put("tools", "[]");
        echoed.put("truncation", "\"disabled\"");
        echoed.put("metadata", "{}");
        echoed.put("user", "null");
        return new LinkedHashMap<>(echoed);
    }
}
