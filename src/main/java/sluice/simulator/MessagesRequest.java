package sluice.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads requests in Anthropic's dialect, as strictly as the real one (facts: llm-protocols, 4). What Databricks
/// refuses beyond that (facts: databricks, 3.1) it says in words of its own.
final class MessagesRequest {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "max_tokens",
                    "messages",
                    "system",
                    "cache_control",
                    "container",
                    "context_management",
                    "inference_geo",
                    "mcp_servers",
                    "metadata",
                    "output_config",
                    "service_tier",
                    "stop_sequences",
                    "stream",
                    "temperature",
                    "thinking",
                    "tool_choice",
                    "tools",
                    "top_k",
                    "top_p");
    private static final int BUDGET_MIN = 1024;

    private final Body body;
    private final String model;
    private final Surface asked;

    private MessagesRequest(Body body, String model, Surface asked) {
        this.body = body.on(Surface.ANTHROPIC);
        this.model = model;
        this.asked = asked;
    }

    /// {@code asked} is the surface that passes the dialect through.
    static Asked read(Body body, String model, Surface asked) throws Refused {
        var request = new MessagesRequest(body, model, asked);
        request.checkMaxTokens();
        return request.asked();
    }

    /// The same without an answer to limit.
    static Asked count(Body body, String model, Surface asked) throws Refused {
        return new MessagesRequest(body, model, asked).asked();
    }

    /// True when thinking is to be signed, but not shown.
    static boolean omitsThinking(Body body) {
        return "omitted".equals(body.object("thinking").get("display"));
    }

    private Asked asked() throws Refused {
        body.only(FIELDS);
        checkSampling();
        checkThinking();
        var messages = new ArrayList<Asked.Message>();
        var system = Asked.text(body.fields().get("system"));
        if (!system.isEmpty()) {
            messages.add(new Asked.Message("system", system));
        }
        checkBlocks(body.fields().get("system"), "system");
        messages.addAll(messages());
        return new Asked(
                body.flag("stream"),
                false,
                body.number("max_tokens", 0),
                messages,
                tools(),
                choice(),
                Asked.texts(body.fields().get("stop_sequences")),
                thinks());
    }

    private void checkMaxTokens() throws Refused {
        if (!(body.fields().get("max_tokens") instanceof Number most)) {
            throw body.bad("max_tokens: Field required");
        }
        if (most.intValue() < 0) {
            throw body.bad("max_tokens: must be greater than or equal to 0");
        }
    }

    private void checkSampling() throws Refused {
        for (var field : List.of("temperature", "top_p", "top_k")) {
            if (body.says(field) && Family.adaptiveOnly(model)) {
                throw body.bad("`" + field + "` is not supported by this model.");
            }
        }
        if (body.fields().get("temperature") instanceof Number temperature) {
            double value = temperature.doubleValue();
            if (value < 0 || value > 1) {
                throw body.bad("temperature: range: 0..1");
            }
            if (thinks() && value != 1) {
                throw body.bad("`temperature` may only be set to 1 when thinking is enabled.");
            }
        }
    }

    private void checkThinking() throws Refused {
        var thinking = body.object("thinking");
        if ("enabled".equals(thinking.get("type"))) {
            if (Family.adaptiveOnly(model)) {
                throw body.bad(
                        "thinking.type: 'enabled' is not supported by this model; use 'adaptive'"
                                + " and output_config.effort.");
            }
            if (!(thinking.get("budget_tokens") instanceof Number budget)) {
                throw body.bad("thinking.enabled.budget_tokens: Field required");
            }
            if (budget.intValue() < BUDGET_MIN) {
                throw body.bad(
                        "thinking.enabled.budget_tokens: Input should be greater than or equal to "
                                + BUDGET_MIN);
            }
            if (body.says("max_tokens") && budget.intValue() >= body.number("max_tokens", 0)) {
                throw body.bad("`max_tokens` must be greater than `thinking.budget_tokens`.");
            }
        }
        var choice = body.object("tool_choice").get("type");
        if (thinks() && ("any".equals(choice) || "tool".equals(choice))) {
            throw body.bad("Thinking may not be enabled when tool_choice forces tool use.");
        }
    }

    private boolean thinks() {
        var type = body.object("thinking").get("type");
        return "enabled".equals(type) || "adaptive".equals(type);
    }

    private List<Asked.Message> messages() throws Refused {
        var items = body.list("messages");
        if (items.isEmpty()) {
            throw body.bad("messages: at least one message is required");
        }
        var messages = new ArrayList<Asked.Message>(items.size());
        Set<String> called = Set.of();
        for (int at = 0; at < items.size(); at++) {
            var where = "messages." + at;
            if (!(items.get(at) instanceof Map<?, ?> message)) {
                throw body.bad(where + ": Input should be an object");
            }
            for (var field : message.keySet()) {
                if (!field.equals("role") && !field.equals("content")) {
                    throw body.unknown(where + "." + field);
                }
            }
            var role = role(message, where, at);
            var content = message.get("content");
            checkContent(content, where, at == items.size() - 1 && role.equals("assistant"));
            checkBlocks(content, where + ".content");
            if (!role.equals("system")) {
                checkResults(content, called, at);
                called = role.equals("assistant") ? ids(content, "tool_use", "id") : Set.of();
            }
            messages.add(said(role, content));
        }
        if (!called.isEmpty()) {
            throw unanswered(items.size() - 1, called);
        }
        return messages;
    }

    private String role(Map<?, ?> message, String where, int at) throws Refused {
        if (!(message.get("role") instanceof String role)) {
            throw body.bad(where + ".role: Field required");
        }
        boolean known = role.equals("user") || role.equals("assistant") || role.equals("system");
        if (!known) {
            throw body.bad(
                    where
                            + ": Unexpected role \""
                            + role
                            + "\". Allowed roles are \"user\" or \"assistant\".");
        }
        if (at == 0 && !role.equals("user")) {
            throw body.bad("messages: first message must use the \"user\" role");
        }
        return role;
    }

    private void checkContent(@Nullable Object content, String where, boolean prefill)
            throws Refused {
        boolean empty =
                switch (content) {
                    case String text -> text.isEmpty();
                    case List<?> blocks -> blocks.isEmpty();
                    case null, default -> throw body.bad(where + ".content: Field required");
                };
        if (empty && !prefill) {
            throw body.bad(
                    where
                            + ": all messages must have non-empty content except for the optional"
                            + " final assistant message");
        }
    }

    private void checkBlocks(@Nullable Object content, String where) throws Refused {
        if (!(content instanceof List<?> blocks)) {
            return;
        }
        for (int at = 0; at < blocks.size(); at++) {
            if (!(blocks.get(at) instanceof Map<?, ?> block)
                    || !(block.get("type") instanceof String type)) {
                throw body.bad(where + "." + at + ".type: Field required");
            }
            checkScope(block, where + "." + at);
            switch (type) {
                case "text" -> {
                    if (!(block.get("text") instanceof String text) || text.isEmpty()) {
                        throw body.bad("messages: text content blocks must be non-empty");
                    }
                }
                case "thinking" -> checkSigned(block, where + "." + at);
                case "redacted_thinking" -> checkText(block, "data", where + "." + at);
                case "tool_use" -> {
                    checkText(block, "id", where + "." + at);
                    checkText(block, "name", where + "." + at);
                    if (!(block.get("input") instanceof Map<?, ?>)) {
                        throw body.bad(
                                where + "." + at + ".tool_use.input: Input should be an object");
                    }
                }
                case "tool_result" -> checkText(block, "tool_use_id", where + "." + at);
                default -> {}
            }
        }
    }

    private void checkSigned(Map<?, ?> block, String where) throws Refused {
        if (!(block.get("thinking") instanceof String thinking)) {
            throw body.bad(where + ".thinking.thinking: Field required");
        }
        if (!(block.get("signature") instanceof String signature) || signature.isEmpty()) {
            throw body.bad(where + ".thinking.signature: Field required");
        }
        if (!Signature.fits(thinking, signature)) {
            throw body.bad(where + ": Invalid `signature` in `thinking` block");
        }
    }

    private void checkText(Map<?, ?> block, String field, String where) throws Refused {
        if (!(block.get(field) instanceof String text) || text.isEmpty()) {
            throw body.bad(where + "." + block.get("type") + "." + field + ": Field required");
        }
    }

    /// Every call of the turn before is answered here, before anything else is said, and nothing else is answered.
    private void checkResults(@Nullable Object content, Set<String> called, int at) throws Refused {
        var answered = ids(content, "tool_result", "tool_use_id");
        for (var id : answered) {
            if (!called.contains(id)) {
                throw body.bad(
                        "messages."
                                + at
                                + ".content: unexpected `tool_use_id` found in `tool_result`"
                                + " blocks: "
                                + id
                                + ". Each `tool_result` block must have a corresponding `tool_use`"
                                + " block in the previous message.");
            }
        }
        if (!answered.containsAll(called)) {
            throw unanswered(
                    at - 1,
                    called.stream()
                            .filter(id -> !answered.contains(id))
                            .collect(Collectors.toSet()));
        }
        boolean other = false;
        if (content instanceof List<?> blocks) {
            for (var block : blocks) {
                boolean result =
                        block instanceof Map<?, ?> some && "tool_result".equals(some.get("type"));
                if (result && other) {
                    throw body.bad(
                            "messages."
                                    + at
                                    + ".content: `tool_result` blocks must come before all other"
                                    + " content");
                }
                other |= !result;
            }
        }
    }

    private Refused unanswered(int at, Set<String> ids) {
        return body.bad(
                "messages."
                        + at
                        + ": `tool_use` ids were found without `tool_result` blocks immediately"
                        + " after: "
                        + ids.stream().sorted().collect(Collectors.joining(", "))
                        + ". Each `tool_use` block must have a corresponding `tool_result` block in"
                        + " the next message.");
    }

    private List<Asked.Tool> tools() throws Refused {
        var tools = new ArrayList<Asked.Tool>();
        int at = 0;
        for (var item : body.list("tools")) {
            var where = "tools." + at++;
            if (!(item instanceof Map<?, ?> tool) || !(tool.get("name") instanceof String name)) {
                throw body.bad(where + ".name: Field required");
            }
            boolean own = !(tool.get("type") instanceof String type) || type.equals("custom");
            if (own && !(tool.get("input_schema") instanceof Map<?, ?>)) {
                throw body.bad(where + ".custom.input_schema: Field required");
            }
            checkScope(tool, where);
            if (asked.databricks() && tool.containsKey("eager_input_streaming")) {
                throw validator(where + ".custom.eager_input_streaming");
            }
            if (asked.databricks() && !own) {
                throw validator(where + "." + tool.get("type"));
            }
            if (own) {
                tools.add(Asked.Tool.of(name, tool.get("input_schema")));
            }
        }
        return tools;
    }

    private String choice() {
        var choice = body.object("tool_choice");
        return switch (choice.get("type")) {
            case String type when type.equals("any") -> "required";
            case String type when type.equals("none") -> "none";
            case String type
                    when type.equals("tool") && choice.get("name") instanceof String name ->
                    name;
            case null, default -> "auto";
        };
    }

    private void checkScope(Map<?, ?> holder, String where) throws Refused {
        if (asked.databricks()
                && holder.get("cache_control") instanceof Map<?, ?> cache
                && cache.containsKey("scope")) {
            throw validator(where + ".cache_control.ephemeral.scope");
        }
    }

    /// The validator of Databricks speaks before Anthropic does, and not as it does.
    private Refused validator(String field) {
        var message = Json.object("message", field + ": Extra inputs are not permitted");
        return new Refused(
                asked == Surface.GATEWAY
                        ? Answer.json(400, message)
                        : asked.error(400, "BAD_REQUEST", Json.text(message)));
    }

    private static Asked.Message said(String role, @Nullable Object content) {
        if (content instanceof List<?> blocks) {
            for (var block : blocks) {
                if (block instanceof Map<?, ?> result && "tool_result".equals(result.get("type"))) {
                    return new Asked.Message("tool", Asked.text(result.get("content")));
                }
            }
        }
        return new Asked.Message(role, Asked.text(content));
    }

    private static Set<String> ids(@Nullable Object content, String type, String field) {
        return content instanceof List<?> blocks
                ? blocks.stream()
                        .filter(block ->
                                block instanceof Map<?, ?> some && type.equals(some.get("type")))
                        .map(block -> String.valueOf(((Map<?, ?>) block).get(field)))
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
