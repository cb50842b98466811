package sluice.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads chat requests, as strictly as the surface does. A provider takes any field; Databricks takes those it knows,
/// and of these the ones that fit the model (facts: databricks, 3.1 and 3.4).
final class ChatRequest {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "messages",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "stop",
                    "n",
                    "stream",
                    "stream_options",
                    "tools",
                    "tool_choice",
                    "response_format",
                    "logprobs",
                    "top_logprobs",
                    "reasoning_effort",
                    "thinking",
                    "output_config",
                    "google_search");
    private static final Set<String> SERVING_FIELDS = Set.of("client_request_id", "usage_context");
    private static final Set<String> MESSAGE_FIELDS =
            Set.of("role", "content", "tool_calls", "tool_call_id");
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

    private final Body body;
    private final String model;
    private final Surface surface;
    private final Family family;

    private ChatRequest(Body body, String model, Surface surface) {
        this.body = body;
        this.model = model;
        this.surface = surface;
        this.family = Family.of(model);
    }

    /// What the body asks of the model, which it need not name itself.
    static Asked read(Body body, String model, Surface surface) throws Refused {
        return new ChatRequest(body, model, surface).asked();
    }

    private Asked asked() throws Refused {
        if (surface.databricks()) {
            checkFields();
            checkThinking();
        }
        return new Asked(
                body.flag("stream"),
                Boolean.TRUE.equals(body.object("stream_options").get("include_usage")),
                body.number("max_tokens", body.number("max_completion_tokens", 0)),
                messages(),
                tools(),
                choice(body.fields().get("tool_choice")),
                Asked.texts(body.fields().get("stop")),
                surface.databricks() && thinks());
    }

    private void checkFields() throws Refused {
        for (var field : body.fields().keySet()) {
            boolean fits =
                    switch (field) {
                        case "thinking", "output_config" -> family.is(Family.CLAUDE);
                        case "reasoning_effort" -> family != Family.CLAUDE;
                        case "google_search" -> family.is(Family.GEMINI);
                        case "stream_options" -> family != Family.GEMINI;
                        case "temperature", "top_p", "top_k" -> !Family.adaptiveOnly(model);
                        case "store" -> family.is(Family.GPT);
                        default ->
                                FIELDS.contains(field)
                                        || (surface == Surface.SERVING
                                                && SERVING_FIELDS.contains(field));
                    };
            if (!fits) {
                throw body.unknown(field);
            }
        }
    }

    private void checkThinking() throws Refused {
        var thinking = body.object("thinking");
        if (!"enabled".equals(thinking.get("type"))) {
            return;
        }
        if (Family.adaptiveOnly(model)) {
            throw body.bad("thinking.type: 'enabled' is not supported by this model");
        }
        int most = body.number("max_tokens", 0);
        if (thinking.get("budget_tokens") instanceof Number budget
                && most > 0
                && budget.intValue() >= most) {
            throw body.bad("max_tokens must be greater than thinking.budget_tokens");
        }
    }

    private boolean thinks() {
        var type = body.object("thinking").get("type");
        return "enabled".equals(type) || "adaptive".equals(type);
    }

    private List<Asked.Message> messages() throws Refused {
        var items = body.list("messages");
        if (items.isEmpty()) {
            throw body.bad("messages: Field required");
        }
        var messages = new ArrayList<Asked.Message>(items.size());
        for (var item : items) {
            messages.add(message(item, "messages." + messages.size(), messages.isEmpty()));
        }
        return messages;
    }

    private Asked.Message message(@Nullable Object item, String where, boolean first)
            throws Refused {
        if (!(item instanceof Map<?, ?> message)) {
            throw body.bad("The request body must be a JSON object.");
        }
        if (!(message.get("role") instanceof String role)) {
            throw body.bad(where + ".role: Field required");
        }
        if (surface.databricks()) {
            for (var field : message.keySet()) {
                if (!MESSAGE_FIELDS.contains(String.valueOf(field))) {
                    throw body.unknown(where + "." + field);
                }
            }
            if (!ROLES.contains(role)) {
                throw body.bad(
                        where + ".role: Input should be one of " + "system, user, assistant, tool");
            }
            if (role.equals("system") && !first) {
                throw body.bad(where + ".role: a system message may only come first");
            }
            if (family == Family.CLAUDE && blank(message.get("content"))) {
                throw body.bad(where + ".content: text content blocks must be non-empty");
            }
        }
        return new Asked.Message(role, Asked.text(message.get("content")));
    }

    private static boolean blank(@Nullable Object content) {
        return switch (content) {
            case String text -> text.isEmpty();
            case List<?> parts ->
                    parts.stream()
                            .anyMatch(part ->
                                    part instanceof Map<?, ?> block
                                            && "text".equals(block.get("type"))
                                            && block.get("text") instanceof String text
                                            && text.isBlank());
            case null, default -> false;
        };
    }

    private List<Asked.Tool> tools() throws Refused {
        var tools = new ArrayList<Asked.Tool>();
        for (var item : body.list("tools")) {
            if (item instanceof Map<?, ?> tool
                    && tool.get("function") instanceof Map<?, ?> function
                    && function.get("name") instanceof String name) {
                if (surface.databricks()
                        && function.containsKey("strict")
                        && !family.is(Family.GPT)) {
                    throw body.unknown("tools." + tools.size() + ".function.strict");
                }
                tools.add(Asked.Tool.of(name, function.get("parameters")));
            }
        }
        return tools;
    }

    private static String choice(@Nullable Object sent) {
        return switch (sent) {
            case String word -> word;
            case Map<?, ?> named
                    when named.get("function") instanceof Map<?, ?> function
                            && function.get("name") instanceof String name ->
                    name;
            case null, default -> "auto";
        };
    }
}
